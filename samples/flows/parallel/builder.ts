import { z } from 'zod';
import { defineFlow } from '../../../flows/build/define-flow.ts';
import { text } from '../../../flows/build/reference.ts';
import { runAsProgram } from '../run-example.ts';
import { fetchImage } from '../tasks.ts';

/** `a | b | c`: nothing but steps side by side; the group is done when all of them are. */
export const flow = defineFlow('parallel', {
  version: '1.0.0',
  title: 'The same image from three cameras',
  input: z.object({ base: z.string() }),
})
  .parallel('cameras', (p) => ({
    left: p.run(fetchImage, { url: text(p.input.base, '/left.jpg') }),
    middle: p.run(fetchImage, { url: text(p.input.base, '/middle.jpg') }),
    right: p.run(fetchImage, { url: text(p.input.base, '/right.jpg') }),
  }))
  .output((s) => [s.cameras.left.sha256, s.cameras.middle.sha256, s.cameras.right.sha256]);

export const input = { base: 'https://images.example' };

await runAsProgram(import.meta.url, flow, input);
