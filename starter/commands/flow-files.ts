import { createTaskRegistry } from '../../flow-tasks.ts';
import { formatProblem } from '../../flows/check/problem.ts';
import { builderCode } from '../../flows/convert/builder-code.ts';
import { schemaWithTasks } from '../../flows/convert/published-schema.ts';
import { digestOf } from '../../flows/io/digest.ts';
import type { TaskRegistry } from '../../flows/io/task-registry.ts';
import type { Settings } from '../../platform/configuration.ts';
import { exitCodes, type ExitCode } from '../exit-codes.ts';
import { readFlow, readJson, readSoundFlow } from '../flow-file.ts';
import { importRegistry, type MaestroOptions } from '../maestro-registry.ts';
import { tableWords, type Terminal } from '../terminal.ts';

type FileCommand = 'check' | 'digest' | 'export';

/** What can be said of a definition without running it. */
export async function flowFile(
  command: FileCommand,
  path: string,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const registry = await createTaskRegistry(settings);
  if (command === 'check') return check(path, registry, terminal);
  const definition = await readSoundFlow(path, registry);
  if (command === 'digest') {
    const digest = digestOf(definition);
    terminal.answer({ digest }, digest);
  } else {
    const code = builderCode(definition, registry.catalogue());
    terminal.answer({ code }, code.trimEnd());
  }
  return exitCodes.done;
}

async function check(path: string, registry: TaskRegistry, terminal: Terminal): Promise<ExitCode> {
  const { definition, problems } = await readFlow(path, registry);
  const isSound = definition !== undefined;
  const words = problems.map(formatProblem);
  if (problems.some(({ code }) => code === 'unknown-task')) {
    words.push('Tasks of your own are known once their module is named: --tasks ./my-tasks.ts');
  }
  const end = isSound
    ? `Flow "${definition.name}" ${definition.version} may run: ${Object.keys(definition.steps).length} steps`
    : `Flow "${path}" may not run`;
  terminal.answer({ isSound, problems }, [...words, end].join('\n'));
  return isSound ? exitCodes.done : exitCodes.verdictNegative;
}

/** Lists the tasks that flows may name. */
export async function flowCatalog(
  { schema }: { schema?: boolean | undefined },
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const catalogue = (await createTaskRegistry(settings)).catalogue();
  if (schema === true) {
    const document = schemaWithTasks(catalogue);
    return terminal.answer(document, JSON.stringify(document, null, 2));
  }
  const rows = catalogue.tasks.map(({ name, title = '', input }) => {
    const fields = Object.keys((input['properties'] as object | undefined) ?? {});
    return [name, fields.join(', '), title];
  });
  terminal.answer(catalogue, tableWords([['TASK', 'INPUT', 'DOES'], ...rows]));
}

/** Makes a flow of a registry of Maestro; what it did on the way is remarked. */
export async function flowImport(
  path: string,
  options: MaestroOptions,
  terminal: Terminal,
): Promise<void> {
  const { definition, notes } = await importRegistry(await readJson(path), options);
  for (const note of notes) terminal.warn(note);
  terminal.answer(definition, JSON.stringify(definition, null, 2));
}
