import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { bestEffort, critical } from '../../../flows/build/policies.ts';
import { runAsProgram } from '../run-example.ts';
import { fetchImage, publish, resize } from '../tasks.ts';

/** `(small | large | huge)`: only the large one has to succeed; the copies may all fail. */
export const flow = defineFlow('group-policies', {
  version: '1.0.0',
  title: 'Three sizes of which one counts',
  input: z.object({ url: z.string() }),
})
  .then('fetch', fetchImage)
  .parallel(
    'sizes',
    (p) => ({
      small: p.run(resize, { image: p.fetch, width: 200 }),
      large: p.run(resize, { image: p.fetch }),
      huge: p.run(resize, { image: p.fetch, width: 20_000 }),
    }),
    { policy: critical('large') },
  )
  .parallel(
    'copies',
    (p) => ({
      first: p.run(publish, { image: p.sizes.large }),
      second: p.run(publish, { image: p.sizes.large }),
    }),
    { policy: bestEffort, failFast: false },
  )
  .output((s) => ({ large: s.sizes.large, small: s.sizes.small, copies: s.copies }));

export const input = { url: 'https://images.example/1.jpg' };

await runAsProgram(import.meta.url, flow, input);
