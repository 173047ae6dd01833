import type { Catalogue } from '../../contracts/flow-catalogue.ts';
import type {
  Binding,
  Channel,
  JsonSchema,
  Policy,
  Step,
} from '../../contracts/flow-definition.ts';
import { isFrom, isList, isText, isVerbatim } from '../model/binding.ts';
import { isUnresolved, type Reader, resolvePath } from './scope.ts';
import { anyOf, listShape, objectShape, type Shape, shapeOf, unknownShape } from './shape.ts';

const text = shapeOf({ type: 'string' });
const wholeNumber = shapeOf({ type: 'integer' });
const textOrNothing = shapeOf({ type: ['string', 'null'] });
const failure = objectShape({ type: text, message: text });
const optional = (shape: Shape): Shape => ({ ...shape, isOptional: true });

/** What `run` gives: facts of the run that do not change. */
export const runShape = objectShape({ id: text, flow: text, version: text, startedAt: text });

/** What is known of the value of a binding before the run. */
export function bindingShape(binding: Binding, reader: Reader): Shape {
  if (typeof binding !== 'object' || binding === null) return shapeOf({ const: binding });
  if (isText(binding)) return text;
  if (isVerbatim(binding)) return shapeOf({ const: binding.$value });
  if (isList(binding)) {
    return listShape(anyOf(binding.map((item) => bindingShape(item, reader))));
  }
  if (!isFrom(binding)) {
    const members = Object.entries(binding);
    return objectShape(
      Object.fromEntries(members.map(([key, member]) => [key, bindingShape(member, reader)])),
    );
  }
  const found = resolvePath(binding.$from, reader);
  const shape = isUnresolved(found) ? unknownShape : found.shape;
  if (binding.or === undefined) return shape;
  return anyOf([{ ...shape, isOptional: false }, bindingShape(binding.or, reader)]);
}

/** What a channel holds once writes are merged; its schema describes one write. */
export function channelShape({ merge, schema }: Channel): Shape {
  const write = shapeOf(schema ?? (merge === 'sum' ? { type: 'number' } : {}));
  return merge === 'append' || merge === 'union' ? listShape(write) : write;
}

/** What a map gives, whatever its policy: only how it fails differs. */
export function collectionShape(item: Shape): Shape {
  const failed = objectShape({ index: wholeNumber, key: optional(unknownShape), error: failure });
  return objectShape({
    count: wholeNumber,
    ok: wholeNumber,
    failed: wholeNumber,
    items: listShape(item),
    failures: listShape(failed),
  });
}

/**
 * What a step gives to those after it.
 *
 * @param inner shape of each inner block's output, in their order; for a group, of each member.
 */
export function stepShape(
  step: Step,
  inner: ReadonlyMap<string, Shape>,
  catalogue: Catalogue,
): Shape {
  if ('task' in step) return taskShape(step.task, catalogue);
  if ('parallel' in step) return groupShape(inner, step.policy ?? 'strict');
  if ('map' in step) return collectionShape(inner.get('do') ?? unknownShape);
  if ('repeat' in step) return inner.get('do') ?? unknownShape;
  if ('choose' in step) {
    return anyOf(
      [...inner].map(([branch, value]) =>
        objectShape({ branch: shapeOf({ const: branch }), value }),
      ),
    );
  }
  if ('approve' in step) return approvalShape(step.approve.form);
  if ('wait' in step) return 'signal' in step.wait ? unknownShape : shapeOf({ type: 'null' });
  if (step.detached === true) return objectShape({ id: text });
  const facts = catalogue.flows?.find(({ name }) => name === step.flow);
  return facts === undefined ? unknownShape : shapeOf(facts.output);
}

function taskShape(name: string, catalogue: Catalogue): Shape {
  const facts = catalogue.tasks.find((task) => task.name === name);
  if (facts === undefined) return unknownShape;
  const output = shapeOf(facts.output);
  if (facts.spawns.length === 0) return output;
  const spawned = collectionShape(anyOf(facts.spawns.map((spawn) => taskShape(spawn, catalogue))));
  const schema = output.forms[0]?.schema ?? {};
  const properties = schema['properties'] as JsonSchema | undefined;
  const fields = Object.keys(properties ?? {}).map((key) => [key, shapeOf(properties![key])]);
  return objectShape({ ...Object.fromEntries(fields), spawned });
}

function groupShape(members: ReadonlyMap<string, Shape>, policy: Policy): Shape {
  const certain = (id: string) =>
    policy === 'strict' ||
    (typeof policy === 'object' && 'critical' in policy && policy.critical.includes(id));
  const shapes = [...members].map(([id, shape]) => [id, certain(id) ? shape : outcomeShape(shape)]);
  return objectShape(Object.fromEntries(shapes));
}

function outcomeShape(value: Shape): Shape {
  return anyOf([
    objectShape({ ok: shapeOf({ const: true }), value }),
    objectShape({ ok: shapeOf({ const: false }), error: failure }),
  ]);
}

function approvalShape(form: JsonSchema | undefined): Shape {
  const fields = Object.entries((form?.['properties'] ?? {}) as JsonSchema);
  const required = (form?.['required'] ?? []) as string[];
  const answers = fields.map(([key, schema]) => {
    const shape = shapeOf(schema, form);
    // An approval that nobody answered has no form.
    return [key, required.includes(key) ? shape : optional(shape)] as const;
  });
  return objectShape({
    ...Object.fromEntries(answers),
    approved: shapeOf({ type: 'boolean' }),
    by: textOrNothing,
    note: textOrNothing,
  });
}
