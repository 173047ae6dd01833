import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { runAsProgram } from '../run-example.ts';
import { extract, load, transform } from '../tasks.ts';

/** `extract >> (a | b) >> load`. */
export const flow = defineFlow('diamond', {
  version: '1.0.0',
  title: 'extract, two transforms side by side, load',
  input: z.object({ source: z.string() }),
  limits: { maxSteps: 10 },
})
  .then('extract', extract, (s) => ({ source: s.input.source }))
  .parallel('transforms', (p) => ({
    a: p.run(transform, { data: p.extract, suffix: '_a' }),
    b: p.run(transform, { data: p.extract, suffix: '_b' }),
  }))
  .then('load', load, (s) => ({ results: [s.transforms.a, s.transforms.b] }));
export const input = { source: 'x' };

await runAsProgram(import.meta.url, flow, input);
