import { z } from 'zod';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { pixelMeasuresSchema } from '../../contracts/flight.ts';
import { storedImageSchema } from '../../contracts/images.ts';
import { defineTask } from '../../flows/build/task.ts';
import type { Settings } from '../../platform/configuration.ts';
import { readHeader } from '../io/open-image.ts';
import { stripMetadata, type StrippableFormat } from '../model/strip-metadata.ts';
import { ImageEditor, pixelTask } from './edit.ts';

/** Measures sharpness and exposure of a file as the examination of flights does. */
export type MeasureImage = (
  file: Uint8Array,
  name: string,
) => Promise<z.infer<typeof pixelMeasuresSchema>>;

const strippable = new Set(['jpeg', 'png', 'webp']);

/** Tasks about what an image is and what is written in it. */
export function describeTasks(settings: Settings, measureImage: MeasureImage) {
  const editor = new ImageEditor(settings);
  return [
    defineTask({
      ...pixelTask,
      name: 'image.quality@1',
      title: 'Measures sharpness and exposure',
      input: z.object({ image: storedImageSchema }),
      output: pixelMeasuresSchema,
      run: ({ image }, context) =>
        editor.withImage(image, context, async () =>
          measureImage(await context.open(image), image.name),
        ),
    }),
    defineTask({
      ...pixelTask,
      name: 'image.strip@1',
      title: 'Takes place, time, camera and texts out of an image, and leaves every pixel',
      input: z.object({ image: storedImageSchema }),
      output: storedImageSchema,
      run: ({ image }, context) =>
        // The file, its parts put together, and what the storage makes of it.
        editor.withMemory(3 * image.bytes, image.name, context, async () => {
          const file = await context.open(image);
          const { format, orientation = 1 } = await readHeader(file, image.name);
          if (!strippable.has(format)) {
            throw new UnsupportedImage(
              `Cannot strip image "${image.name}" as ${format} is not taken: write it as jpeg, png or webp with "image.convert@1", which keeps no metadata`,
            );
          }
          try {
            const bytes = stripMetadata(file, format as StrippableFormat, orientation);
            const { name, width, height } = image;
            return { ...(await context.put(bytes, `image/${format}`)), name, width, height };
          } catch (error) {
            if (!(error instanceof RangeError)) throw error;
            throw new UnsupportedImage(`Cannot strip image "${image.name}" as ${error.message}`);
          }
        }),
    }),
  ];
}
