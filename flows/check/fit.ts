import type { Binding, From, Json } from '../../contracts/flow-definition.ts';
import { isFrom, isList, isText, isVerbatim } from '../model/binding.ts';
import { misfits } from '../model/json-schema.ts';
import { pointerTo } from '../load/json-text.ts';
import { problem, type Problem } from './problem.ts';
import { isUnresolved, type Reader, resolvePath } from './scope.ts';
import {
  anyOf,
  describeShape,
  isOpen,
  itemShape,
  misfitOf,
  objectForms,
  type Shape,
  shapeOf,
} from './shape.ts';
import { bindingShape } from './step-shape.ts';

/** What keeps a binding from fitting a shape, each problem at the innermost place that shows it. */
export function fit(binding: Binding, target: Shape, pointer: string, reader: Reader): Problem[] {
  if (isOpen(target)) return [];
  if (typeof binding !== 'object' || binding === null) return fitLiteral(binding, target, pointer);
  if (isVerbatim(binding)) return fitLiteral(binding.$value, target, pointer);
  if (isText(binding)) return fitShape(shapeOf({ type: 'string' }), target, pointer);
  if (isFrom(binding)) return fitFrom(binding, target, pointer, reader);
  return isList(binding)
    ? fitList(binding, target, pointer, reader)
    : fitObject(binding as Readonly<Record<string, Binding>>, target, pointer, reader);
}

function fitFrom(from: From, target: Shape, pointer: string, reader: Reader): Problem[] {
  const found = resolvePath(from.$from, reader);
  // A path that leads nowhere is named elsewhere.
  if (isUnresolved(found)) return [];
  const wrong = fitShape(found.shape, target, pointer, `"${from.$from}"`);
  if (from.or !== undefined) return [...wrong, ...fit(from.or, target, `${pointer}/or`, reader)];
  if (!found.shape.isOptional || target.isOptional || wrong.length > 0) return wrong;
  const message = `Cannot read "${from.$from}" without "or": the field may be left out`;
  return [problem('missing-or', pointer, message)];
}

function fitLiteral(value: Json, target: Shape, pointer: string): Problem[] {
  const misfitting = target.forms.map(({ schema, root }) => misfits(value, schema, root));
  if (misfitting.some((found) => found.length === 0)) return [];
  const [first] = misfitting[0]!;
  const needed = target.forms.length === 1 ? first!.needed : describeShape(target);
  const found = JSON.stringify(value);
  return [
    problem('wrong-type', pointer, `Cannot use this value: ${needed} is needed, found ${found}`),
  ];
}

function fitShape(source: Shape, target: Shape, pointer: string, name = 'this text'): Problem[] {
  const reason = misfitOf(source, target);
  return reason === undefined
    ? []
    : [problem('wrong-type', pointer, `Cannot use ${name} here: ${reason}`)];
}

function fitList(
  items: readonly Binding[],
  target: Shape,
  pointer: string,
  reader: Reader,
): Problem[] {
  const item = itemShape(target);
  if (item === undefined) return fitShape(shapeOf({ type: 'array' }), target, pointer, 'a list');
  return items.flatMap((part, place) => fit(part, item, pointerTo(pointer, place), reader));
}

function fitObject(
  members: Readonly<Record<string, Binding>>,
  target: Shape,
  pointer: string,
  reader: Reader,
): Problem[] {
  const [form, other] = objectForms(target);
  if (form === undefined)
    return fitShape(shapeOf({ type: 'object' }), target, pointer, 'an object');
  // Of several forms the whole is compared, as no single one can be blamed.
  if (other !== undefined) {
    return fitShape(bindingShape(members, reader), target, pointer, 'this object');
  }
  const { schema, root } = form;
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, unknown>>;
  const required = (schema['required'] ?? []) as string[];
  const known = Object.keys(properties);
  const missing = required
    .filter((key) => !Object.hasOwn(members, key))
    .map((key) => problem('missing-input', pointer, `Cannot do without the field "${key}"`));
  const present = Object.entries(members).flatMap(([key, member]) => {
    const place = pointerTo(pointer, key);
    if (Object.hasOwn(properties, key)) {
      const isOptional = !required.includes(key);
      return fit(member, { ...shapeOf(properties[key], root), isOptional }, place, reader);
    }
    const others = schema['additionalProperties'];
    const isClosed = others === false || (others === undefined && known.length > 0);
    if (!isClosed) return fit(member, anyOf([shapeOf(others ?? {}, root)]), place, reader);
    const message = `Cannot use "${key}": the input has no such field`;
    return [problem('unknown-input', place, message, { found: key, known })];
  });
  return [...missing, ...present];
}
