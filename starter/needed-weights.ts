import type { FlowDefinition } from '../contracts/flow-definition.ts';
import type { Settings } from '../platform/configuration.ts';
import { fetchWeights } from '../platform/fetch-weights.ts';
import { isWeightsId, type WeightsId } from '../platform/model-weights.ts';
import type { Terminal } from './terminal.ts';

const cutoutTasks = new Set(['image.cutout@1', 'image.cutouts@1']);
const DEFAULT_WEIGHTS = 'u2netp';

/**
 * Fetches the weights that the steps of a flow name, before it starts: a task never does.
 *
 * That they can't be had here does not stop the flow, as its workers may have them.
 */
export async function fetchNeededWeights(
  definition: FlowDefinition,
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  for (const id of neededWeights(definition)) {
    try {
      await fetchWeights(id, settings, (line) => terminal.remark(line));
    } catch (error) {
      terminal.warn(error instanceof Error ? error.message : String(error));
    }
  }
}

/** Weights that the steps name, at any depth; a model that is only known while the flow runs is not among them. */
export function neededWeights(part: unknown): Set<WeightsId> {
  const needed = new Set<WeightsId>();
  if (typeof part !== 'object' || part === null) return needed;
  const { task, with: input = {} } = part as { task?: unknown; with?: Record<string, unknown> };
  if (typeof task === 'string' && cutoutTasks.has(task) && input['method'] !== 'plain') {
    const { model = DEFAULT_WEIGHTS } = input;
    if (typeof model === 'string' && isWeightsId(model)) needed.add(model);
  }
  for (const inner of Object.values(part)) {
    for (const id of neededWeights(inner)) needed.add(id);
  }
  return needed;
}
