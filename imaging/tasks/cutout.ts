import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { type StoredImage, storedImageSchema } from '../../contracts/images.ts';
import { mapWindow } from '../../durable/map-window.ts';
import type { TaskContext } from '../../flows/build/task-context.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { CutoutPool } from '../io/cutout-pool.ts';
import { cutoutBudget } from '../../platform/memory-budget.ts';
import { cutoutBytes } from '../model/cutout-memory.ts';
import {
  findNetwork,
  type FoundNetwork,
  modelChoiceSchema,
  usedModelSchema,
} from '../io/find-network.ts';

/** A run that is cancelled is told so in the answer to a sign of life. */
const SIGN_OF_LIFE_MS = 500;

/** What can be said about a cut-out beside the image. */
const options = z.object({
  /** `plain` knows no weights and is for plain backdrops only; nothing ever falls back to it. */
  method: z.enum(['model', 'plain']).default('model'),
  model: modelChoiceSchema.default('u2netp'),
  /** `guided` follows edges of color, `matting` finds hair and may lose thin parts. */
  edge: z.enum(['none', 'guided', 'matting']).default('guided'),
  format: z.enum(['png', 'webp']).default('png'),
  /** Of WebP. */
  quality: z.number().int().min(1).max(100).default(90),
  /** `subject` cuts off what is transparent around it. */
  crop: z.enum(['none', 'subject']).default('none'),
  /** Below these the picture counts as one without a subject. */
  minConfidence: z.number().min(0).max(1).default(0.5),
  minCoverage: z.number().min(0).max(1).default(0.005),
});

const boxSchema = z.object({
  left: z.number(),
  top: z.number(),
  width: z.number(),
  height: z.number(),
});

const cutoutSchema = z.object({
  outcome: z.enum(['ok', 'no-subject']),
  /** Null without a subject. */
  image: storedImageSchema.nullable(),
  method: z.enum(['model', 'plain']),
  model: usedModelSchema.nullable(),
  /** Largest value that the network gave, before anything was stretched. */
  confidence: z.number(),
  /** Share of the picture that is subject. */
  coverage: z.number(),
  /** Around all that can be seen, pixels of the upright picture. */
  box: boxSchema.nullable(),
});

type CutoutResult = z.infer<typeof cutoutSchema>;

const failures = ['UnsupportedImage', 'ModelMissing', 'ModelMismatch', 'ModelUnfit'];

const pools = new Set<CutoutPool>();

/** Ends the processes that removed backgrounds. */
export async function closeCutoutPools(): Promise<void> {
  await Promise.all([...pools].map((pool) => pool.close()));
}

/** Tasks that remove backgrounds, in processes of their own. */
export function cutoutTasks(settings: Settings) {
  const processes = settings.SKYLOOM_CUTOUT_PROCESSES ?? availableParallelism();
  const limitBytes = settings.SKYLOOM_CUTOUT_MEGABYTES * 1e6;
  const limitPixels = settings.SKYLOOM_MAX_IMAGE_MEGAPIXELS * 1e6;
  const pool = new CutoutPool({ processes, limitBytes });
  const budget = cutoutBudget(settings);
  pools.add(pool);

  async function cutOne(
    image: StoredImage,
    network: FoundNetwork | null,
    { format, method, ...rest }: Omit<z.output<typeof options>, 'model'>,
    context: TaskContext,
  ): Promise<CutoutResult> {
    const { name } = image;
    return context.withScratchFile(async (target) => {
      const request = {
        target,
        network: network?.source ?? null,
        options: { ...rest, name, format, limitPixels, limitBytes },
      };
      const needed = Math.min(processBytes(image, network, format), limitBytes);
      const { timings, ...seen } = await budget.run(needed, name, context.signal, async () =>
        // Not before its turn: until then a bucket's copy on this machine may make room for others.
        pool.run({ ...request, file: await context.fileOf(image) }, context.signal),
      );
      context.log('Removed a background', { image: name, outcome: seen.outcome, ...timings });
      const { outcome, confidence, coverage, box, width, height } = seen;
      const common = { outcome, confidence, coverage, box, method, model: network?.used ?? null };
      if (outcome === 'no-subject') return { ...common, image: null };
      const stored = await context.putFile(target, `image/${format}`);
      const cut = { ...stored, name: cutoutName(name, format), width, height };
      return { ...common, image: cut };
    });
  }

  const networkFor = ({ method, model }: z.output<typeof options>) =>
    method === 'plain' ? null : findNetwork(model, settings);

  return [
    defineTask({
      name: 'image.cutout@1',
      title: 'Removes the background of one image',
      input: options.extend({ image: storedImageSchema }),
      output: cutoutSchema,
      queue: 'cpu',
      timeout: '10m',
      errors: failures,
      cache: true,
      run: async ({ image, ...how }, context) => {
        const network = await networkFor(how);
        return withSigns(context, [image], () => cutOne(image, network, how, context));
      },
    }),
    defineTask({
      name: 'image.cutouts@1',
      title: 'Removes the backgrounds of a list of images, on all cores',
      input: options.extend({ images: z.array(storedImageSchema).max(1000) }),
      output: z.object({
        /** In the order of the images. */
        cutouts: z.array(cutoutSchema),
        /** Those with a subject. */
        images: z.array(storedImageSchema),
      }),
      queue: 'cpu',
      timeout: '6h',
      errors: failures,
      cache: true,
      run: async ({ images, ...how }, context) => {
        const network = await networkFor(how);
        const cutouts = await withSigns(context, images, (onDone) =>
          mapWindow(images, processes, async (image) => {
            const cut = await cutOne(image, network, how, context);
            onDone();
            return cut;
          }),
        );
        return { cutouts, images: cutouts.flatMap(({ image }) => image ?? []) };
      },
    }),
  ];
}

/** Of the process, by what is said of the image; what its header says decides there. */
function processBytes(
  { width, height }: StoredImage,
  network: FoundNetwork | null,
  format: 'png' | 'webp',
): number {
  const weightsBytes = network?.source.bytes ?? 0;
  return cutoutBytes({ pixels: width * height, isDeep: false, format, weightsBytes });
}

/** Says again and again how far the work is, as the processes that do it can't. */
async function withSigns<Result>(
  context: TaskContext,
  images: readonly StoredImage[],
  work: (onDone: () => void) => Promise<Result>,
): Promise<Result> {
  let done = 0;
  const sign = () => context.heartbeat(done, images.length);
  sign();
  const signs = setInterval(sign, SIGN_OF_LIFE_MS);
  try {
    return await work(() => void done++);
  } finally {
    clearInterval(signs);
  }
}

function cutoutName(name: string, format: string): string {
  return `${name.replace(/\.[A-Za-z0-9]{1,5}$/, '')}-cutout.${format}`;
}
