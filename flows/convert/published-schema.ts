import { z } from 'zod';
import type { Catalogue, TaskFacts } from '../../contracts/flow-catalogue.ts';
import type { JsonSchema } from '../../contracts/flow-definition.ts';
import { flowDefinitionSchema } from '../../contracts/flow-schema.ts';

/** The JSON Schema of the format, as it is published and as files name it in `$schema`. */
export function publishedSchema(): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(flowDefinitionSchema, { io: 'input' });
  return { $schema, $id: 'urn:skyloom:flow:1', title: 'Flow definition, format 1', ...rest };
}

/** The published schema with the tasks of a catalogue, so that an editor completes their names and fields. */
export function schemaWithTasks({ tasks }: Catalogue): JsonSchema {
  const schema = publishedSchema();
  const definitions = schema['$defs'] as Record<string, JsonSchema>;
  const step = definitions['step']!;
  const [task, ...kinds] = step['anyOf'] as JsonSchema[];
  const named = {
    ...task,
    allOf: [
      { properties: { task: { enum: tasks.map(({ name }) => name) } } },
      ...tasks.map(withFields),
    ],
  };
  return { ...schema, $defs: { ...definitions, step: { ...step, anyOf: [named, ...kinds] } } };
}

/** When the task is this one, `with` has its fields; each of them may be any binding. */
function withFields({ name, title, input }: TaskFacts): JsonSchema {
  const fields = Object.keys((input['properties'] ?? {}) as object);
  if (fields.length === 0) return {};
  const binding = { $ref: '#/$defs/binding' };
  const literal = {
    type: 'object',
    ...(title === undefined ? {} : { title }),
    properties: Object.fromEntries(fields.map((field) => [field, binding])),
    required: input['required'] ?? [],
    additionalProperties: false,
  };
  return {
    if: { properties: { task: { const: name } } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { properties: { with: { anyOf: [literal, { $ref: '#/$defs/from' }] } } },
  };
}
