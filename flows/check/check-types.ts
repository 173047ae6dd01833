import type { Binding, Condition } from '../../contracts/flow-definition.ts';
import { pointerTo } from '../load/json-text.ts';
import { isText, isVerbatim } from '../model/binding.ts';
import type { Analysis } from './analyze.ts';
import { fit } from './fit.ts';
import { problem, type Problem } from './problem.ts';
import type { Reader } from './scope.ts';
import { describeShape, itemShape, misfitOf, type Shape, shapeOf } from './shape.ts';
import { bindingShape } from './step-shape.ts';

/** Every binding fits what reads it, and no comparison is decided by its types alone. */
export function checkTypes({ bindings, conditions }: Analysis): Problem[] {
  return [
    ...bindings.flatMap(({ binding, pointer, reader, target }) => [
      ...(target === undefined ? [] : fit(binding, target, pointer, reader)),
      ...checkPieces(binding, pointer, reader),
    ]),
    ...conditions.flatMap(({ condition, pointer, reader }) =>
      checkComparisons(condition, pointer, reader),
    ),
  ];
}

/** Only what has one plain spelling can become a piece of text. */
function checkPieces(binding: Binding, pointer: string, reader: Reader): Problem[] {
  if (typeof binding !== 'object' || binding === null || isVerbatim(binding)) return [];
  if (isText(binding)) {
    return binding.$text.flatMap((piece, place) =>
      fit(piece, plain, `${pointer}/$text/${place}`, reader),
    );
  }
  return Object.entries(binding).flatMap(([key, part]) =>
    checkPieces(part as Binding, pointerTo(pointer, key), reader),
  );
}

function checkComparisons(condition: Condition, pointer: string, reader: Reader): Problem[] {
  if ('and' in condition || 'or' in condition) {
    const name = 'and' in condition ? 'and' : 'or';
    const parts = 'and' in condition ? condition.and : condition.or;
    return parts.flatMap((part, place) =>
      checkComparisons(part, `${pointer}/${name}/${place}`, reader),
    );
  }
  if ('not' in condition) return checkComparisons(condition.not, `${pointer}/not`, reader);
  if ('exists' in condition) return [];
  const [[operator, operands]] = Object.entries(condition) as [[string, [Binding, Binding]]];
  const left = bindingShape(operands[0], reader);
  const right = bindingShape(operands[1], reader);
  const reason = reasonOfMismatch(operator, left, right);
  if (reason === undefined) return [];
  const message = `Cannot compare these by "${operator}": ${reason}`;
  return [problem('never-true', `${pointer}/${operator}`, message)];
}

function reasonOfMismatch(operator: string, left: Shape, right: Shape): string | undefined {
  if (operator === 'in') {
    const item = itemShape(right);
    return item === undefined ? misfitOf(right, aList) : reasonOfDifference(left, item);
  }
  if (operator === 'eq' || operator === 'ne') return reasonOfDifference(left, right);
  const isOrdered = [number, text].some(
    (kind) => misfitOf(left, kind) === undefined && misfitOf(right, kind) === undefined,
  );
  return isOrdered
    ? undefined
    : `two numbers or two texts are needed, found ${describeShape(left)} and ${describeShape(right)}`;
}

/** Two shapes can be equal when either fits the other: one of them may be a literal. */
function reasonOfDifference(left: Shape, right: Shape): string | undefined {
  if (misfitOf(left, right) === undefined || misfitOf(right, left) === undefined) return undefined;
  return `${describeShape(left)} is never ${describeShape(right)}`;
}

const number = shapeOf({ type: 'number' });
const text = shapeOf({ type: 'string' });
const plain = shapeOf({ type: ['string', 'number', 'boolean'] });
const aList = shapeOf({ type: 'array' });
