import type { Json, JsonSchema } from '../../contracts/flow-definition.ts';
import { isEqualJson } from './equality.ts';

/** Why a value does not fit: where in the value, as a JSON Pointer, and what was needed. */
export interface Misfit {
  readonly pointer: string;
  readonly needed: string;
}

/**
 * What keeps a value from fitting a JSON Schema; nothing when it fits.
 *
 * The keywords that flows use: types, enum and const, objects, lists, bounds, lengths, pattern,
 * anyOf, oneOf, allOf and references inside the schema. Other keywords are not asked. Pure, so that
 * a workflow can refuse a wrong answer before it enters the history.
 */
export function misfits(value: unknown, schema: unknown, root = schema, pointer = ''): Misfit[] {
  if (schema === false) return [{ pointer, needed: 'nothing at all' }];
  if (!isObject(schema)) return [];
  const resolved = resolveReference(schema, root);
  const found: Misfit[] = [];
  const need = (isMet: boolean, needed: string) => {
    if (!isMet) found.push({ pointer, needed });
  };
  const { type, const: only, enum: allowed } = resolved;
  if (type !== undefined) {
    const types = [type].flat() as string[];
    need(
      types.some((name) => isOfType(value, name)),
      types.map(nameType).join(' or '),
    );
    if (found.length > 0) return found;
  }
  if ('const' in resolved) need(isEqualJson(value, only), JSON.stringify(only));
  if (Array.isArray(allowed)) {
    need(
      allowed.some((one) => isEqualJson(one, value)),
      `one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`,
    );
  }
  for (const part of listOf(resolved['allOf'])) found.push(...misfits(value, part, root, pointer));
  const alternatives = [...listOf(resolved['anyOf']), ...listOf(resolved['oneOf'])];
  if (alternatives.length > 0) {
    const fits = alternatives.some((part) => misfits(value, part, root, pointer).length === 0);
    need(fits, `one of ${alternatives.length} forms`);
  }
  if (typeof value === 'string') boundText(value, resolved, need);
  if (typeof value === 'number') boundNumber(value, resolved, need);
  if (Array.isArray(value)) found.push(...listMisfits(value, resolved, root, pointer, need));
  else if (isObject(value)) found.push(...objectMisfits(value, resolved, root, pointer));
  return found;
}

/** A value with the defaults of its schema filled in, in objects as deep as they are there. */
export function withDefaults(value: Json, schema: JsonSchema): Json {
  if (!isObject(value) || !isObject(schema['properties'])) return value;
  const filled = new Map<string, Json>(Object.entries(value as Record<string, Json>));
  for (const [key, property] of Object.entries(schema['properties'])) {
    if (!isObject(property)) continue;
    const present = filled.get(key);
    if (present !== undefined) filled.set(key, withDefaults(present, property));
    else if ('default' in property) filled.set(key, property['default'] as Json);
  }
  return Object.fromEntries(filled);
}

/** A schema, or the one it points to with `$ref`; a reference that leads nowhere allows anything. */
export function resolveReference(schema: JsonSchema, root: unknown): JsonSchema {
  let resolved = schema;
  for (let hops = 0; typeof resolved['$ref'] === 'string'; hops++) {
    const parts = resolved['$ref'].replace(/^#\/?/, '').split('/');
    const target = parts
      .filter((part) => part !== '')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
    if (!isObject(target) || hops > 20) return {};
    resolved = target;
  }
  return resolved;
}

type Need = (isMet: boolean, needed: string) => void;

function boundText(value: string, schema: JsonSchema, need: Need): void {
  const { minLength, maxLength, pattern } = schema;
  // JSON Schema counts code points.
  const length = Array.from(value).length;
  if (typeof minLength === 'number') need(length >= minLength, `${minLength} characters or more`);
  if (typeof maxLength === 'number') need(length <= maxLength, `${maxLength} characters at most`);
  if (typeof pattern === 'string')
    need(new RegExp(pattern, 'u').test(value), `text like ${pattern}`);
}

function boundNumber(value: number, schema: JsonSchema, need: Need): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof minimum === 'number') need(value >= minimum, `${minimum} or more`);
  if (typeof maximum === 'number') need(value <= maximum, `${maximum} at most`);
  if (typeof exclusiveMinimum === 'number') {
    need(value > exclusiveMinimum, `more than ${exclusiveMinimum}`);
  }
  if (typeof exclusiveMaximum === 'number') {
    need(value < exclusiveMaximum, `less than ${exclusiveMaximum}`);
  }
}

function listMisfits(
  value: unknown[],
  schema: JsonSchema,
  root: unknown,
  pointer: string,
  need: Need,
): Misfit[] {
  const { minItems, maxItems, items, prefixItems } = schema;
  if (typeof minItems === 'number') need(value.length >= minItems, `${minItems} items or more`);
  if (typeof maxItems === 'number') need(value.length <= maxItems, `${maxItems} items at most`);
  const first = listOf(prefixItems);
  return value.flatMap((item, place) =>
    misfits(item, place < first.length ? first[place] : items, root, `${pointer}/${place}`),
  );
}

function objectMisfits(
  value: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  root: unknown,
  pointer: string,
): Misfit[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const missing = (listOf(schema['required']) as string[])
    .filter((key) => !Object.hasOwn(value, key))
    .map((key) => ({ pointer, needed: `a field "${key}"` }));
  const wrong = Object.entries(value).flatMap(([key, member]) => {
    const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (Object.hasOwn(properties, key)) return misfits(member, properties[key], root, place);
    if (schema['additionalProperties'] === false) {
      return [{ pointer: place, needed: `no field "${key}"` }];
    }
    return misfits(member, schema['additionalProperties'], root, place);
  });
  return [...missing, ...wrong];
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function nameType(type: string): string {
  return TYPE_NAMES[type] ?? type;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
