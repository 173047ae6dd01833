import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { runAsProgram } from '../run-example.ts';
import { fetchImage, measure } from '../tasks.ts';

/**
 * `channel.set`, `append`, `atomic_add`: a channel declares how writes become one value. They are
 * merged in the order of the list and never of completion, so two writers lose nothing.
 */
export const flow = defineFlow('channels', {
  version: '1.0.0',
  title: 'Measures images and sums them up on the way',
  input: z.object({ urls: z.array(z.string()).max(100) }),
  channels: {
    bytes: { merge: 'sum', schema: z.number(), initial: 0 },
    largest: { merge: 'max', schema: z.number() },
    names: { merge: 'union', schema: z.string() },
    order: { merge: 'append', schema: z.string() },
  },
})
  .map(
    'images',
    (s) => s.input.urls,
    (f) =>
      f
        .then('fetch', fetchImage, (s) => ({ url: s.item }))
        .then('measure', measure, (s) => ({ image: s.fetch })),
    { concurrency: 8 },
  )
  .output((s) => ({
    bytes: s.channels.bytes,
    largest: s.channels.largest,
    names: s.channels.names,
    order: s.channels.order,
  }));

export const input = { urls: ['https://a/1.jpg', 'https://a/22.jpg', 'https://b/1.jpg'] };

await runAsProgram(import.meta.url, flow, input);
