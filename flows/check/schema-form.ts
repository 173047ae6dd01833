import { pointerTo } from '../load/json-text.ts';
import { describe } from './explain-issue.ts';
import { problem, type Problem } from './problem.ts';

const types = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'];

type Test = (value: unknown) => boolean;

const isNumber: Test = (value) => typeof value === 'number';
const isText: Test = (value) => typeof value === 'string';
const isTexts: Test = (value) => Array.isArray(value) && value.every(isText);
const isObject: Test = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isType: Test = (value) => [value].flat().every((one) => types.includes(one as string));

/** What each keyword that a run asks has to be. */
const keywords: Readonly<Record<string, readonly [needed: string, test: Test]>> = {
  type: [`one of ${types.join(', ')}`, isType],
  required: ['a list of names', isTexts],
  enum: ['a list', Array.isArray],
  properties: ['an object', isObject],
  $defs: ['an object', isObject],
  anyOf: ['a list', Array.isArray],
  oneOf: ['a list', Array.isArray],
  allOf: ['a list', Array.isArray],
  prefixItems: ['a list', Array.isArray],
  $ref: ['a text', isText],
  pattern: ['a regular expression', isPattern],
  ...Object.fromEntries(
    ['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']
      .concat('minItems', 'maxItems')
      .map((name) => [name, ['a number', isNumber] as const]),
  ),
};

/** The form of a JSON Schema in a definition, as far as a run asks it: a schema that is none would check nothing. */
export function checkSchemaForm(schema: unknown, pointer: string): Problem[] {
  if (typeof schema === 'boolean') return [];
  if (!isObject(schema)) {
    const message = `Cannot read a schema: an object is needed, found ${describe(schema)}`;
    return [problem('bad-schema', pointer, message)];
  }
  return Object.entries(schema as object).flatMap(([key, value]: [string, unknown]) => {
    const place = pointerTo(pointer, key);
    const rule = Object.hasOwn(keywords, key) ? keywords[key] : undefined;
    if (rule !== undefined && !rule[1](value)) {
      const message = `Cannot use "${key}" of a schema: ${rule[0]} is needed, found ${describe(value)}`;
      return [problem('bad-schema', place, message)];
    }
    return innerSchemas(key, value).flatMap(([name, inner]) =>
      checkSchemaForm(inner, name === undefined ? place : pointerTo(place, name)),
    );
  });
}

/** The schemas inside a keyword, with their key or place. */
function innerSchemas(key: string, value: unknown): [string | number | undefined, unknown][] {
  if (key === 'items' || key === 'additionalProperties') return [[undefined, value]];
  if (key === 'properties' || key === '$defs') return Object.entries(value as object);
  if (['anyOf', 'oneOf', 'allOf', 'prefixItems'].includes(key)) {
    return (value as unknown[]).map((inner, place) => [place, inner]);
  }
  return [];
}

function isPattern(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}
