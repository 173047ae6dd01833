import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Catalogue } from '../../../contracts/flow-catalogue.ts';
import { loadFlow } from '../../../flows/load/load-flow.ts';
import { sampleTasks } from '../../../samples/flows/tasks.ts';

/** Compiled tests run from `dist/test/flows/support`; the files stay where they are kept. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');

/** All that the examples may name. */
export const sampleCatalogue: Catalogue = {
  tasks: sampleTasks.map((task) => task.facts),
  queues: ['io', 'cpu', 'gpu'],
};

/** An example of `samples/flows`, read and checked. */
export function readSample(name: string) {
  return loadFlow(readSampleText(name), sampleCatalogue);
}

export function readSampleText(name: string): string {
  return readFileSync(join(root, 'samples', 'flows', name, 'flow.json'), 'utf8');
}

/** Every example. */
export const sampleNames = readdirSync(join(root, 'samples', 'flows'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
