import type { Raster } from '../../maths/raster.ts';

const { exp } = Math;

interface Blob {
  x: number;
  y: number;
  amplitude: number;
  sigma: number;
}

/** Sixty Gaussians from a linear congruential generator: an image with a value everywhere. */
export function blobs(): Blob[] {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: 60 }, () => ({
    x: 128 * next(),
    y: 128 * next(),
    amplitude: 2 * next() - 1,
    sigma: 1.5 + 3 * next(),
  }));
}

/** The image whose content lies (dx, dy) farther, 128 x 128 pixels by default. */
export function analyticImage(dx = 0, dy = 0, size = 128): Raster {
  const parts = blobs();
  const values = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      let sum = 0;
      for (const { x: gx, y: gy, amplitude, sigma } of parts) {
        const square = (x - dx - gx) ** 2 + (y - dy - gy) ** 2;
        sum += amplitude * exp(-square / (2 * sigma * sigma));
      }
      values[y * size + x] = sum;
    }
  }
  return { width: size, height: size, values, valid: null };
}
