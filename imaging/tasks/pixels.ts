import { z } from 'zod';
import { imageFormatSchema, storedImageSchema } from '../../contracts/images.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { ImageEditor, outputFields, pixelTask } from './edit.ts';
import { resizedSize } from '../model/resized-size.ts';

const side = z.number().int().min(1).max(30_000);

/** Tasks that read, resize, blur and convert one image; each gives a new image and leaves the old one. */
export function pixelTasks(settings: Settings) {
  const editor = new ImageEditor(settings);
  return [
    defineTask({
      ...pixelTask,
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
        /** Frames of an animation, or pages of a document; every other task works on the first. */
        pages: z.number(),
      }),
      run: async ({ image }, context) => {
        const { header } = await editor.lookAt(image, context);
        const { format, width, height, channels, depth, space, orientation = null } = header;
        const { hasAlpha, icc, pages = 1 } = header;
        const hasProfile = icc !== undefined;
        return {
          format,
          width,
          height,
          channels,
          depth,
          space,
          orientation,
          hasAlpha,
          hasProfile,
          pages,
        };
      },
    }),
    defineTask({
      ...pixelTask,
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
        ...outputFields,
      }),
      output: storedImageSchema,
      run: ({ image, width, height, fit, enlarge, ...output }, context) =>
        editor.edit(
          image,
          context,
          output,
          (pixels) =>
            pixels.resize({
              width,
              ...(height === undefined ? {} : { height }),
              fit,
              withoutEnlargement: !enlarge,
            }),
          { sizeFrom: (size) => resizedSize(size, { width, height, fit, enlarge }) },
        ),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.blur@1',
      title: 'Blurs an image',
      input: z.object({
        image: storedImageSchema,
        /** Standard deviation of the Gaussian, pixels. */
        sigma: z.number().min(0.3).max(1000).default(2),
        ...outputFields,
      }),
      output: storedImageSchema,
      run: ({ image, sigma, ...output }, context) =>
        editor.edit(image, context, output, (pixels) => pixels.blur(sigma), { isWhole: true }),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.convert@1',
      title: 'Writes an image in another format',
      input: z.object({
        image: storedImageSchema,
        format: imageFormatSchema,
        ...outputFields,
        /** Lets 16 bits become 8 where the format holds no more. */
        allowEightBits: z.boolean().default(false),
      }),
      output: storedImageSchema,
      run: ({ image, allowEightBits, ...output }, context) =>
        editor.edit(
          image,
          context,
          { ...output, allowsEightBits: allowEightBits },
          (pixels) => pixels,
        ),
    }),
  ];
}
