import { z } from 'zod';
import { le } from '../../../flows/build/conditions.ts';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { runAsProgram } from '../run-example.ts';
import { encode } from '../tasks.ts';

/** `next_iteration(data)`: what the body gives is what its next round gets. */
export const flow = defineFlow('iteration', {
  version: '1.0.0',
  title: 'Lowers the quality until the file is small enough',
  input: z.object({ most: z.number() }),
}).repeat(
  'tune',
  {
    start: () => ({ quality: 90, bytes: 0 }),
    until: (s) => le(s.loop.last.bytes, s.input.most),
    max: 5,
  },
  (f) => f.then('encode', encode, (s) => s.loop.value),
);

export const input = { most: 290_000 };

await runAsProgram(import.meta.url, flow, input);
