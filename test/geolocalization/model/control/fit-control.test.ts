import { describe, expect, it } from '@jest/globals';
import type { GroundControl } from '../../../../contracts/scene-placement.ts';
import {
  controlFromMap,
  controlToMap,
  inMovedMap,
} from '../../../../geolocalization/model/control/control-geometry.ts';
import {
  type ControlFit,
  fitControl,
} from '../../../../geolocalization/model/control/fit-control.ts';
import { fitProjective } from '../../../../geolocalization/model/control/fit-projective.ts';
import { fitSpline } from '../../../../geolocalization/model/control/fit-spline.ts';
import { BENT, PERSPECTIVE } from './points.ts';

const size = { width: 1000, height: 800 };

describe('fitSpline', () => {
  it('is the thin-plate spline of scipy.interpolate.RBFInterpolator', () => {
    const { model, leaveOneOut } = fitSpline(BENT)!;
    const expected: [number, number, number, number][] = [
      [100, 100, 501396.8386377005, 3999162.8620525403],
      [500, 400, 505201.90529839136, 3995996.717562679],
      [900, 700, 509938.109877696, 3993060.48470339],
      [0, 0, 500471.0975701187, 4000233.6420405735],
      [1000, 800, 511136.71159343416, 3992080.4176598075],
    ];
    for (const [column, row, x, y] of expected) {
      const place = controlToMap(model, column, row)!;
      expect(place[0]).toBeCloseTo(x, 6);
      expect(place[1]).toBeCloseTo(y, 6);
    }
    // The same, made anew without each of the first three points.
    const without = [
      [452.91127526, 273.83324237],
      [3.02915527, -6.87105945],
      [-28.39463614, -5.08027508],
    ];
    without.forEach(([x, y], index) => {
      expect(leaveOneOut[index]![0]).toBeCloseTo(x!, 6);
      expect(leaveOneOut[index]![1]).toBeCloseTo(y!, 6);
    });
  });

  it('tells by smoothing, too, what each point is off without it', () => {
    const smoothing = 0.05;
    const { leaveOneOut } = fitSpline(BENT, smoothing)!;
    const [, second] = BENT;
    // The distances are measured around the middle of other points then, and so is the smoothing.
    const others = BENT.filter((point) => point !== second);
    const ratio = (spread(others) / spread(BENT)) ** 2;
    const { model } = fitSpline(others, smoothing / ratio)!;
    const place = controlToMap(model, second!.column, second!.row)!;
    expect(second!.x - place[0]).toBeCloseTo(leaveOneOut[1]![0], 5);
    expect(second!.y - place[1]).toBeCloseTo(leaveOneOut[1]![1], 5);
  });

  it('becomes a plane with much smoothing', () => {
    const { model } = fitSpline(BENT, 1e9)!;
    for (const weight of [...model.x.weights, ...model.y.weights]) {
      expect(Math.abs(weight)).toBeLessThan(1e-5);
    }
  });
});

describe('fitProjective', () => {
  it('leaves the least that scipy.optimize.least_squares leaves', () => {
    const { matrix, leaveOneOut } = fitProjective(PERSPECTIVE)!;
    const model = { kind: 'projective', matrix } as const;
    const expected: [number, number, number, number][] = [
      [100, 100, 501033.36716108763, 3999035.1770721427],
      [500, 400, 504941.3804052016, 3996307.46912343],
      [900, 700, 508596.9303725997, 3993755.975031642],
      [0, 0, 499998.5915314056, 4000000.215265802],
      [1000, 800, 509521.1487680493, 3992885.9347656667],
    ];
    for (const [column, row, x, y] of expected) {
      const place = controlToMap(model, column, row)!;
      expect(place[0]).toBeCloseTo(x, 3);
      expect(place[1]).toBeCloseTo(y, 3);
    }
    // Made anew without each point 3.6570 m rms are left at them; here it is told to the first order.
    const all = Math.sqrt(mean(leaveOneOut.map(([x, y]) => x * x + y * y)));
    expect(all).toBeCloseTo(3.657, 1);
  });

  it('finds a perspective that four points state, and says that nothing checks it', () => {
    const four = PERSPECTIVE.slice(0, 3).concat(PERSPECTIVE[5]!);
    const { matrix, leaveOneOut } = fitProjective(four)!;
    for (const { column, row, x, y } of four) {
      const place = controlToMap({ kind: 'projective', matrix }, column, row)!;
      expect(place[0]).toBeCloseTo(x, 5);
      expect(place[1]).toBeCloseTo(y, 5);
    }
    expect(leaveOneOut.every(([x]) => x === Infinity)).toBe(true);
  });
});

describe('fitControl', () => {
  it('takes six numbers where they fit, whatever else would', () => {
    const points = BENT.map(({ column, row }) => ({
      column,
      row,
      x: 500_000 + 10 * column + 2 * row,
      y: 4e6 + column - 10 * row + (column > 500 ? 3 : -3),
    }));
    const fit = fitted(points);
    expect(fit.model.kind).toBe('affine');
    expect(fit.rmsPixels).toBeGreaterThan(0.05);
    expect(fit.rmsPixels).toBeLessThan(0.4);
  });

  it('takes a perspective where six numbers are 25 pixels off', () => {
    const fit = fitted(PERSPECTIVE);
    expect(fit.model.kind).toBe('projective');
    expect(fit.rmsPixels).toBeCloseTo(0.1843, 1);
    expect(fit.leaveOneOutPixels).toBeGreaterThan(fit.rmsPixels);
    expect(fit.leaveOneOutPixels).toBeLessThan(1);
  });

  it('takes a spline where neither fits, and tells its error by points left out', () => {
    const fit = fitted(BENT);
    expect(fit.model.kind).toBe('thin-plate-spline');
    expect(fit.rmsPixels).toBeLessThan(1e-6);
    expect(fit.leaveOneOutPixels).toBeGreaterThan(10);
    // The one in the corner, far from all others.
    expect(fit.worst).toMatchObject({ column: 20.4, row: 13.2 });
  });

  it('goes between points that are bent and noisy, not through them', () => {
    const noise = [
      0.9, -0.4, 0.1, -0.8, 0.6, -0.2, 0.5, -0.9, 0.3, -0.6, 0.8, -0.1, 0.4, -0.7, 0.2,
    ];
    const points = Array.from({ length: 64 }, (_, index): GroundControl => {
      const [column, row] = [(index % 8) * 140, Math.floor(index / 8) * 110];
      return {
        column,
        row,
        x: 10 * column + 0.0004 * (column - 500) ** 2 + 60 * noise[index % 15]!,
        y: -10 * row + 0.0004 * (row - 400) ** 2 + 60 * noise[(index * 7) % 15]!,
      };
    });
    const fit = fitted(points);
    const exact = fitSpline(points)!.leaveOneOut.map(([x, y]) => (x * x + y * y) / 100);
    expect(fit.rmsPixels).toBeGreaterThan(1);
    expect(fit.leaveOneOutPixels).toBeLessThan(0.95 * Math.sqrt(mean(exact)));
  });

  it('comes back from the map to the pixel, by every model', () => {
    for (const points of [BENT, PERSPECTIVE]) {
      const { model } = fitted(points);
      if (model.kind === 'affine') throw new Error('six numbers cannot fit these');
      for (const [column, row] of [
        [3, 5],
        [990, 20],
        [480, 410],
        [999, 799],
      ] as const) {
        const place = controlToMap(model, column, row)!;
        const pixel = controlFromMap(model, place, [column + 60, row - 40])!;
        expect(pixel[0]).toBeCloseTo(column, 8);
        expect(pixel[1]).toBeCloseTo(row, 8);
      }
    }
  });

  it('moves with its map, by every model', () => {
    for (const points of [BENT, PERSPECTIVE]) {
      const { model } = fitted(points);
      if (model.kind === 'affine') throw new Error('six numbers cannot fit these');
      const [x, y] = controlToMap(model, 321, 456)!;
      const moved = controlToMap(inMovedMap(model, [7, 1.1, 0.2, -5, 0.3, 0.9]), 321, 456)!;
      expect(moved[0]).toBeCloseTo(7 + 1.1 * x + 0.2 * y, 5);
      expect(moved[1]).toBeCloseTo(-5 + 0.3 * x + 0.9 * y, 5);
    }
  });

  it('uses many points, and checks by those that it does not need', () => {
    const points = Array.from({ length: 900 }, (_, index): GroundControl => {
      const [column, row] = [(index % 30) * 33, Math.floor(index / 30) * 27];
      return { column, row, x: 10 * column + 4e-4 * (row - 400) ** 2, y: -10 * row };
    });
    const fit = fitted(points);
    expect(fit.points).toHaveLength(200);
    expect(fit.leaveOneOutPixels).toBeLessThan(1);
  });

  it.each<[string, GroundControl[]]>([
    ['has 2 ground control points, and at least 3', BENT.slice(0, 2)],
    ['has 1 ground control point, and at least 3', BENT.slice(0, 1)],
    [
      'has 4 ground control points, of which 2 can be used, and at least 3',
      [BENT[0]!, BENT[1]!, BENT[0]!, BENT[1]!],
    ],
    [
      'has 3 ground control points, of which 2 can be used, and at least 3',
      [BENT[0]!, BENT[1]!, { ...BENT[2]!, x: Infinity }],
    ],
    [
      'has 4 ground control points that lie on one line, and at least one beside it',
      [0, 1, 2, 3].map((k) => ({ column: 10 * k, row: 20 * k, x: 5e5 + 7 * k, y: 4e6 - k })),
    ],
    [
      'has 4 ground control points that lie on one line, and at least one beside it',
      BENT.slice(0, 4).map((point, k) => ({ ...point, x: 5e5 + k, y: 4e6 + 2 * k })),
    ],
    [
      'has 4 ground control points, of which 1 can be used, and at least 3',
      BENT.slice(0, 4).map((point, k) => (k < 3 ? { ...point, x: 0, y: 0 } : point)),
    ],
    [
      'has 12 ground control points that do not place it as they contradict each other: each is off',
      BENT.map((point, k) => ({ ...point, x: BENT[(k * 5) % 12]!.x })),
    ],
  ])('says of a scene that it %s', (words, points) => {
    const fault = fitControl(points, size);
    expect(fault).toContain(words);
  });

  it('leaves out what contradicts, and says so', () => {
    const [first] = PERSPECTIVE;
    const fit = fitted([
      ...PERSPECTIVE,
      { ...PERSPECTIVE[3]! },
      { ...first!, x: first!.x + 5000 },
      { column: NaN, row: 0, x: 0, y: 0 },
    ]);
    expect(fit.points).toHaveLength(11);
    expect(fit.warnings).toEqual([
      '1 of its 15 ground control points is left out as it has numbers that are not finite',
      '1 of its 15 ground control points repeats another and is left out',
      '2 of its 15 ground control points are left out as they contradict each other, one pixel with two places or one place with two pixels, such as that at column 20.4, row 13.2',
    ]);
  });

  it('leaves out a point at the end of the world, wherever that is', () => {
    for (const x of [1e12, 1e300]) {
      const fit = fitted([...PERSPECTIVE, { column: 999, row: 1, x, y: 4e6 }]);
      expect(fit.points).toHaveLength(12);
      expect(fit.warnings).toEqual([
        '1 of its 13 ground control points lie more than 1000 times as far off as the others and are left out, such as that at column 999, row 1',
      ]);
    }
  });

  it('says that three points, or four of a perspective, leave nothing to check by', () => {
    const three = fitted(PERSPECTIVE.slice(0, 3));
    const four = fitted([...PERSPECTIVE.slice(0, 3), PERSPECTIVE[5]!]);
    expect(three.model.kind).toBe('affine');
    expect(four.model.kind).toBe('projective');
    expect(four.leaveOneOutPixels).toBeNull();
    for (const { warnings } of [three, four])
      expect(warnings).toEqual([expect.stringContaining('give one more')]);
  });

  it('takes no perspective whose horizon lies in the picture', () => {
    const points = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((k): GroundControl => {
      const [column, row] = [100 + 60 * (k % 3), 100 + 60 * Math.floor(k / 3)];
      const depth = 1 - column / 400;
      return { column, row, x: (10 * column) / depth, y: (-10 * row) / depth };
    });
    const fit = fitControl(points, size);
    if (typeof fit !== 'string') expect(fit.model.kind).not.toBe('projective');
  });
});

function fitted(points: readonly GroundControl[]): ControlFit {
  const fit = fitControl(points, size);
  if (typeof fit === 'string') throw new Error(fit);
  return fit;
}

function spread(points: readonly GroundControl[]): number {
  const column = mean(points.map((point) => point.column));
  const row = mean(points.map((point) => point.row));
  return mean(points.map((point) => Math.hypot(point.column - column, point.row - row)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
