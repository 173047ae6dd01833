import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { runAsProgram } from '../run-example.ts';
import { fetchImage, publish, resize } from '../tasks.ts';

/** `fetch >> small >> publish`. */
export const flow = defineFlow('simple', {
  version: '1.0.0',
  title: 'One image, smaller, published',
  input: z.object({ url: z.string() }),
})
  .then('fetch', fetchImage)
  .then('small', resize, (s) => ({ image: s.fetch, width: 800 }))
  .then('publish', publish, (s) => ({ image: s.small }));

export const input = { url: 'https://images.example/1.jpg' };

await runAsProgram(import.meta.url, flow, input);
