import sharp, { type OverlayOptions } from 'sharp';
import { z } from 'zod';
import { storedImageSchema } from '../../contracts/images.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { contactSheet } from '../io/contact-sheet.ts';
import { montage } from '../io/montage.ts';
import { faded } from '../io/overlay.ts';
import { ImageEditor, outputFields, pixelTask, uprightSize } from './edit.ts';

const places = [
  'center',
  'north',
  'northeast',
  'east',
  'southeast',
  'south',
  'southwest',
  'west',
  'northwest',
] as const;

/** Images, or results that hold one: a cut-out without a subject leaves its place empty. */
const shown = z.array(
  z.union([storedImageSchema, z.object({ image: storedImageSchema.nullable() })]),
);

/** Tasks that put images together. */
export function composeTasks(settings: Settings) {
  const editor = new ImageEditor(settings);
  return [
    defineTask({
      ...pixelTask,
      name: 'image.composite@1',
      title: 'Lays an image over another, as a watermark or in full',
      input: z.object({
        image: storedImageSchema,
        overlay: storedImageSchema,
        place: z.enum(places).default('southeast'),
        /** Of the overlay, as it is laid over. */
        opacity: z.number().min(0).max(1).default(1),
        /** Width of the overlay as a share of the image; without it the overlay keeps its size. */
        share: z.number().min(0.01).max(1).optional(),
        /** Repeats the overlay over the whole image. */
        tile: z.boolean().default(false),
        ...outputFields,
      }),
      output: storedImageSchema,
      run: ({ image, overlay, place, opacity, share, tile, ...output }, context) =>
        editor.withImage(image, context, async (opened) => {
          const size = uprightSize(opened);
          const width =
            share === undefined ? undefined : Math.max(1, Math.round(share * size.width));
          const layer = await editor.withImage(overlay, context, ({ pixels }) =>
            faded(pixels, overlay.name, size, width, opacity),
          );
          const over: OverlayOptions = { input: layer, gravity: place, tile };
          const laid = opened.pixels.composite([over]);
          // Laying over makes transparency, also of an image that had none.
          const pixels = opened.header.hasAlpha ? laid : laid.removeAlpha();
          const known = ['jpeg', 'png', 'webp', 'tiff'] as const;
          const format = known.find((name) => name === opened.header.format) ?? 'png';
          return editor.store(opened, pixels, image.name, { ...output, format }, context);
        }),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.contact-sheet@1',
      title: 'Shows many images on one sheet, small and in order',
      input: z.object({
        images: shown.max(500),
        columns: z.number().int().min(1).max(50).default(4),
        /** Side of the square that each image gets, pixels. */
        size: z.number().int().min(16).max(1024).default(256),
        format: z.enum(['jpeg', 'png', 'webp']).default('png'),
        quality: outputFields.quality,
      }),
      output: storedImageSchema,
      run: async ({ images, columns, size, format, quality }, context) => {
        const cells: (Uint8Array | null)[] = [];
        for (const entry of images) {
          const image = 'sha256' in entry ? entry : entry.image;
          const cell =
            image === null
              ? null
              : await editor.withImage(image, context, ({ pixels }) =>
                  faded(pixels, image.name, { width: size, height: size }, undefined, 1),
                );
          cells.push(cell);
          context.heartbeat(cells.length, images.length);
        }
        const sheet = await contactSheet(cells, columns, size);
        const { data, info } = await sheet[format](format === 'png' ? {} : { quality }).toBuffer({
          resolveWithObject: true,
        });
        const stored = await context.put(data, `image/${format}`);
        const extension = format === 'jpeg' ? 'jpg' : format;
        return {
          ...stored,
          name: `contact-sheet.${extension}`,
          width: info.width,
          height: info.height,
        };
      },
    }),
    defineTask({
      ...pixelTask,
      name: 'image.montage@1',
      title: 'Joins images side by side or under one another, at their own scale',
      input: z.object({
        images: z.array(storedImageSchema).min(1).max(50),
        direction: z.enum(['across', 'down']).default('across'),
        gap: z.number().int().min(0).max(1000).default(0),
        background: z
          .string()
          .regex(/^#[0-9a-f]{6}$/i)
          .default('#ffffff'),
        format: z.enum(['jpeg', 'png', 'webp']).default('png'),
        quality: outputFields.quality,
      }),
      output: storedImageSchema,
      run: async ({ images, format, quality, ...how }, context) => {
        const parts: Uint8Array[] = [];
        for (const image of images) {
          parts.push(
            await editor.withImage(image, context, ({ pixels }) =>
              faded(pixels, image.name, null, undefined, 1),
            ),
          );
        }
        const sheet = await montage(parts, how, editor.limits.limitPixels);
        const { data, info } = await sharp(sheet)
          [format](format === 'png' ? {} : { quality })
          .toBuffer({ resolveWithObject: true });
        const stored = await context.put(data, `image/${format}`);
        const extension = format === 'jpeg' ? 'jpg' : format;
        return { ...stored, name: `montage.${extension}`, width: info.width, height: info.height };
      },
    }),
  ];
}
