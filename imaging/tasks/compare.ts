import sharp from 'sharp';
import { z } from 'zod';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { storedImageSchema } from '../../contracts/images.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { decodeWhole } from '../io/decode-samples.ts';
import { inSlices } from '../io/in-slices.ts';
import { imageDifference } from '../model/image-difference.ts';
import { groupsOfAlike, HASH_SIDE, perceptualHash } from '../model/perceptual-hash.ts';
import type { OpenedImage } from '../io/open-image.ts';
import { ImageEditor, pixelTask, uprightSize } from './edit.ts';
import { decoding } from '../io/decoder-words.ts';

const hashSchema = z.string().regex(/^[0-9a-f]{16}$/);
const hashed = z.object({ image: storedImageSchema, hash: hashSchema });

/** Digits that are kept of a measure. */
const DIGITS = 6;

/** Tasks that say how much images are alike. */
export function compareTasks(settings: Settings) {
  const editor = new ImageEditor(settings);

  return [
    defineTask({
      ...pixelTask,
      name: 'image.hash@1',
      title: 'Makes a hash by which alike images are found',
      input: z.object({ image: storedImageSchema }),
      output: hashed,
      run: ({ image }, context) =>
        editor.withImage(image, context, async ({ pixels }) => {
          const grey = await decoding(image.name, () =>
            pixels
              .flatten({ background: 'white' })
              .toColourspace('b-w')
              .resize(HASH_SIDE, HASH_SIDE, { fit: 'fill', kernel: 'lanczos3' })
              .raw({ depth: 'uchar' })
              .toBuffer(),
          );
          return { image, hash: perceptualHash(grey) };
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
      run: async ({ images, maxDistance }, { signal }) => {
        const hashes = images.map(({ hash }) => hash);
        const groups = await inSlices(groupsOfAlike(hashes, maxDistance), signal);
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
        const { width, height, map, psnr, ...found } = await editor.withImages(
          [before, after],
          context,
          () => ({ isWhole: true }),
          async (opened) => {
            refuseUnlike(before.name, after.name, opened);
            const first = await decodeWhole(opened[0]!, before.name);
            const second = await decodeWhole(opened[1]!, after.name);
            const { channels, data, ...size } = first;
            const full = data instanceof Uint16Array ? 65535 : 255;
            const difference = imageDifference(data, second.data, { channels, full, threshold });
            const { map: grey, ...rest } = await inSlices(difference, context.signal);
            const png = await sharp(grey, {
              raw: { ...size, channels: 1 },
              limitInputPixels: false,
            })
              .toColourspace('b-w')
              .png()
              .toBuffer();
            return { ...size, ...rest, map: png };
          },
          // The map, and its file.
          ([header]) => 2 * header!.width * header!.height,
        );
        const stored = await context.put(map, 'image/png');
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

/** @throws {UnsupportedImage} when there is no pixel of the one for each of the other. */
function refuseUnlike(before: string, after: string, [first, second]: OpenedImage[]): void {
  const words = ({ header, space }: OpenedImage) => {
    const { width, height } = uprightSize(header);
    return `${width} x ${height} pixels (${space}${header.hasAlpha ? ' with transparency' : ''})`;
  };
  if (words(first!) === words(second!)) return;
  throw new UnsupportedImage(
    `Cannot compare "${before}" with "${after}" as both must be alike: found ${words(first!)} and ${words(second!)}`,
  );
}

function rounded(value: number): number {
  return Number(value.toFixed(DIGITS));
}
