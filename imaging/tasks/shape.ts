import { z } from 'zod';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { storedImageSchema } from '../../contracts/images.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { ImageEditor, outputFields, pixelTask, uprightSize } from './edit.ts';

const input = z.object({ image: storedImageSchema, ...outputFields });

/** Tasks that change which pixels there are, or how they look, one image at a time. */
export function shapeTasks(settings: Settings) {
  const editor = new ImageEditor(settings);
  return [
    defineTask({
      ...pixelTask,
      name: 'image.thumbnail@1',
      title: 'Makes a small picture for lists and maps',
      input: z.object({
        image: storedImageSchema,
        /** Longest side, pixels. */
        size: z.number().int().min(16).max(2048).default(256),
        format: z.enum(['jpeg', 'webp', 'png']).default('jpeg'),
        quality: z.number().int().min(1).max(100).default(75),
      }),
      output: storedImageSchema,
      run: ({ image, size, format, quality }, context) =>
        editor.edit(
          image,
          context,
          { format, quality, keepMetadata: false, allowsEightBits: true },
          (pixels) => pixels.resize(size, size, { fit: 'inside', withoutEnlargement: true }),
          {
            sizeFrom: ({ width, height }) => ({
              width: Math.min(width, size),
              height: Math.min(height, size),
            }),
          },
        ),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.upright@1',
      title: 'Turns an image as its orientation tag says, and by quarters on request',
      input: input.extend({
        /** Clockwise, after the tag was followed. */
        turn: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]).default(0),
      }),
      output: storedImageSchema,
      run: ({ image, turn, ...output }, context) =>
        editor.edit(
          image,
          context,
          output,
          (pixels) => (turn === 0 ? pixels : pixels.rotate(turn)),
          { isWhole: turn !== 0 },
        ),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.crop@1',
      title: 'Cuts a rectangle out of an image',
      input: input.extend({
        /** Of the upright image, pixels. */
        left: z.number().int().min(0),
        top: z.number().int().min(0),
        width: z.number().int().min(1),
        height: z.number().int().min(1),
      }),
      output: storedImageSchema,
      run: ({ image, left, top, width, height, ...output }, context) =>
        editor.edit(
          image,
          context,
          output,
          (pixels, { header }) => {
            const size = uprightSize(header);
            if (left + width > size.width || top + height > size.height) {
              throw new UnsupportedImage(
                `Cannot crop image "${image.name}" as it is ${size.width} x ${size.height} pixels, and ${width} x ${height} at ${left}, ${top} reach past it`,
              );
            }
            return pixels.extract({ left, top, width, height });
          },
          { sizeFrom: () => ({ width, height }) },
        ),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.sharpen@1',
      title: 'Sharpens the edges of an image',
      input: input.extend({
        /** Standard deviation of the Gaussian that is taken away, pixels. */
        sigma: z.number().min(0.3).max(10).default(1),
      }),
      output: storedImageSchema,
      run: ({ image, sigma, ...output }, context) =>
        editor.edit(image, context, output, (pixels) => pixels.sharpen({ sigma })),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.normalize@1',
      title: 'Stretches the brightness of an image over its whole range',
      input: input.extend({
        /** Percentiles of brightness that become black and white. */
        lower: z.number().min(0).max(49).default(1),
        upper: z.number().min(51).max(100).default(99),
      }),
      output: storedImageSchema,
      run: ({ image, lower, upper, ...output }, context) =>
        editor.edit(image, context, output, (pixels) => pixels.normalise({ lower, upper }), {
          // Percentiles are those of all pixels.
          isWhole: true,
        }),
    }),
  ];
}
