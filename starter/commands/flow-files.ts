import type { FlowDefinition, Json } from '../../contracts/flow-definition.ts';
import { flowQueries } from '../../contracts/flow-run.ts';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { formatProblem } from '../../flows/check/problem.ts';
import { builderCode } from '../../flows/convert/builder-code.ts';
import { importMaestro, ImportRefused } from '../../flows/convert/import-maestro.ts';
import { taskBindingsSchema } from '../../flows/convert/maestro-registry.ts';
import { schemaWithTasks } from '../../flows/convert/published-schema.ts';
import { drawMermaid } from '../../flows/draw/mermaid.ts';
import { drawText } from '../../flows/draw/text-drawing.ts';
import { digestOf } from '../../flows/io/digest.ts';
import type { TaskRegistry } from '../../flows/io/task-registry.ts';
import { graphOf } from '../../flows/model/graph.ts';
import type { StepState } from '../../flows/model/step-record.ts';
import type { Settings } from '../../platform/configuration.ts';
import { exitCodes, type ExitCode, WrongUsage } from '../exit-codes.ts';
import { findRun } from '../find-run.ts';
import { findServer, withClient } from '../find-server.ts';
import { readFlow, readJson, readSoundFlow } from '../flow-file.ts';
import { tableWords, type Terminal } from '../terminal.ts';

type FileCommand = 'check' | 'digest' | 'inspect' | 'export';

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
  } else if (command === 'inspect') {
    const graph = graphOf(definition);
    terminal.answer({ ...graph }, drawText(definition).trimEnd());
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
  const end = isSound
    ? `Flow "${definition.name}" ${definition.version} may run: ${Object.keys(definition.steps).length} steps`
    : `Flow "${path}" may not run`;
  terminal.answer({ isSound, problems }, [...words, end].join('\n'));
  return isSound ? exitCodes.done : exitCodes.verdictNegative;
}

/** Draws a flow, with the states of a run where one is named. */
export async function flowGraph(
  path: string,
  { format, run }: { format: string; run?: string | undefined },
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  if (format !== 'text' && format !== 'mermaid') {
    throw new WrongUsage(`Cannot draw as "${format}": use text or mermaid`);
  }
  const definition = await readSoundFlow(path, await createTaskRegistry(settings));
  const states = run === undefined ? {} : await statesOfRun(run, settings);
  const draw = format === 'mermaid' ? drawMermaid : drawText;
  const drawing = draw(definition, states);
  terminal.answer({ format, drawing, states }, drawing.trimEnd());
}

async function statesOfRun(id: string, settings: Settings): Promise<Record<string, StepState>> {
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    const { handle } = await findRun(client, id);
    return handle.query<Record<string, StepState>>(flowQueries.states);
  });
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
  options: { bindings: string; name: string; byData?: boolean | undefined },
  terminal: Terminal,
): Promise<void> {
  const bindings = taskBindingsSchema.safeParse(await readJson(options.bindings));
  if (!bindings.success) {
    const [issue] = bindings.error.issues;
    throw new WrongUsage(
      `Cannot use "${options.bindings}" at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'it does not fit'}`,
    );
  }
  const { definition, notes } = imported(await readJson(path), bindings.data, options);
  for (const note of notes) terminal.warn(note);
  terminal.answer(definition, JSON.stringify(definition, null, 2));
}

function imported(
  registry: unknown,
  bindings: Parameters<typeof importMaestro>[1],
  { name, byData = false }: { name: string; byData?: boolean | undefined },
): { definition: FlowDefinition; notes: readonly string[] } {
  try {
    return importMaestro(registry as Json, bindings, { name, isByData: byData });
  } catch (error) {
    if (error instanceof ImportRefused) throw new WrongUsage(error.message);
    throw error;
  }
}
