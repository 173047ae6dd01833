import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { atLeast } from '../../../flows/build/policies.ts';
import { runAsProgram } from '../run-example.ts';
import { fetchImage, score, summarize } from '../tasks.ts';

/** As many branches as the input has items, and one step that waits for them all; a channel collects. */
export const flow = defineFlow('fan-out-fan-in', {
  version: '1.0.0',
  title: 'Scores many images and sums them up',
  input: z.object({ urls: z.array(z.string()).max(1000) }),
  channels: { scores: { merge: 'append', schema: z.number() } },
})
  .map(
    'images',
    (s) => s.input.urls,
    (f) =>
      f
        .then('fetch', fetchImage, (s) => ({ url: s.item }))
        .then('score', score, (s) => ({ image: s.fetch })),
    { concurrency: 8, policy: atLeast('80%') },
  )
  .then('summary', summarize, (s) => ({ title: s.run.flow }))
  .output((s) => ({ summary: s.summary, scores: s.channels.scores }));

export const input = { urls: ['https://a/1.jpg', 'https://a/22.jpg', 'https://a/333.jpg'] };

await runAsProgram(import.meta.url, flow, input);
