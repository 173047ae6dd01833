import type { Metadata } from 'sharp';
import { z } from 'zod';
import { artifactRefSchema } from '../../contracts/artifacts.ts';
import { storedImageSchema } from '../../contracts/images.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { deepZoom } from '../io/deep-zoom.ts';
import { ImageEditor, pixelTask } from './edit.ts';
import { decoding } from '../io/decoder-words.ts';

const tileSize = z.union([z.literal(128), z.literal(256), z.literal(512)]).default(256);

/** Tasks that make large images quick to look at. */
export function pyramidTasks(settings: Settings) {
  const editor = new ImageEditor(settings);
  return [
    defineTask({
      ...pixelTask,
      name: 'image.deep-zoom@1',
      title: 'Cuts an image into Deep Zoom tiles, in one archive',
      timeout: '30m',
      input: z.object({
        image: storedImageSchema,
        tileSize,
        overlap: z.number().int().min(0).max(8).default(1),
        quality: z.number().int().min(1).max(100).default(85),
      }),
      output: z.object({
        archive: artifactRefSchema.extend({ name: z.string() }),
        tiles: z.number(),
        levels: z.number(),
      }),
      run: ({ image, quality, ...how }, context) =>
        editor.withImage(
          image,
          context,
          async ({ pixels }) => {
            const name = baseOf(image.name);
            const tiles = pixels.toColourspace('srgb').flatten({ background: 'white' });
            const made = await decoding(image.name, () =>
              deepZoom(tiles.jpeg({ quality }), { name, ...how }),
            );
            const ref = await context.put(made.archive, 'application/zip');
            const archive = { ...ref, name: `${name}.dzi.zip` };
            return { archive, tiles: made.tiles, levels: made.levels };
          },
          (header) => ({ written: { ...withSmaller(header), format: 'jpeg' } }),
        ),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.pyramid@1',
      title: 'Writes an image as a tiled TIFF with smaller copies inside',
      timeout: '30m',
      input: z.object({ image: storedImageSchema, tileSize }),
      output: storedImageSchema,
      run: ({ image, tileSize: side }, context) =>
        editor.withImage(
          image,
          context,
          async ({ pixels, space, header }) => {
            const written = pixels.toColourspace(space);
            if (header.icc !== undefined) written.keepIccProfile();
            const { data, info } = await decoding(image.name, () =>
              written
                .tiff({
                  compression: 'deflate',
                  predictor: 'horizontal',
                  tile: true,
                  tileWidth: side,
                  tileHeight: side,
                  pyramid: true,
                  bigtiff: true,
                })
                .toBuffer({ resolveWithObject: true }),
            );
            const stored = await context.put(data, 'image/tiff');
            return {
              ...stored,
              name: `${baseOf(image.name)}.tif`,
              width: info.width,
              height: info.height,
            };
          },
          (header) => ({ written: { ...withSmaller(header), format: 'tiff' } }),
        ),
    }),
  ];
}

/** An image with its copies at a half, a quarter and so on is as large as this. */
function withSmaller({ width, height, channels, depth }: Metadata) {
  return { width, height: (4 / 3) * height, channels, depth };
}

function baseOf(name: string): string {
  return name.replace(/\.[A-Za-z0-9]{1,5}$/, '').replaceAll(/[^\w.-]+/g, '-');
}
