import { describe, expect, it } from '@jest/globals';
import { validOutline } from '../../../geolocalization/model/valid-outline.ts';

function mask(...rows: string[]) {
  const cells = rows.join('');
  return {
    cells: Uint8Array.from(cells, (cell) => (cell === '#' ? 1 : 0)),
    size: { width: rows[0]!.length, height: rows.length },
  };
}

describe('validOutline()', () => {
  it('runs around a rectangle once, corner by corner', () => {
    const { cells, size } = mask('......', '.####.', '.####.', '......');
    expect(validOutline(cells, size)).toEqual([
      [1, 1],
      [5, 1],
      [5, 3],
      [1, 3],
    ]);
  });

  it('takes the largest part, and no holes', () => {
    const { cells, size } = mask('##....', '......', '..####', '..#..#', '..#..#', '..####');
    expect(validOutline(cells, size)).toEqual([
      [2, 2],
      [6, 2],
      [6, 6],
      [2, 6],
    ]);
  });

  it('keeps the corners of a shape that is no rectangle', () => {
    const { cells, size } = mask('######', '######', '###...', '###...');
    expect(validOutline(cells, size)).toEqual([
      [0, 0],
      [6, 0],
      [6, 2],
      [3, 2],
      [3, 4],
      [0, 4],
    ]);
  });

  it('follows a slope within a cell', () => {
    const side = 64;
    const cells = new Uint8Array(side * side);
    for (let row = 0; row < side; row++) {
      for (let column = row; column < side; column++) cells[row * side + column] = 1;
    }
    const outline = validOutline(cells, { width: side, height: side })!;
    expect(outline.length).toBeLessThan(8);
    for (const [column, row] of outline) expect(row - column).toBeLessThanOrEqual(1);
  });

  it('gives nothing when no cell belongs', () => {
    expect(validOutline(new Uint8Array(4), { width: 2, height: 2 })).toBeNull();
  });

  it('takes a mask that belongs whole', () => {
    expect(validOutline(new Uint8Array(6).fill(1), { width: 3, height: 2 })).toHaveLength(4);
  });
});
