import type { Json, JsonSchema } from '../../contracts/flow-definition.ts';
import { isEqualJson } from '../model/equality.ts';
import { resolveReference } from '../model/json-schema.ts';

/** One form that a value can take, with the schema in which its `$ref` are looked up. */
interface Form {
  readonly schema: JsonSchema;
  readonly root: JsonSchema;
}

/** What is known of a value before the run: the forms it can take, and whether it can be absent. */
export interface Shape {
  readonly forms: readonly Form[];
  readonly isOptional: boolean;
}

/** The shape of which nothing is known: it fits everywhere, and the worker checks it. */
export const unknownShape: Shape = { forms: [{ schema: {}, root: {} }], isOptional: false };

/** The shape that a JSON Schema describes. */
export function shapeOf(schema: unknown, root = schema): Shape {
  return { forms: formsOf(schema, root as JsonSchema), isOptional: false };
}

/** The shape of one of several. */
export function anyOf(shapes: readonly Shape[]): Shape {
  return {
    forms: shapes.flatMap(({ forms }) => forms),
    isOptional: shapes.some(({ isOptional }) => isOptional),
  };
}

/** Shape of an object whose fields are known; optional ones may be missing. */
export function objectShape(fields: Readonly<Record<string, Shape>>): Shape {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([key, shape]) => [key, schemaOf(shape)]),
  );
  const required = Object.keys(fields).filter((key) => !fields[key]!.isOptional);
  return shapeOf({ type: 'object', properties, required, additionalProperties: false });
}

/** Shape of a list of equal items. */
export function listShape(item: Shape): Shape {
  return shapeOf({ type: 'array', items: schemaOf(item) });
}

/** A shape as one schema again; forms with references to their own root are not looked into further. */
export function schemaOf({ forms }: Shape): JsonSchema {
  const schemas = forms.map(({ schema, root }) =>
    root !== schema && JSON.stringify(schema).includes('"$ref"') ? {} : schema,
  );
  return schemas.length === 1 ? schemas[0]! : { anyOf: schemas };
}

/** The shape one step down a path; `undefined` when no form can have such a part. */
export function partShape(shape: Shape, part: string | number): Shape | undefined {
  const parts = shape.forms.map((form) => partOfForm(form, part));
  const present = parts.filter((found) => found !== undefined);
  if (present.length === 0) return undefined;
  const joined = anyOf(present);
  const isOptional = joined.isOptional || shape.isOptional || present.length < parts.length;
  return { ...joined, isOptional };
}

function partOfForm({ schema, root }: Form, part: string | number): Shape | undefined {
  if (isUnknown(schema)) return unknownShape;
  if (typeof part === 'number') {
    if (!typesOf(schema).includes('array')) return undefined;
    // Whether a list is long enough shows only in the run, and fails the step then.
    return shapeOf(schema['items'] ?? {}, root);
  }
  if (!typesOf(schema).includes('object')) return undefined;
  const properties = (schema['properties'] ?? {}) as JsonSchema;
  if (Object.hasOwn(properties, part)) {
    const property = properties[part];
    const isRequired = ((schema['required'] ?? []) as string[]).includes(part);
    // Defaults of the flow's input are filled in before the run.
    const isFilled = typeof property === 'object' && property !== null && 'default' in property;
    return { ...shapeOf(property, root), isOptional: !isRequired && !isFilled };
  }
  const others = schema['additionalProperties'];
  const isClosed = others === false || (others === undefined && Object.keys(properties).length > 0);
  return isClosed ? undefined : { ...shapeOf(others ?? {}, root), isOptional: true };
}

/** The forms of a target that are objects with named fields: what an object literal is held against. */
export function objectForms({ forms }: Shape): Form[] {
  return forms.filter(({ schema }) => !isUnknown(schema) && typesOf(schema).includes('object'));
}

/** The item shape of a target list, `undefined` when no form is a list. */
export function itemShape({ forms }: Shape): Shape | undefined {
  const lists = forms.filter(({ schema }) => typesOf(schema).includes('array'));
  if (lists.length === 0) return undefined;
  return anyOf(lists.map(({ schema, root }) => shapeOf(schema['items'] ?? {}, root)));
}

/** Whether nothing is known of some form, so that anything can fit. */
export function isOpen({ forms }: Shape): boolean {
  return forms.some(({ schema }) => isUnknown(schema));
}

/** Why values of one shape do not fit another; `undefined` when they may. */
export function misfitOf(source: Shape, target: Shape, depth = 0): string | undefined {
  if (isOpen(target) || depth > 12) return undefined;
  for (const form of source.forms) {
    if (isUnknown(form.schema)) continue;
    const reasons = target.forms.map((other) => formMisfit(form, other, depth));
    if (reasons.some((reason) => reason === undefined)) continue;
    return reasons.length === 1
      ? reasons[0]
      : `${describeShape(target)} is needed, found ${describeForm(form.schema)}`;
  }
  return undefined;
}

function formMisfit(source: Form, target: Form, depth: number): string | undefined {
  const mismatch = () =>
    `${describeForm(target.schema)} is needed, found ${describeForm(source.schema)}`;
  const allowed = valuesOf(target.schema);
  if (allowed !== undefined) {
    const found = valuesOf(source.schema);
    const fits = found?.every((value) => allowed.some((one) => isEqualJson(one, value)));
    return fits === true ? undefined : mismatch();
  }
  const types = typesOf(target.schema);
  const isNumeric = types.includes('number') || types.includes('integer');
  const fits = typesOf(source.schema).every(
    (type) => types.includes(type) || (isNumeric && (type === 'integer' || type === 'number')),
  );
  if (!fits) return mismatch();
  return fieldMisfit(source, target, depth) ?? listMisfit(source, target, depth);
}

function fieldMisfit(source: Form, target: Form, depth: number): string | undefined {
  if (!typesOf(source.schema).includes('object')) return undefined;
  const properties = (target.schema['properties'] ?? {}) as JsonSchema;
  const required = (target.schema['required'] ?? []) as string[];
  for (const [key, property] of Object.entries(properties)) {
    const found = partOfForm(source, key);
    const isNeeded = required.includes(key);
    if (found === undefined) {
      if (isNeeded) return `a field "${key}" is needed, found none`;
      continue;
    }
    // A record may well have the field: only a declared one that may be missing is refused.
    const isDeclared = Object.hasOwn((source.schema['properties'] ?? {}) as object, key);
    if (isNeeded && found.isOptional && isDeclared) {
      return `a field "${key}" is needed, found one that may be absent`;
    }
    const reason = misfitOf(found, shapeOf(property, target.root), depth + 1);
    if (reason !== undefined) return `in "${key}", ${reason}`;
  }
  return undefined;
}

function listMisfit(source: Form, target: Form, depth: number): string | undefined {
  if (!typesOf(source.schema).includes('array')) return undefined;
  const items = shapeOf(source.schema['items'] ?? {}, source.root);
  const needed = shapeOf(target.schema['items'] ?? {}, target.root);
  const reason = misfitOf(items, needed, depth + 1);
  return reason === undefined ? undefined : `in the items, ${reason}`;
}

/** A shape in a sentence. */
export function describeShape({ forms }: Shape): string {
  return [...new Set(forms.map(({ schema }) => describeForm(schema)))].join(' or ');
}

function describeForm(schema: JsonSchema): string {
  const values = valuesOf(schema);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' or ');
  if (isUnknown(schema)) return 'anything';
  return typesOf(schema)
    .map((type) => TYPE_NAMES[type] ?? type)
    .join(' or ');
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/** The values that an `enum` or `const` allows. */
function valuesOf(schema: JsonSchema): readonly Json[] | undefined {
  if ('const' in schema) return [schema['const'] as Json];
  return Array.isArray(schema['enum']) ? (schema['enum'] as Json[]) : undefined;
}

function typesOf(schema: JsonSchema): string[] {
  if (schema['type'] !== undefined) return [schema['type']].flat() as string[];
  const values = valuesOf(schema);
  if (values !== undefined) return [...new Set(values.map(typeOfValue))];
  if ('properties' in schema || 'required' in schema) return ['object'];
  return 'items' in schema ? ['array'] : [];
}

function typeOfValue(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

function isUnknown(schema: JsonSchema): boolean {
  return typesOf(schema).length === 0;
}

function formsOf(schema: unknown, root: JsonSchema, depth = 0): Form[] {
  if (typeof schema !== 'object' || schema === null || depth > 12)
    return unknownShape.forms.slice();
  const resolved = resolveReference(schema as JsonSchema, root);
  const alternatives = resolved['anyOf'] ?? resolved['oneOf'];
  if (!Array.isArray(alternatives)) return [{ schema: resolved, root }];
  return alternatives.flatMap((part: unknown) => formsOf(part, root, depth + 1));
}
