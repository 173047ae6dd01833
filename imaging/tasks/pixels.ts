import type { Sharp } from 'sharp';
import { z } from 'zod';
import {
  type ImageFormat,
  imageFormatSchema,
  type StoredImage,
  storedImageSchema,
} from '../../contracts/images.ts';
import type { TaskContext } from '../../flows/build/task-context.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { openImage, readHeader } from '../io/open-image.ts';
import { encodeImage } from '../io/write-image.ts';

/** Of the formats that lose something: what eyes do not see at full size. */
const DEFAULT_QUALITY = 85;
const DECODE_TIMEOUT_SECONDS = 120;
const side = z.number().int().min(1).max(30_000);
const quality = z.number().int().min(1).max(100).default(DEFAULT_QUALITY);
const writable = new Set<string>(imageFormatSchema.options);

/** Tasks that work on the pixels of one image; each gives a new image and leaves the old one. */
export function pixelTasks(settings: Settings) {
  const limits = {
    limitPixels: settings.SKYLOOM_MAX_IMAGE_MEGAPIXELS * 1e6,
    timeoutSeconds: DECODE_TIMEOUT_SECONDS,
  };
  const common = {
    queue: 'cpu',
    timeout: '5m',
    errors: ['UnsupportedImage'],
    cache: true,
  } as const;

  async function edit(
    image: StoredImage,
    context: TaskContext,
    encoding: { format?: ImageFormat | undefined; quality: number; allowsEightBits?: boolean },
    work: (pixels: Sharp) => Sharp,
  ): Promise<StoredImage> {
    const { name } = image;
    const opened = await openImage(await context.open(image), name, limits);
    const found = writable.has(opened.header.format) ? opened.header.format : 'png';
    const format = encoding.format ?? (found as ImageFormat);
    const { bytes, mediaType, width, height } = await encodeImage(
      opened,
      work(opened.pixels),
      name,
      { format, quality: encoding.quality, allowsEightBits: encoding.allowsEightBits ?? false },
    );
    const stored = await context.put(bytes, mediaType);
    return { ...stored, name: withExtension(name, format), width, height };
  }

  return [
    defineTask({
      ...common,
      name: 'image.metadata@1',
      title: 'Reads what the header of an image says',
      input: z.object({ image: storedImageSchema }),
      output: z.object({
        format: z.string(),
        width: z.number(),
        height: z.number(),
        channels: z.number(),
        depth: z.string(),
        space: z.string(),
        orientation: z.number().nullable(),
        hasAlpha: z.boolean(),
        hasProfile: z.boolean(),
      }),
      run: async ({ image }, context) => {
        const header = await readHeader(await context.open(image), image.name);
        const { format, width, height, channels, depth, space, orientation = null } = header;
        const { hasAlpha, icc } = header;
        const hasProfile = icc !== undefined;
        return { format, width, height, channels, depth, space, orientation, hasAlpha, hasProfile };
      },
    }),
    defineTask({
      ...common,
      name: 'image.resize@1',
      title: 'Makes an image fit a size, upright and undistorted',
      input: z.object({
        image: storedImageSchema,
        width: side.default(1600),
        height: side.optional(),
        /** `inside` keeps all of it, `cover` fills the box and cuts off the rest. */
        fit: z.enum(['inside', 'cover']).default('inside'),
        /** Without it an image that is small enough stays as large as it is. */
        enlarge: z.boolean().default(false),
        quality,
      }),
      output: storedImageSchema,
      run: ({ image, width, height, fit, enlarge, quality: level }, context) =>
        edit(image, context, { quality: level }, (pixels) =>
          pixels.resize({
            width,
            ...(height === undefined ? {} : { height }),
            fit,
            withoutEnlargement: !enlarge,
          }),
        ),
    }),
    defineTask({
      ...common,
      name: 'image.blur@1',
      title: 'Blurs an image',
      input: z.object({
        image: storedImageSchema,
        /** Standard deviation of the Gaussian, pixels. */
        sigma: z.number().min(0.3).max(1000).default(2),
        quality,
      }),
      output: storedImageSchema,
      run: ({ image, sigma, quality: level }, context) =>
        edit(image, context, { quality: level }, (pixels) => pixels.blur(sigma)),
    }),
    defineTask({
      ...common,
      name: 'image.convert@1',
      title: 'Writes an image in another format',
      input: z.object({
        image: storedImageSchema,
        format: imageFormatSchema,
        quality,
        /** Lets 16 bits become 8 where the format holds no more. */
        allowEightBits: z.boolean().default(false),
      }),
      output: storedImageSchema,
      run: ({ image, format, quality: level, allowEightBits }, context) =>
        edit(
          image,
          context,
          { format, quality: level, allowsEightBits: allowEightBits },
          (pixels) => pixels,
        ),
    }),
  ];
}

function withExtension(name: string, format: ImageFormat): string {
  const extension = format === 'jpeg' ? 'jpg' : format === 'tiff' ? 'tif' : format;
  return `${name.replace(/\.[A-Za-z0-9]{1,5}$/, '')}.${extension}`;
}
