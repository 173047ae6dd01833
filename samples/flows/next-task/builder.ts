import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { runAsProgram } from '../run-example.ts';
import { fetchImage, inspect, publish } from '../tasks.ts';

/** `next_task(task, goto=...)`: the task names a route, the flow says where it leads. */
export const flow = defineFlow('next-task', {
  version: '1.0.0',
  title: 'Fetches again what arrived damaged',
  input: z.object({ url: z.string() }),
  limits: { maxSteps: 20 },
})
  .then('fetch', fetchImage)
  .then('inspect', inspect, (s) => ({ image: s.fetch }))
  .routes('inspect', { repair: 'fetch' })
  .then('publish', publish, (s) => ({ image: s.inspect }));

export const input = { url: 'https://images.example/damaged.jpg' };

await runAsProgram(import.meta.url, flow, input);
