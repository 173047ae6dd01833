import { z } from 'zod';
import { defineTask } from '../../../flows/build/task.ts';

/** The tasks that the type tests speak of. */

export const Image = z.object({ key: z.string(), sha256: z.string(), bytes: z.number() });
export type Image = z.infer<typeof Image>;

export const download = defineTask({
  name: 'image.download@1',
  input: z.object({ urls: z.array(z.string()), concurrency: z.number().optional() }),
  output: z.object({ images: z.array(Image) }),
  run: async () => ({ images: [] }),
});

export const fetchImage = defineTask({
  name: 'image.fetch@1',
  input: z.object({ url: z.string() }),
  output: Image,
  run: async ({ url }) => ({ key: url, sha256: '', bytes: 0 }),
});

export const cutout = defineTask({
  name: 'image.cutout@1',
  input: z.object({ image: Image }),
  output: Image,
  queue: 'gpu',
  run: async ({ image }) => image,
});

export const resize = defineTask({
  name: 'image.resize@2',
  input: z.object({ image: Image, width: z.number() }),
  output: Image,
  run: async ({ image }) => image,
});

export const cleanup = defineTask({
  name: 'store.cleanup@1',
  input: z.object({ images: z.array(Image) }),
  output: z.object({ removed: z.number() }),
  run: async () => ({ removed: 0 }),
});

export const publish = defineTask({
  name: 'image.publish@1',
  input: z.object({ image: Image }),
  output: z.object({ url: z.string() }),
  run: async ({ image }) => ({ url: image.key }),
});

export const report = defineTask({
  name: 'report@1',
  input: z.object({ best: Image, n: z.number() }),
  output: z.object({ text: z.string() }),
  run: async () => ({ text: '' }),
});

/** Its defaults may be left out by a flow and by its code, and are there for all others. */
export const thumb = defineTask({
  name: 'image.thumb@1',
  input: z.object({ image: Image, width: z.number().default(320) }),
  output: z.object({ key: z.string(), dpi: z.number().default(72) }),
  run: async ({ image, width }) => ({ key: image.key + width.toFixed(0) }),
});
