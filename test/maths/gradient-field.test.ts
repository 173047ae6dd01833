import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gradientField } from '../../maths/gradient-field.ts';
import { upperMedian } from '../../maths/upper-median.ts';

const ramp = (valid: Uint8Array | null) => ({
  width: 12,
  height: 10,
  values: Float64Array.from({ length: 120 }, (_, pixel) =>
    valid?.[pixel] === 0 ? 1e6 : 3 * (pixel % 12) - 2 * Math.floor(pixel / 12),
  ),
  valid,
});

describe('gradientField()', () => {
  it('gives the slope of a plane, away from the border', () => {
    const { alongX, alongY, magnitude } = gradientField(ramp(null));
    for (const [x, y] of [
      [4, 4],
      [6, 5],
    ] as const) {
      expect(alongX[y * 12 + x]).toBeCloseTo(3, 10);
      expect(alongY[y * 12 + x]).toBeCloseTo(-2, 10);
      expect(magnitude[y * 12 + x]).toBeCloseTo(Math.sqrt(13), 10);
    }
  });

  it('does not see pixels without data, nor the two beside them', () => {
    const valid = new Uint8Array(120).fill(1).fill(0, 5 * 12 + 6, 5 * 12 + 7);
    const field = gradientField(ramp(valid));
    expect(field.valid[5 * 12 + 8]).toBe(0);
    expect(field.valid[3 * 12 + 4]).toBe(0);
    expect(field.valid[5 * 12 + 9]).toBe(1);
    expect(Math.max(...field.magnitude)).toBeLessThan(4);
  });

  it('is level where nothing rises', () => {
    const level = { ...ramp(null), values: new Float64Array(120).fill(7.3) };
    expect(gradientField(level).medianMagnitude).toBe(0);
    const broken = new Uint8Array(120).fill(1).fill(0, 50, 53);
    expect(Math.max(...gradientField({ ...level, valid: broken }).magnitude)).toBe(0);
    const empty = { ...level, valid: new Uint8Array(120) };
    expect(gradientField(empty).medianMagnitude).toBe(0);
  });
});

describe('upperMedian()', () => {
  it('is what sorting gives', () => {
    const number = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, 1, 2));
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), (numbers) => {
        const sorted = Float64Array.from(numbers).sort();
        expect(upperMedian(Float64Array.from(numbers)) === (sorted[sorted.length >> 1] ?? 0)).toBe(
          true,
        );
      }),
    );
  });
});
