import { availableParallelism } from 'node:os';
import sharp, { type Metadata, type OverlayOptions } from 'sharp';
import { z } from 'zod';
import { mapWindow } from '../../durable/map-window.ts';
import { storedImageSchema } from '../../contracts/images.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { contactSheet, contactSheetSize } from '../io/contact-sheet.ts';
import { montage, montageSize } from '../io/montage.ts';
import { faded } from '../io/overlay.ts';
import { formatOf, ImageEditor, outputFields, pixelTask, uprightSize } from './edit.ts';

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

/** Of a sheet or montage: its layers, itself, and the file. */
const SHEET_PIXEL_BYTES = 12;

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
        editor.withImages(
          [image, overlay],
          context,
          (header, index) =>
            index === 0
              ? { isWhole: true, written: { ...header, format: formatOf(header, {}) } }
              : {},
          async ([opened, layer]) => {
            const { header } = opened!;
            const size = uprightSize(header);
            const width =
              share === undefined ? undefined : Math.max(1, Math.round(share * size.width));
            const input = await faded(layer!.pixels, overlay.name, size, width, opacity);
            const over: OverlayOptions = { input, gravity: place, tile };
            const laid = opened!.pixels.composite([over]);
            // Laying over makes transparency, also of an image that had none.
            const pixels = header.hasAlpha ? laid : laid.removeAlpha();
            const format = formatOf(header, {});
            return editor.store(opened!, pixels, image.name, { ...output, format, size }, context);
          },
          // The layer as it is laid over: as large as the image at most, with transparency.
          ([header]) => 4 * header!.width * header!.height,
        ),
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
        const large = contactSheetSize(images.length, columns, size);
        editor.refuseTooLarge(large, 'contact sheet');
        let done = 0;
        const cells = await mapWindow(images, availableParallelism(), async (entry) => {
          const image = 'sha256' in entry ? entry : entry.image;
          const cell =
            image === null
              ? null
              : await editor.withImage(image, context, ({ pixels }) =>
                  faded(pixels, image.name, { width: size, height: size }, undefined, 1),
                );
          context.heartbeat(++done, images.length);
          return cell;
        });
        const bytes = SHEET_PIXEL_BYTES * large.width * large.height;
        const { data, info } = await editor.withMemory(
          bytes,
          'contact sheet',
          context,
          async () => {
            const sheet = await contactSheet(cells, columns, size);
            const how = format === 'png' ? {} : { quality };
            return sheet[format](how).toBuffer({ resolveWithObject: true });
          },
        );
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
        const whole = (headers: Metadata[]) => montageSize(headers.map(uprightSize), how);
        const { data, info } = await editor.withImages(
          images,
          context,
          () => ({}),
          async (opened) => {
            editor.refuseTooLarge(whole(opened.map(({ header }) => header)), 'montage');
            const parts: Uint8Array[] = [];
            for (const [index, { pixels }] of opened.entries()) {
              parts.push(await faded(pixels, images[index]!.name, null, undefined, 1));
            }
            const sheet = await montage(parts, how);
            const encoding = format === 'png' ? {} : { quality };
            return sharp(sheet, { limitInputPixels: false })
              [format](encoding)
              .toBuffer({ resolveWithObject: true });
          },
          (headers) => {
            const { width, height } = whole(headers);
            return SHEET_PIXEL_BYTES * width * height;
          },
        );
        const stored = await context.put(data, `image/${format}`);
        const extension = format === 'jpeg' ? 'jpg' : format;
        return { ...stored, name: `montage.${extension}`, width: info.width, height: info.height };
      },
    }),
  ];
}
