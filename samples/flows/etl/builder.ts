import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { runAsProgram } from '../run-example.ts';
import { extract, load, transform } from '../tasks.ts';

/** Two sources are read side by side: steps that do not feed each other have no order. */
export const flow = defineFlow('etl', {
  version: '1.0.0',
  title: 'Extract twice, transform each, load once',
  input: z.object({ north: z.string(), south: z.string() }),
})
  .step('readNorth', extract, (s) => ({ source: s.input.north }))
  .step('readSouth', extract, (s) => ({ source: s.input.south }))
  .step('cleanNorth', transform, (s) => ({ data: s.readNorth, suffix: ' (north)' }))
  .step('cleanSouth', transform, (s) => ({ data: s.readSouth, suffix: ' (south)' }))
  .then('store', load, (s) => ({ results: [s.cleanNorth, s.cleanSouth] }));

export const input = { north: 'n.csv', south: 's.csv' };

await runAsProgram(import.meta.url, flow, input);
