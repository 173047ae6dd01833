import { describe, expect, it } from '@jest/globals';
import { type Sharpness, sharpnessOf } from '../../../ingestion/model/sharpness.ts';
import { randomNumbers } from '../../../maths/seeded-random.ts';

const side = 64;
const waves = Float64Array.from({ length: side * side }, (_, at) => {
  const [x, y] = [at % side, Math.floor(at / side)];
  return 0.5 + 0.25 * Math.sin((2 * Math.PI * x) / 8) + 0.15 * Math.sin((2 * Math.PI * y) / 5 + 1);
});

/** The rows as an array holds them. */
function sharpnessOfArray(values: Float64Array, width: number, height: number): Sharpness {
  return sharpnessOf(width, height, (row, to, start) => {
    to.set(values.subarray(row * width, (row + 1) * width), start);
  });
}

/** The same by definition: the whole blurred image, its borders mirrored, and Sobel's slopes of both. */
function blurByDefinition(values: Float64Array, width: number, height: number, isDown: boolean) {
  const fold = (index: number, length: number): number => {
    if (index < 0) return fold(-1 - index, length);
    return index < length ? index : fold(2 * length - 1 - index, length);
  };
  const at = (image: Float64Array, x: number, y: number) =>
    image[fold(y, height) * width + fold(x, width)]!;
  const each = (value: (x: number, y: number) => number) =>
    Float64Array.from({ length: width * height }, (_, i) =>
      value(i % width, Math.floor(i / width)),
    );
  const blurred = each((x, y) => {
    let sum = 0;
    for (let k = -5; k <= 5; k++) sum += isDown ? at(values, x, y + k) : at(values, x + k, y);
    return sum / 11;
  });
  const slope = (image: Float64Array, x: number, y: number) => {
    let sum = 0;
    for (const [k, weight] of [
      [-1, 1],
      [0, 2],
      [1, 1],
    ] as const) {
      sum += isDown
        ? weight * (at(image, x + k, y + 1) - at(image, x + k, y - 1))
        : weight * (at(image, x + 1, y + k) - at(image, x - 1, y + k));
    }
    return Math.abs(sum);
  };
  let [edges, lost] = [0, 0];
  for (let y = 2; y < height - 1; y++) {
    for (let x = 2; x < width - 1; x++) {
      const edge = slope(values, x, y);
      edges += edge;
      lost += Math.max(0, edge - slope(blurred, x, y));
    }
  }
  return edges === 0 ? 1 : (edges - lost) / edges;
}

describe('sharpnessOf()', () => {
  it('gives the independently computed values of a wave pattern', () => {
    const seen = sharpnessOfArray(waves, side, side);
    expect(seen.blurAlongRows).toBeCloseTo(0.08183735, 8);
    expect(seen.blurAlongColumns).toBeCloseTo(0.19679129, 8);
    expect(seen.laplacianVariance).toBeCloseTo(0.0321905978, 9);
  });

  it('gives what the definition gives, whatever the shape', () => {
    const random = randomNumbers('sharpness');
    for (const [width, height] of [
      [40, 33],
      [5, 30],
      [30, 5],
      [4, 4],
      [13, 14],
    ] as const) {
      const values = Float64Array.from({ length: width * height }, () => random());
      const seen = sharpnessOfArray(values, width, height);
      expect(seen.blurAlongRows).toBeCloseTo(blurByDefinition(values, width, height, true), 9);
      expect(seen.blurAlongColumns).toBeCloseTo(blurByDefinition(values, width, height, false), 9);
    }
  });

  it.each([
    [side, side],
    [1, 1],
    [2, 7],
  ])('says 1 of a picture of %d x %d without features', (width, height) => {
    const seen = sharpnessOfArray(new Float64Array(width * height).fill(0.5), width, height);
    expect(seen).toEqual({ blurAlongRows: 1, blurAlongColumns: 1, laplacianVariance: 0 });
  });

  it('does not change with brightness or contrast', () => {
    const seen = sharpnessOfArray(waves, side, side);
    const other = sharpnessOfArray(
      waves.map((value) => 0.1 + value / 2),
      side,
      side,
    );
    expect(other.blurAlongRows).toBeCloseTo(seen.blurAlongRows, 9);
    expect(other.blurAlongColumns).toBeCloseTo(seen.blurAlongColumns, 9);
  });
});
