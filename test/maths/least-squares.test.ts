import { describe, expect, it } from '@jest/globals';
import { solveLeastSquares } from '../../maths/least-squares.ts';

describe('solveLeastSquares()', () => {
  it('gives the line of its own example', () => {
    const [constant, slope] = solveLeastSquares(
      [
        [1, 0],
        [1, 1],
        [1, 2],
      ],
      [1, 3, 5],
    )!;
    expect(constant).toBeCloseTo(1, 12);
    expect(slope).toBeCloseTo(2, 12);
  });

  it('gives the weighted mean of one unknown', () => {
    expect(solveLeastSquares([[1], [1]], [0, 10], [3, 1])![0]).toBeCloseTo(2.5, 12);
  });

  it('gives nothing when the rows leave an unknown open', () => {
    expect(solveLeastSquares([[1, 2]], [1])).toBeNull();
    expect(
      solveLeastSquares(
        [
          [1, 2],
          [2, 4],
          [3, 6],
        ],
        [1, 2, 3],
      ),
    ).toBeNull();
    expect(solveLeastSquares([], [])).toBeNull();
  });
});
