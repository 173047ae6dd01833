import type { ImagePixels } from './ground-patch.ts';

/** Gray values of an image freed of the noise between neighboring pixels; row-major. */
export interface SmoothImage {
  width: number;
  height: number;
  values: Float32Array;
}

/** How an image rises along x and y, gray values a pixel; row-major. */
export interface ImageSlopes {
  width: number;
  height: number;
  alongX: Float32Array;
  alongY: Float32Array;
}

/** Smoothed by (1 4 6 4 1) / 16 along both axes, continued by its border. */
export function smoothImage({ width, height, samples }: ImagePixels): SmoothImage {
  const rows = new Float32Array(width * height);
  const values = new Float32Array(width * height);
  const padded = new Float32Array(width + 4);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    padded.set(samples.subarray(start, start + width), 2);
    padded.fill(samples[start]!, 0, 2);
    padded.fill(samples[start + width - 1]!, width + 2);
    for (let x = 0; x < width; x++) {
      rows[start + x] = weighted(
        padded[x + 2]!,
        padded[x + 1]! + padded[x + 3]!,
        padded[x]! + padded[x + 4]!,
      );
    }
  }
  const rowAt = (y: number) => (y < 0 ? 0 : y < height ? y : height - 1) * width;
  for (let y = 0; y < height; y++) {
    const [a, b, c, d, e] = [rowAt(y - 2), rowAt(y - 1), y * width, rowAt(y + 1), rowAt(y + 2)];
    for (let x = 0; x < width; x++) {
      values[c + x] = weighted(
        rows[c + x]!,
        rows[b + x]! + rows[d + x]!,
        rows[a + x]! + rows[e + x]!,
      );
    }
  }
  return { width, height, values };
}

function weighted(middle: number, beside: number, outer: number): number {
  return (6 * middle + 4 * beside + outer) / 16;
}

/** How an image rises along both axes, gray values a pixel: differences over two pixels, 0 at the border. */
export function slopesOf({ width, height, values }: SmoothImage): ImageSlopes {
  const alongX = new Float32Array(width * height);
  const alongY = new Float32Array(width * height);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1, at = y * width + 1; x < width - 1; x++, at++) {
      alongX[at] = (values[at + 1]! - values[at - 1]!) / 2;
      alongY[at] = (values[at + width]! - values[at - width]!) / 2;
    }
  }
  return { width, height, alongX, alongY };
}
