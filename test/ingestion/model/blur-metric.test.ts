import { describe, expect, it } from '@jest/globals';
import { blurAlong, blurMetric } from '../../../ingestion/model/blur-metric.ts';
import { laplacianVariance } from '../../../ingestion/model/laplacian-variance.ts';

const side = 64;
const waves = {
  width: side,
  height: side,
  values: Float64Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    return (
      0.5 + 0.25 * Math.sin((2 * Math.PI * x) / 8) + 0.15 * Math.sin((2 * Math.PI * y) / 5 + 1)
    );
  }),
};

describe('blurMetric()', () => {
  it('gives the independently computed values of a wave pattern', () => {
    expect(blurAlong(waves, 'rows')).toBeCloseTo(0.08183735, 8);
    expect(blurAlong(waves, 'columns')).toBeCloseTo(0.19679129, 8);
    expect(blurMetric(waves)).toBeCloseTo(0.19679129, 8);
  });

  it('says 1 of a picture without features', () => {
    expect(blurMetric({ ...waves, values: new Float64Array(side * side).fill(0.5) })).toBe(1);
  });

  it('does not change with brightness or contrast', () => {
    const values = waves.values.map((value) => 0.1 + value / 2);
    expect(blurMetric({ ...waves, values })).toBeCloseTo(blurMetric(waves), 9);
  });
});

describe('laplacianVariance()', () => {
  it('gives the independently computed value', () => {
    expect(laplacianVariance(waves)).toBeCloseTo(0.0321905978, 9);
  });
});
