import { realpathSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import { runLocally } from '../../flows/local/run-locally.ts';
import { sampleTasks } from './tasks.ts';

/** Who answers when an example asks a person and nobody watches it. */
const answer = { approved: true, by: 'ann', form: { stars: 5 } };

/**
 * Runs an example in memory and prints what it gives, when its file was started as a program, such as
 * by `npx tsx samples/flows/diamond/builder.ts`; when it was only imported, nothing happens.
 *
 * @param moduleUrl `import.meta.url` of the file.
 */
export async function runAsProgram(
  moduleUrl: string,
  flow: { readonly definition: FlowDefinition },
  input: Json,
): Promise<void> {
  const [, program] = process.argv;
  if (program === undefined || pathToFileURL(realpathSync(program)).href !== moduleUrl) return;
  const { state, output = null } = await runLocally(flow, input, sampleTasks, {
    approve: () => Promise.resolve(answer),
  });
  process.stdout.write(`${flow.definition.name}: ${state}\n${JSON.stringify(output, null, 2)}\n`);
  if (state !== 'done') process.exitCode = 1;
}
