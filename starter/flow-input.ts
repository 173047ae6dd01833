import type { FlowDefinition, Json } from '../contracts/flow-definition.ts';
import { misfits, withDefaults } from '../flows/model/json-schema.ts';
import { WrongUsage } from './exit-codes.ts';
import { readJson } from './flow-file.ts';

/** The input that an option gives: JSON, or a file behind `@`. @throws {WrongUsage} when it is neither. */
export async function readFlowInput(text: string): Promise<Json> {
  if (text.startsWith('@')) return (await readJson(text.slice(1))) as Json;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new WrongUsage('Cannot read --input as it is not JSON: give an object, or @file');
  }
}

/** An input with the defaults of its flow. @throws {WrongUsage} when the flow does not take it. */
export function fittingInput({ name, input: schema = {} }: FlowDefinition, input: Json): Json {
  const whole = withDefaults(input, schema);
  const [misfit] = misfits(whole, schema);
  if (misfit === undefined) return whole;
  throw new WrongUsage(
    `Cannot run flow "${name}" as ${misfit.needed} is needed in its input at "${misfit.pointer || '/'}"`,
  );
}
