import sharp from 'sharp';
import { z } from 'zod';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { type StoredImage, storedImageSchema } from '../../contracts/images.ts';
import type { TaskContext } from '../../flows/build/task-context.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { decodeSamples } from '../io/decode-samples.ts';
import { imageDifference } from '../model/image-difference.ts';
import { groupsOfAlike, HASH_SIDE, perceptualHash } from '../model/perceptual-hash.ts';
import { ImageEditor, pixelTask } from './edit.ts';

const hashSchema = z.string().regex(/^[0-9a-f]{16}$/);
const hashed = z.object({ image: storedImageSchema, hash: hashSchema });

/** Digits that are kept of a measure. */
const DIGITS = 6;

/** Tasks that say how much images are alike. */
export function compareTasks(settings: Settings) {
  const editor = new ImageEditor(settings);

  async function samplesOf(image: StoredImage, context: TaskContext) {
    return editor.withImage(image, context, async (opened) => ({
      ...(await decodeSamples(opened, image.name)).samples,
      space: opened.space,
    }));
  }

  return [
    defineTask({
      ...pixelTask,
      name: 'image.hash@1',
      title: 'Makes a hash by which alike images are found',
      input: z.object({ image: storedImageSchema }),
      output: hashed,
      run: ({ image }, context) =>
        editor.withImage(image, context, async ({ pixels }) => {
          try {
            const grey = await pixels
              .flatten({ background: 'white' })
              .toColourspace('b-w')
              .resize(HASH_SIDE, HASH_SIDE, { fit: 'fill', kernel: 'lanczos3' })
              .raw({ depth: 'uchar' })
              .toBuffer();
            return { image, hash: perceptualHash(grey) };
          } catch (error) {
            const [reason] = String(error instanceof Error ? error.message : error).split('\n');
            throw new UnsupportedImage(`Cannot decode image "${image.name}": ${reason}`);
          }
        }),
    }),
    defineTask({
      name: 'image.duplicates@1',
      title: 'Groups images that are alike, by their hashes',
      input: z.object({
        images: z.array(hashed).max(5000),
        /** Bits of 64 by which a copy may differ: 0 finds equal ones, 10 finds relatives. */
        maxDistance: z.number().int().min(0).max(32).default(6),
      }),
      output: z.object({
        groups: z.array(z.array(storedImageSchema)),
        /** One of each group, and all that are in none. */
        unique: z.array(storedImageSchema),
      }),
      queue: 'cpu',
      timeout: '5m',
      run: ({ images, maxDistance }) => {
        const groups = groupsOfAlike(
          images.map(({ hash }) => hash),
          maxDistance,
        );
        const copies = new Set(groups.flatMap((group) => group.slice(1)));
        return {
          groups: groups.map((group) => group.map((i) => images[i]!.image)),
          unique: images.filter((_, i) => !copies.has(i)).map(({ image }) => image),
        };
      },
    }),
    defineTask({
      ...pixelTask,
      name: 'image.diff@1',
      title: 'Compares two images of one size, and shows where they differ',
      input: z.object({
        before: storedImageSchema,
        after: storedImageSchema,
        /** Difference that does not count yet, of 1. */
        threshold: z.number().min(0).max(1).default(0),
      }),
      output: z.object({
        isEqual: z.boolean(),
        changed: z.number(),
        mean: z.number(),
        largest: z.number(),
        psnr: z.number().nullable(),
        /** Grey: white where they differ most. */
        map: storedImageSchema,
      }),
      run: async ({ before, after, threshold }, context) => {
        const first = await samplesOf(before, context);
        const second = await samplesOf(after, context);
        const { width, height, channels } = first;
        const sizeOf = (samples: typeof first) =>
          `${samples.width} x ${samples.height} pixels (${samples.space})`;
        if (sizeOf(first) !== sizeOf(second)) {
          throw new UnsupportedImage(
            `Cannot compare "${before.name}" with "${after.name}" as both must be alike: found ${sizeOf(first)} and ${sizeOf(second)}`,
          );
        }
        const full = first.data instanceof Uint16Array ? 65535 : 255;
        const { map, psnr, ...found } = imageDifference(first.data, second.data, {
          channels,
          full,
          threshold,
        });
        const png = await sharp(map, { raw: { width, height, channels: 1 } })
          .toColourspace('b-w')
          .png()
          .toBuffer();
        const stored = await context.put(png, 'image/png');
        const name = `${before.name.replace(/\.[A-Za-z0-9]{1,5}$/, '')}-diff.png`;
        return {
          isEqual: found.largest === 0,
          changed: rounded(found.changed),
          mean: rounded(found.mean),
          largest: rounded(found.largest),
          psnr: psnr === null ? null : rounded(psnr),
          map: { ...stored, name, width, height },
        };
      },
    }),
  ];
}

function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}
