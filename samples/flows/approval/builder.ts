import { z } from 'zod';
import { and, eq, exists, ge, isIn, lt, not, or } from '../../../flows/build/conditions.ts';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { orElse, text } from '../../../flows/build/reference.ts';
import { runAsProgram } from '../run-example.ts';
import { alert, blur, fetchImage, publish, resize } from '../tasks.ts';

/** A person decides; branches, a wait, and a step that runs only after a failure. */
export const flow = defineFlow('approval', {
  version: '1.0.0',
  title: 'Publishes what someone has looked at',
  input: z.object({
    url: z.string(),
    kind: z.enum(['navad', 'satellite']),
    reviewer: z.string().optional(),
  }),
})
  .then('fetch', fetchImage, (s) => ({ url: s.input.url }), {
    timeout: '30s',
    retry: { attempts: 5, first: '2s' },
  })
  .choose('prepare', (s, f) => ({
    blurred: [
      and(eq(s.input.kind, 'navad'), or(ge(s.fetch.bytes, 10), not(lt(s.fetch.bytes, 5)))),
      f.then('blur', blur, (t) => ({ image: t.fetch, radius: 3 })),
    ],
    plain: ['else', f.then('small', resize, (t) => ({ image: t.fetch, width: 500 }))],
  }))
  .wait('cool', { for: '1s' })
  .approve('review', {
    title: 'Publish this image?',
    show: (s) => [s.prepare.value, text('by ', orElse(s.input.reviewer, 'anyone'))],
    form: z.object({ stars: z.number().int().min(1).max(5) }),
    roles: ['editor'],
    within: '2d',
    otherwise: 'reject',
  })
  .then('publish', publish, (s) => ({ image: s.prepare.value, stars: orElse(s.review.stars, 1) }), {
    if: (s) =>
      and(eq(s.review.approved, true), or(exists(s.review.by), isIn(s.input.kind, ['navad']))),
  })
  .then('tell', alert, (s) => ({ text: text('Failed: ', s.input.url) }), { on: 'failure' })
  .search((s) => ({ ImageType: s.input.kind }))
  .output((s) => ({
    url: orElse(s.publish.url, 'none'),
    approved: orElse(s.review.approved, false),
  }));

export const input = { url: 'https://images.example/1.jpg', kind: 'navad' };

await runAsProgram(import.meta.url, flow, input);
