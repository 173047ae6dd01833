import { realpath } from 'node:fs/promises';
import type { FlowDefinition } from '../../contracts/flow-definition.ts';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { type Edit, removeStep } from '../../flows/edit/remove-step.ts';
import { swapSteps } from '../../flows/edit/swap-steps.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Settings } from '../../platform/configuration.ts';
import { editFlow } from '../edited-flow.ts';
import { readText } from '../flow-file.ts';
import type { Terminal } from '../terminal.ts';

export interface EditOptions {
  inPlace?: boolean | undefined;
}

/** Writes a definition without one of its steps. */
export function flowRemoveStep(
  path: string,
  step: string,
  options: EditOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  return edit(path, (definition) => removeStep(definition, step), options, settings, terminal);
}

/** Writes a definition with two of its steps in each other's place. */
export function flowSwapSteps(
  path: string,
  [first, second]: readonly [string, string],
  options: EditOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  return edit(path, (flow) => swapSteps(flow, first, second), options, settings, terminal);
}

/** The answer is the definition, so that it can be piped; what else changed is remarked beside it. */
async function edit(
  path: string,
  change: (definition: FlowDefinition) => Edit,
  { inPlace = false }: EditOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const registry = await createTaskRegistry(settings);
  const edited = editFlow(await readText(path), path, registry, change);
  for (const note of edited.notes) terminal.warn(note);
  if (!inPlace) return terminal.answer(edited.definition, edited.text.trimEnd());
  // A link stays a link: the file that it leads to is written.
  await writeFileAtomic(await realpath(path), edited.text);
  terminal.answer({ path, notes: edited.notes }, `Changed: ${path}`);
}
