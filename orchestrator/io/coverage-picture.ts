import sharp from 'sharp';
import type { Coverage } from '../../maths/coverage.ts';

/** White where no image sees the ground, then darker from one image to nine and more. */
const SHADES = [
  [255, 255, 255],
  [222, 235, 247],
  [198, 219, 239],
  [158, 202, 225],
  [107, 174, 214],
  [82, 155, 206],
  [66, 136, 196],
  [33, 113, 181],
  [20, 85, 150],
  [8, 48, 107],
] as const;
/** A picture on a page need not be finer. */
const MOST_PIXELS = 600;

/** The coverage of a flight as a picture, a `data:` address; north up. */
export async function coveragePicture({ columns, rows, counts }: Coverage): Promise<string> {
  const step = Math.max(1, Math.ceil(Math.max(columns, rows) / MOST_PIXELS));
  const [width, height] = [Math.ceil(columns / step), Math.ceil(rows / step)];
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Row 0 of the counts lies in the south.
      const row = rows - 1 - Math.min(rows - 1, y * step);
      const seen = counts[row * columns + Math.min(columns - 1, x * step)]!;
      pixels.set(SHADES[Math.min(seen, SHADES.length - 1)]!, (y * width + x) * 3);
    }
  }
  const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ palette: true, colors: 16, effort: 7 })
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
