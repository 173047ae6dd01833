import type { Binding, FlowDefinition, Step } from '../../contracts/flow-definition.ts';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { drawText } from '../../flows/draw/text-drawing.ts';
import { addStep } from '../../flows/edit/add-step.ts';
import { readableFlow, readableJson } from '../../flows/edit/readable-json.ts';
import { findStep } from '../../flows/edit/find-step.ts';
import { type Edit, removeStep } from '../../flows/edit/remove-step.ts';
import { swapSteps } from '../../flows/edit/swap-steps.ts';
import type { TaskRegistry } from '../../flows/io/task-registry.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Settings } from '../../platform/configuration.ts';
import { editFlow } from '../edited-flow.ts';
import { WrongUsage } from '../exit-codes.ts';
import { readText, soundFlow } from '../flow-file.ts';
import { importRegistry, isMaestroRegistry, type MaestroOptions } from '../maestro-registry.ts';
import type { HeldDefinition } from '../shell/held-definition.ts';
import { fieldOf, freeId, idOf, jsonIn } from '../shell/new-step.ts';
import type { Terminal } from '../terminal.ts';

/** How messages call the definition that is loaded. */
const AT_HAND = 'the definition at hand';

/** What a verb works on. */
export interface Bench {
  readonly held: HeldDefinition;
  readonly settings: Settings;
  readonly terminal: Terminal;
}

/** Loads a definition, or a registry of Maestro, and holds it. */
export async function deserialize(
  { held, settings, terminal }: Bench,
  path: string,
  options: MaestroOptions,
): Promise<void> {
  const registry = await createTaskRegistry(settings);
  const { text, notes } = await readEither(path, options);
  const definition = soundFlow(text, path, registry);
  await held.write(text);
  for (const note of notes) terminal.warn(note);
  const { name, version, steps } = definition;
  const count = Object.keys(steps).length;
  terminal.answer(
    { name, version, steps: count, notes },
    `Loaded ${name} ${version}: ${count} ${count === 1 ? 'step' : 'steps'}`,
  );
}

async function readEither(
  path: string,
  options: MaestroOptions,
): Promise<{ text: string; notes: readonly string[] }> {
  const text = await readText(path);
  // What is wrong with it, and where, is for the reader of definitions to say.
  const document = jsonIn(text);
  if (!isMaestroRegistry(document)) return { text, notes: [] };
  const { definition, notes } = await importRegistry(document, options);
  return { text: readableFlow(definition), notes };
}

/** Draws what is held; of one step its definition. */
export async function show(
  { held, settings, terminal }: Bench,
  step: string | undefined,
): Promise<void> {
  const definition = await definitionIn(held, await createTaskRegistry(settings));
  if (step === undefined) return terminal.answer(definition, drawText(definition).trimEnd());
  const { steps, id } = found(definition, step);
  terminal.answer(steps[id], readableJson(steps[id]));
}

function found(definition: FlowDefinition, step: string) {
  try {
    return findStep(definition, step);
  } catch (error) {
    throw new WrongUsage((error as Error).message);
  }
}

export interface AddOptions {
  id?: string | undefined;
  title?: string | undefined;
  after?: string[] | undefined;
  group?: string | undefined;
  with?: Record<string, unknown> | undefined;
}

/** Adds a task as a step, at the end unless it says where. The first one begins a flow. */
export async function add(
  bench: Bench,
  task: string,
  values: readonly string[],
  { id, title, after, group, with: given }: AddOptions,
): Promise<void> {
  const { held, settings, terminal } = bench;
  const input = { ...given, ...Object.fromEntries(values.map(fieldOf)) } as Record<string, Binding>;
  const step: Step = {
    task,
    ...(title === undefined ? {} : { title }),
    ...(Object.keys(input).length === 0 ? {} : { with: input }),
  };
  const text = await held.peek();
  if (text !== undefined) {
    const place = { step, ...(after && { after }), ...(group !== undefined && { group }) };
    return change(bench, (definition) =>
      addStep(definition, { id: id ?? freeId(task, definition), ...place }),
    );
  }
  const steps = { [id ?? idOf(task)]: step };
  const first = readableFlow({ flow: '1', name: 'shell', version: '1.0.0', steps });
  const definition = soundFlow(first, 'the new flow', await createTaskRegistry(settings));
  await held.write(first);
  terminal.answer(definition, drawText(definition).trimEnd());
}

/** Takes a step out. */
export function remove(bench: Bench, step: string): Promise<void> {
  return change(bench, (definition) => removeStep(definition, step));
}

/** Lets two steps change places. */
export function swap(bench: Bench, first: string, second: string): Promise<void> {
  return change(bench, (definition) => swapSteps(definition, first, second));
}

/** Writes what is held to a file, or as the answer. */
export async function serialize(
  { held, terminal }: Bench,
  path: string | undefined,
): Promise<void> {
  const text = await held.read();
  if (path === undefined) return terminal.answer(JSON.parse(text), text.trimEnd());
  try {
    await writeFileAtomic(path, text);
  } catch (error) {
    throw new WrongUsage(`Cannot write "${path}": ${(error as Error).message}`);
  }
  terminal.answer({ path }, `Written: ${path}`);
}

async function change(
  { held, settings, terminal }: Bench,
  edit: (definition: FlowDefinition) => Edit,
): Promise<void> {
  const registry = await createTaskRegistry(settings);
  const { text, definition, notes } = editFlow(await held.read(), AT_HAND, registry, edit);
  await held.write(text);
  for (const note of notes) terminal.warn(note);
  terminal.answer(definition, drawText(definition).trimEnd());
}

async function definitionIn(held: HeldDefinition, registry: TaskRegistry): Promise<FlowDefinition> {
  return soundFlow(await held.read(), AT_HAND, registry);
}
