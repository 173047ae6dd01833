import type { JsonSchema } from '../../contracts/flow-definition.ts';

/**
 * The TypeScript type that a JSON Schema describes, as far as types can say it.
 *
 * @example
 * typeText({ type: 'array', items: { enum: ['a', 'b'] } }); // '("a" | "b")[]'
 */
export function typeText(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'unknown';
  const { type, enum: values, anyOf, oneOf, items } = schema as JsonSchema;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ');
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return alternatives.map(typeText).join(' | ');
  if (Array.isArray(type))
    return type.map((one) => typeText({ ...schema, type: one as string })).join(' | ');
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array': {
      const item = typeText(items);
      return item.includes('|') ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      return objectText(schema as JsonSchema);
    default:
      return 'unknown';
  }
}

function objectText({ properties, required, additionalProperties }: JsonSchema): string {
  const needed = Array.isArray(required) ? (required as string[]) : [];
  const fields = Object.entries((properties ?? {}) as JsonSchema).map(([key, property]) => {
    const isThere =
      needed.includes(key) ||
      (typeof property === 'object' && property !== null && 'default' in property);
    return `${JSON.stringify(key)}${isThere ? '' : '?'}: ${typeText(property)}`;
  });
  if (fields.length > 0) return `{ ${fields.join('; ')} }`;
  return `Record<string, ${typeText(additionalProperties)}>`;
}
