import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { readSettings, type Settings } from '../../../platform/configuration.ts';
import { fetchWeights } from '../../../platform/fetch-weights.ts';
import type { WeightsId } from '../../../platform/model-weights.ts';

const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');

/** Where tests keep weights, so that they are fetched once per machine. */
export const testModelFolder =
  process.env['SKYLOOM_MODEL_DIR'] ?? join(cache, 'skyloom', 'test-models');

/** Whether the weights are here, or could be fetched. */
export async function haveWeights(id: WeightsId): Promise<boolean> {
  try {
    await fetchWeights(id, withTestModels('unused'), (line) => console.warn(line));
    return true;
  } catch (error) {
    console.warn(error instanceof Error ? error.message : error);
    return false;
  }
}

export function withTestModels(home: string, more: Record<string, string> = {}): Settings {
  return readSettings({ SKYLOOM_HOME: home, SKYLOOM_MODEL_DIR: testModelFolder, ...more });
}

/** Tests that run a network; skipped loudly where its weights are neither here nor to be had. */
export async function describeWithWeights(
  id: WeightsId,
  name: string,
  tests: () => void,
): Promise<void> {
  if (await haveWeights(id)) describe(name, tests);
  else {
    console.warn(`SKIPPED "${name}": the weights ${id} are not here`);
    describe.skip(name, tests);
  }
}
