import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Writes a flight of textured images, each different; `megapixels` makes their work longer. */
export async function writeTexturedFlight(
  folder: string,
  count: number,
  megapixels: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  const height = Math.round((width * 3) / 4);
  for (let index = 0; index < count; index++) {
    const small = noise(index + 1, 64, 48);
    await sharp(small, { raw: { width: 64, height: 48, channels: 3 } })
      .resize(width, height, { kernel: 'nearest' })
      .withExif({
        IFD0: { Make: 'Skyloom', Model: 'TestCam' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: `48/1 6/1 ${index}/100`,
          GPSLongitudeRef: 'E',
          GPSLongitude: '11/1 30/1 0/1',
        },
      })
      .jpeg({ quality: 80 })
      .toFile(join(folder, `IMG_${String(index + 1).padStart(4, '0')}.JPG`));
  }
}

/** Repeatable noise by a linear congruential generator. */
function noise(seed: number, width: number, height: number): Buffer {
  let state = seed * 2654435761;
  return Buffer.from(
    Array.from({ length: width * height * 3 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return 40 + (state >>> 24) * 0.7;
    }),
  );
}
