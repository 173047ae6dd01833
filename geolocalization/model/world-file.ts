import type { Geotransform } from './affine.ts';

/**
 * The six lines of a world file, A D B E C F: steps of a column and of a row, then the center of the first
 * pixel.
 */
export function worldFileText(g: Geotransform): string {
  const [x, y] = [g[0] + (g[1] + g[2]) / 2, g[3] + (g[4] + g[5]) / 2];
  return [g[1], g[4], g[2], g[5], x, y].map((value) => `${value}\n`).join('');
}

/**
 * The transform in a world file.
 *
 * @returns null when its first six lines are no numbers, or span no area.
 *
 * @example
 * parseWorldFile('10\n0\n0\n-10\n681005\n5335555\n'); // [681000, 10, 0, 5335560, 0, -10]
 */
export function parseWorldFile(text: string): Geotransform | null {
  const values = text
    .replace(/^\uFEFF/, '')
    .trim()
    .split(/\s+/)
    .slice(0, 6)
    // Some write a comma for the point.
    .map((word) => Number(word.replace(',', '.')));
  if (values.length < 6 || !values.every(Number.isFinite)) return null;
  const [a, d, b, e, c, f] = values as [number, number, number, number, number, number];
  if (a * e - b * d === 0) return null;
  return [c - (a + b) / 2, a, b, f - (d + e) / 2, d, e];
}
