import { createTaskRegistry } from '../../flow-tasks.ts';
import { listFlow } from '../../flows/draw/listing.ts';
import { graphOf } from '../../flows/model/graph.ts';
import type { Settings } from '../../platform/configuration.ts';
import { readSoundFlow } from '../flow-file.ts';
import { statesOfRun } from '../run-states.ts';
import { tableWords, type Terminal } from '../terminal.ts';

/** Lists what is in a flow; with a run, where each of its steps is. */
export async function flowInspect(
  path: string,
  { run }: { run?: string | undefined },
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const definition = await readSoundFlow(path, await createTaskRegistry(settings));
  const states = run === undefined ? undefined : await statesOfRun(run, definition.name, settings);
  const { name, version } = definition;
  const tables = listFlow(definition, states).map(
    ({ title, rows }) => `${title}\n${indented(tableWords(rows))}`,
  );
  terminal.answer(
    { name, version, ...graphOf(definition), ...(states === undefined ? {} : { run, states }) },
    [`${name} ${version}${run === undefined ? '' : `, run ${run}`}`, ...tables].join('\n\n'),
  );
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ');
}
