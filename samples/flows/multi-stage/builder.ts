import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { runAsProgram } from '../run-example.ts';
import { blur, fetchImage, publish, resize } from '../tasks.ts';

/** `(a | b) >> (c | d) >> (e | f)`: each stage waits for the whole stage before it. */
export const flow = defineFlow('multi-stage', {
  version: '1.0.0',
  title: 'Fetches, edits and publishes two images, stage by stage',
  input: z.object({ first: z.string(), second: z.string() }),
})
  .parallel('fetched', (p) => ({
    first: p.run(fetchImage, { url: p.input.first }),
    second: p.run(fetchImage, { url: p.input.second }),
  }))
  .parallel('edited', (p) => ({
    first: p.run(resize, { image: p.fetched.first, width: 640 }),
    second: p.run(blur, { image: p.fetched.second }),
  }))
  .parallel('published', (p) => ({
    first: p.run(publish, { image: p.edited.first }),
    second: p.run(publish, { image: p.edited.second }),
  }))
  .output((s) => [s.published.first.url, s.published.second.url]);

export const input = {
  first: 'https://images.example/1.jpg',
  second: 'https://images.example/2.jpg',
};

await runAsProgram(import.meta.url, flow, input);
