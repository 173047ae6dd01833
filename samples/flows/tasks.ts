import { z } from 'zod';
import { defineTask } from '../../flows/build/task.ts';

/** A stored image as the steps of a flow hand it on: never its pixels. */
export const Image = z.object({ key: z.string(), sha256: z.string(), bytes: z.number() });
export type Image = z.infer<typeof Image>;

/**
 * Stand-ins for the tasks of the examples: same names and types as those of a worker, no pixels, so
 * that an example runs in memory without a network.
 */

export const fetchImage = defineTask({
  name: 'image.fetch@1',
  title: 'Fetches one image',
  input: z.object({ url: z.string() }),
  output: Image,
  queue: 'io',
  errors: ['UnsupportedImage'],
  run: ({ url }) => ({ key: url, sha256: url.split('/').at(-1) ?? url, bytes: url.length }),
});

export const blur = defineTask({
  name: 'image.blur@1',
  title: 'Blurs one image',
  input: z.object({ image: Image, radius: z.number().default(2) }),
  output: Image,
  queue: 'cpu',
  run: ({ image, radius }) => ({ ...image, key: `${image.key}?blur=${radius}` }),
});

export const remove = defineTask({
  name: 'store.remove@1',
  title: 'Gives the storage of images back',
  input: z.object({ images: z.array(Image) }),
  output: z.object({ removed: z.number() }),
  queue: 'io',
  run: ({ images }) => ({ removed: images.length }),
});

export const extract = defineTask({
  name: 'demo.extract@1',
  input: z.object({ source: z.string() }),
  output: z.string(),
  run: ({ source }) => `data of ${source}`,
});

export const transform = defineTask({
  name: 'demo.transform@1',
  input: z.object({ data: z.string(), suffix: z.string() }),
  output: z.string(),
  run: ({ data, suffix }) => data + suffix,
});

export const load = defineTask({
  name: 'demo.load@1',
  input: z.object({ results: z.array(z.string()) }),
  output: z.string(),
  run: ({ results }) => results.join(' and '),
});

/** Every task of the examples. */
export const sampleTasks = [fetchImage, blur, remove, extract, transform, load];
