import { describe, expect, it } from '@jest/globals';
import {
  cellsOver,
  distortionField,
  distortionFigures,
  type GroundResidual,
} from '../../../../geolocalization/model/registration/distortion-field.ts';
import { randomNumbers } from '../../../../maths/seeded-random.ts';

const STEP = 96;
const COLUMNS = 11;
const ROWS = 9;
const places = Array.from({ length: COLUMNS * ROWS }, (_, index) => ({
  x: 63.5 + STEP * (index % COLUMNS),
  y: 71.5 + STEP * Math.floor(index / COLUMNS),
}));
const cells = cellsOver(places);

const residualsOf = (east: (x: number, y: number) => number, north: typeof east) =>
  places.map((at): GroundResidual => ({ at, east: east(at.x, at.y), north: north(at.x, at.y) }));

/** In the middle of the windows, three cells or more from their rim. */
const isInside = (cell: number) => {
  const [column, row] = [cell % COLUMNS, Math.floor(cell / COLUMNS)];
  return column >= 3 && column < COLUMNS - 3 && row >= 3 && row < ROWS - 3;
};

describe('the cells of a distortion field', () => {
  it('have the middle of a window in the middle of each', () => {
    expect(cells).toEqual({
      first: { x: 63.5, y: 71.5 },
      side: STEP,
      columns: COLUMNS,
      rows: ROWS,
    });
  });

  it('do not depend on windows that could not be compared, as long as two neighbors could', () => {
    const some = places.filter((_, index) => index < 2 || index % 5 === 3);
    expect(cellsOver(some)).toMatchObject({ side: STEP, columns: COLUMNS, rows: ROWS });
  });

  it('are larger where there would be more than 256 of them along an axis', () => {
    const row = Array.from({ length: 400 }, (_, index) => ({ x: 10 * index, y: 5 }));
    const { side, columns, rows } = cellsOver(row);
    expect([columns, rows]).toEqual([256, 1]);
    expect(side * (columns - 1)).toBeCloseTo(3990, 9);
  });

  it('are one where there is but one place', () => {
    expect(cellsOver([{ x: 3, y: 4 }])).toMatchObject({ columns: 1, rows: 1 });
  });
});

describe('a distortion field', () => {
  it('is constant where residuals are', () => {
    const { east, north } = distortionField(
      residualsOf(
        () => 1.25,
        () => -0.5,
      ),
      cells,
    );
    for (const value of east) expect(value).toBeCloseTo(1.25, 12);
    for (const value of north) expect(value).toBeCloseTo(-0.5, 12);
  });

  it('follows a linear trend inside, and bends it inward at the rim by half a cell of change', () => {
    const perCell = 0.3;
    const trend = (x: number, y: number) => (perCell * (x - y)) / STEP;
    const residuals = residualsOf(trend, (x, y) => -2 * trend(x, y));
    const { east, north } = distortionField(residuals, cells);
    let inside = 0;
    for (const [cell, { east: truth }] of residuals.entries()) {
      if (!isInside(cell)) continue;
      inside++;
      // Along both axes the tails of the weights that are missing beyond the rim are a thousandth of a cell.
      expect(Math.abs(east[cell]! - truth)).toBeLessThan(0.002 * perCell);
      expect(Math.abs(north[cell]! + 2 * truth)).toBeLessThan(0.004 * perCell);
    }
    expect(inside).toBe(5 * 3);
    const middleOfWestRim = Math.floor(ROWS / 2) * COLUMNS;
    const bent = east[middleOfWestRim]! - residuals[middleOfWestRim]!.east;
    expect(bent / perCell).toBeGreaterThan(0.4);
    expect(bent / perCell).toBeLessThan(0.6);
  });

  it('is empty farther than two cells from every residual, and only there', () => {
    const residuals = [{ at: places[4 * COLUMNS + 2]!, east: 3, north: 4 }];
    const field = distortionField(residuals, cells);
    for (let cell = 0; cell < COLUMNS * ROWS; cell++) {
      const away = Math.hypot((cell % COLUMNS) - 2, Math.floor(cell / COLUMNS) - 4);
      expect(Number.isNaN(field.east[cell])).toBe(away > 2);
      expect(Number.isNaN(field.north[cell])).toBe(away > 2);
    }
    // All places with whole coordinates in a disk of radius 2.
    expect(distortionFigures(field)).toEqual({ rmsMeters: 5, largestMeters: 5, cells: 13 });
  });

  it('is the same to the bit in whatever order the residuals come', () => {
    const draw = randomNumbers('distortion');
    const noisy = residualsOf(
      () => draw() - 0.5,
      () => draw() - 0.5,
    );
    const mixed = noisy
      .map((residual) => ({ residual, key: draw() }))
      .sort((a, b) => a.key - b.key)
      .map(({ residual }) => residual);
    expect(mixed).not.toEqual(noisy);
    const [first, second] = [distortionField(noisy, cells), distortionField(mixed, cells)];
    expect(Buffer.from(second.east.buffer).equals(Buffer.from(first.east.buffer))).toBe(true);
    expect(Buffer.from(second.north.buffer).equals(Buffer.from(first.north.buffer))).toBe(true);
  });
});
