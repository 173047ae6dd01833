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

export const cutout = defineTask({
  name: 'image.cutout@1',
  title: 'Removes the background of one image',
  input: z.object({ image: Image, model: z.string().default('u2netp') }),
  output: z.object({ outcome: z.enum(['ok', 'no-subject']), image: Image.nullable() }),
  queue: 'cpu',
  errors: ['UnsupportedImage'],
  run: ({ image }) => ({
    outcome: 'ok' as const,
    image: { ...image, key: `${image.key}?cutout`, sha256: `cutout-${image.sha256}` },
  }),
});

export const contactSheet = defineTask({
  name: 'image.contact-sheet@1',
  title: 'Shows many images on one sheet',
  input: z.object({
    images: z.array(z.object({ image: Image.nullable() })),
    columns: z.number().int().default(4),
  }),
  output: Image,
  queue: 'cpu',
  run: ({ images }) => ({
    key: `sheet of ${images.length}`,
    sha256: 'sheet',
    bytes: images.length,
  }),
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

export const resize = defineTask({
  name: 'image.resize@1',
  title: 'Makes one image smaller',
  input: z.object({ image: Image, width: z.number().int().positive().default(1600) }),
  output: Image,
  queue: 'cpu',
  run: ({ image, width }) => ({ ...image, key: `${image.key}?width=${width}`, bytes: width }),
});

export const encode = defineTask({
  name: 'image.encode@1',
  title: 'Encodes an image at a quality',
  input: z.object({ quality: z.number(), bytes: z.number() }),
  output: z.object({ quality: z.number(), bytes: z.number() }),
  queue: 'cpu',
  run: ({ quality }) => ({ quality: quality - 10, bytes: quality * 4000 }),
});

/** Measures how sharp an image is, and notes it in the channel `scores`. */
export const score = defineTask({
  name: 'image.score@1',
  input: z.object({ image: Image }),
  output: z.object({ score: z.number() }),
  writes: { scores: z.number() },
  run: ({ image }, context) => {
    const sharpness = (image.bytes % 10) / 10;
    context.write('scores', sharpness);
    return { score: sharpness };
  },
});

/** Reads what all steps before it noted. */
export const summarize = defineTask({
  name: 'demo.summarize@1',
  input: z.object({ title: z.string() }),
  output: z.object({ title: z.string(), best: z.number(), count: z.number() }),
  reads: { scores: z.array(z.number()) },
  run: ({ title }, context) => {
    const scores = context.read('scores');
    return { title, best: Math.max(0, ...scores), count: scores.length };
  },
});

/** Sends the run back to the download once, when the image looks damaged. */
export const inspect = defineTask({
  name: 'image.inspect@1',
  input: z.object({ image: Image }),
  output: Image,
  routes: ['repair'],
  run: ({ image }, context) => {
    const isFirstLook = !context.step.includes('#');
    if (isFirstLook && image.key.includes('damaged')) context.goto('repair');
    return image;
  },
});

export const publish = defineTask({
  name: 'image.publish@1',
  input: z.object({ image: Image, stars: z.number().optional() }),
  output: z.object({ url: z.string() }),
  queue: 'io',
  run: ({ image }) => ({ url: `https://images.example/${image.sha256}` }),
});

/** Tells someone that a step failed. */
export const alert = defineTask({
  name: 'demo.alert@1',
  input: z.object({ text: z.string() }),
  output: z.object({ sent: z.boolean() }),
  run: () => ({ sent: true }),
});

/** Measures an image and notes it in four channels, each with another merge. */
export const measure = defineTask({
  name: 'image.measure@1',
  input: z.object({ image: Image }),
  output: z.object({ bytes: z.number() }),
  writes: { bytes: z.number(), largest: z.number(), names: z.string(), order: z.string() },
  run: ({ image: { key, bytes } }, context) => {
    const name = key.split('/').at(-1)!;
    context.write('bytes', bytes);
    context.write('largest', bytes);
    context.write('names', name);
    context.write('order', context.step);
    return { bytes };
  },
});

/** Says what it was lent: where it stands in the run, and which try this is. */
export const introduce = defineTask({
  name: 'demo.introduce@1',
  input: z.object({ flow: z.string(), greeting: z.string() }),
  output: z.object({ text: z.string(), attempt: z.number() }),
  retry: { attempts: 2, first: '1ms' },
  run: ({ flow, greeting }, context) => {
    context.heartbeat(context.attempt, 2, 'introducing');
    if (context.attempt === 1) throw new Error('Cannot speak yet: the first try always fails');
    context.log('introduced', { step: context.step });
    return { text: `${greeting} from ${context.step} of ${flow}`, attempt: context.attempt };
  },
});

/** Every task of the examples. */
export const sampleTasks = [
  alert,
  blur,
  contactSheet,
  cutout,
  encode,
  extract,
  fetchImage,
  inspect,
  introduce,
  load,
  measure,
  publish,
  remove,
  resize,
  score,
  summarize,
  transform,
];
