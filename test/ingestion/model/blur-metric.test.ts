import { describe, expect, it } from '@jest/globals';
import {
  blurAlongColumns,
  blurAlongRows,
  blurMetric,
} from '../../../ingestion/model/blur-metric.ts';
import { laplacianVariance } from '../../../ingestion/model/laplacian-variance.ts';

const side = 64;
const waves = Float64Array.from({ length: side * side }, (_, at) => {
  const [x, y] = [at % side, Math.floor(at / side)];
  return 0.5 + 0.25 * Math.sin((2 * Math.PI * x) / 8) + 0.15 * Math.sin((2 * Math.PI * y) / 5 + 1);
});

describe('blurMetric()', () => {
  it('gives the independently computed values of a wave pattern', () => {
    expect(blurAlongRows(waves, side, side)).toBeCloseTo(0.08183735, 8);
    expect(blurAlongColumns(waves, side, side)).toBeCloseTo(0.19679129, 8);
    expect(blurMetric(waves, side, side)).toBeCloseTo(0.19679129, 8);
  });

  it('says 1 of a picture without features', () => {
    expect(blurMetric(new Float64Array(side * side).fill(0.5), side, side)).toBe(1);
  });

  it('does not change with brightness or contrast', () => {
    const values = waves.map((value) => 0.1 + value / 2);
    expect(blurMetric(values, side, side)).toBeCloseTo(blurMetric(waves, side, side), 9);
  });
});

describe('laplacianVariance()', () => {
  it('gives the independently computed value', () => {
    expect(laplacianVariance(waves, side, side)).toBeCloseTo(0.0321905978, 9);
  });
});
