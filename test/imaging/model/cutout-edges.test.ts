import { describe, expect, it } from '@jest/globals';
import { alphaOfLines, withAlpha } from '../../../imaging/model/apply-alpha.ts';

describe('alphaOfLines()', () => {
  const small = { width: 6, height: 5 };
  const [width, height] = [31, 22];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37 + 11) % 256);

  it('is the function of color between the centers of the small pixels, also where most of them are flat', () => {
    // Clear at the left, solid at the right, and something of its own between them.
    const lines = { red: plane(), green: plane(), blue: plane(), constant: plane() };
    for (let i = 0; i < lines.constant.length; i++) {
      const x = i % small.width;
      lines.constant[i] = x < 2 ? 0 : x > 3 ? 1 : 0.3;
      if (x === 2 || x === 3) Object.assign(lines, withSlopes(lines, i));
    }
    const found = alphaOfLines({ data, width, height, channels: 3 }, lines, small);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [a, b, c, d] = (['red', 'green', 'blue', 'constant'] as const).map((name) =>
          between(
            lines[name],
            ((x + 0.5) * small.width) / width,
            ((y + 0.5) * small.height) / height,
          ),
        ) as [number, number, number, number];
        const at = 3 * (y * width + x);
        const value = (a * data[at]! + b * data[at + 1]! + c * data[at + 2]!) / 255 + d;
        const wanted = value < 2 / 255 ? 0 : value > 253 / 255 ? 255 : value * 255;
        expect(Math.abs(found[y * width + x]! - wanted)).toBeLessThanOrEqual(1);
      }
    }
    expect(found[0]).toBe(0);
    expect(found[width - 1]).toBe(255);
  });

  function plane(): Float32Array {
    return new Float32Array(small.width * small.height);
  }

  function withSlopes(lines: Record<'red' | 'green' | 'blue', Float32Array>, i: number) {
    lines.red[i] = 0.2;
    lines.green[i] = -0.1;
    lines.blue[i] = 0.3;
    return lines;
  }

  /** Bilinear, at a place in pixels of the small picture, with the ends held: written down on its own. */
  function between(values: Float32Array, x: number, y: number): number {
    const hold = (place: number, length: number) => Math.min(length - 1, Math.max(0, place - 0.5));
    const [u, v] = [hold(x, small.width), hold(y, small.height)];
    const [left, top] = [Math.floor(u), Math.floor(v)];
    const value = (i: number, j: number) =>
      values[Math.min(small.height - 1, j) * small.width + Math.min(small.width - 1, i)]!;
    const row = (j: number) => value(left, j) * (1 - (u - left)) + value(left + 1, j) * (u - left);
    return row(top) * (1 - (v - top)) + row(top + 1) * (v - top);
  }
});

describe('withAlpha()', () => {
  it('keeps straight colors, hides what is clear, and multiplies with the alpha that was there', () => {
    const samples = { data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), width: 3, height: 1 };
    const found = withAlpha(
      { ...samples, channels: 3 },
      Uint8Array.of(255, 0, 128),
      Uint8Array.of(100, 255, 255),
    );
    expect([...found]).toEqual([1, 2, 3, 100, 0, 0, 0, 0, 7, 8, 9, 128]);
  });

  it('takes grey of 16 bits to the same levels', () => {
    const samples = { data: Uint16Array.of(500, 600), width: 2, height: 1, channels: 1 as const };
    expect([...withAlpha(samples, Uint8Array.of(255, 1), null)]).toEqual([500, 65535, 600, 257]);
  });
});
