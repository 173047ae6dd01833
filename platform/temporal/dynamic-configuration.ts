import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** Where the settings of the Temporal server are written down, with their reasons; seen from `dist`. */
export const dynamicConfigurationPath = fileURLToPath(
  new URL('../../../deploy/temporal/dynamic-configuration.yaml', import.meta.url),
);

/** The command line of the development server takes one value for each key, and no constraints. */
const schema = z.record(
  z.string(),
  z.tuple([z.strictObject({ value: z.union([z.number(), z.boolean()]) })]),
);

/**
 * The settings that a server of its own reads from the same file, as pairs of key and value.
 *
 * @throws {Error} when the file says something that a development server cannot be told.
 */
export async function readDynamicConfiguration(
  path = dynamicConfigurationPath,
): Promise<[key: string, value: number | boolean][]> {
  const parsed = schema.safeParse(parse(await readFile(path, 'utf8')));
  if (!parsed.success) {
    throw new Error(
      `Cannot use "${path}" as each key must have one number or boolean: ${z.prettifyError(parsed.error)}`,
    );
  }
  return Object.entries(parsed.data).map(([key, [{ value }]]) => [key, value]);
}
