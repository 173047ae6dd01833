import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { estimateShiftModel } from '../../../../geolocalization/model/registration/estimate-shift-model.ts';
import {
  type Displacement,
  displacementAt,
  fitShiftModel,
  matrixOf,
} from '../../../../geolocalization/model/registration/shift-model.ts';
import { randomNumbers } from '../../../../maths/seeded-random.ts';

const places = [
  [50, 40],
  [450, 60],
  [60, 380],
  [440, 390],
  [250, 210],
  [150, 300],
  [350, 120],
  [100, 200],
  [400, 250],
  [300, 350],
] as const;
const matrix = [1.0004, 0.0003, 2.35, -0.0002, 0.9997, -1.6] as const;
const blunders = new Map([
  [3, [9, -7]],
  [6, [-15, 4]],
]);

const matches: Displacement[] = places.map(([x, y], index) => {
  const [a, b, c, d, e, f] = matrix;
  const [wrongX = 0, wrongY = 0] = blunders.get(index) ?? [];
  return {
    at: { x, y },
    shift: { x: a * x + b * y + c + wrongX - x, y: d * x + e * y + f + wrongY - y },
  };
});

const noisyShift = (count: number, seed: string, shiftAt: (x: number, y: number) => number) => {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (): Displacement => {
    const [x, y] = [1000 * random(), 800 * random()];
    const spread = () => 0.1 * (random() + random() - 1);
    return { at: { x, y }, shift: { x: shiftAt(x, y) + spread(), y: 2 + spread() } };
  });
};

describe('estimateShiftModel()', () => {
  it('has the targets of the known example', () => {
    const target = (index: number) => [
      matches[index]!.at.x + matches[index]!.shift.x,
      matches[index]!.at.y + matches[index]!.shift.y,
    ];
    for (const [index, x, y] of [
      [0, 52.382, 38.378],
      [3, 451.643, 381.195],
      [6, 337.526, 122.294],
    ] as const) {
      expect(target(index)[0]).toBeCloseTo(x, 3);
      expect(target(index)[1]).toBeCloseTo(y, 3);
    }
  });

  it('recovers the matrix to 1e-9 and leaves both blunders out', () => {
    const { model, agreeing } = estimateShiftModel(matches, { seed: 'known' })!;
    expect(model.kind).toBe('affine');
    expect(agreeing).toEqual(matches.filter((_, index) => !blunders.has(index)));
    matrixOf(model)!.forEach((value, index) => {
      expect(Math.abs(value - matrix[index]!)).toBeLessThan(1e-9);
    });
  });

  it('gives the same for the same seed, and does not need a lucky one', () => {
    const seeds = Array.from({ length: 8 }, (_, index) => `seed ${index}`);
    const models = seeds.map((seed) => matrixOf(estimateShiftModel(matches, { seed })!.model)!);
    for (const found of models) {
      found.forEach((value, index) => expect(value).toBeCloseTo(matrix[index]!, 9));
    }
    expect(estimateShiftModel(matches, { seed: 'a' })).toEqual(
      estimateShiftModel(matches, { seed: 'a' }),
    );
  });

  it('takes a translation where no more is to be seen', () => {
    const { model } = estimateShiftModel(
      noisyShift(60, 'still', () => 3),
      { seed: 'x' },
    )!;
    expect(model.kind).toBe('translation');
    expect(model.x[0]).toBeCloseTo(3, 1);
  });

  it('takes a richer kind where one is, and a polynomial only when asked', () => {
    const bent = noisyShift(90, 'bent', (x) => 3e-6 * (x - 500) ** 2);
    const kinds = ['translation', 'affine', 'polynomial'] as const;
    expect(estimateShiftModel(bent, { seed: 'x', kinds })!.model.kind).toBe('polynomial');
    expect(estimateShiftModel(bent, { seed: 'x' })!.model.kind).not.toBe('polynomial');
    const sheared = noisyShift(90, 'sheared', (_, y) => 0.002 * y);
    expect(estimateShiftModel(sheared, { seed: 'x' })!.model.kind).toBe('affine');
  });

  it.each([
    [0, 'translation'],
    [0.004, 'similarity'],
  ])(
    'sees a growth of %d a pixel also in windows that see each pixel 16 times: %s',
    (growth, kind) => {
      const random = randomNumbers('dense');
      const spread = () => 0.2 * (random() + random() - 1);
      const dense = Array.from({ length: 100 }, (_, index): Displacement => {
        const [x, y] = [16 * (index % 10), 16 * Math.floor(index / 10)];
        return {
          at: { x, y },
          shift: { x: 3 + growth * x + spread(), y: 2 + growth * y + spread() },
        };
      });
      expect(estimateShiftModel(dense, { seed: 'x', overlap: 16 })!.model.kind).toBe(kind);
    },
  );

  it('finds a few that agree among many that do not', () => {
    const random = randomNumbers('crowd');
    const crowd = noisyShift(15, 'few', () => 5).concat(
      Array.from({ length: 45 }, () => ({
        at: { x: 1000 * random(), y: 800 * random() },
        shift: { x: 24 * random() - 12, y: 24 * random() - 12 },
      })),
    );
    const { agreeing, model } = estimateShiftModel(crowd, {
      seed: 'x',
      kinds: ['translation'],
    })!;
    expect(agreeing.length).toBeGreaterThanOrEqual(15);
    expect(model.x[0]).toBeCloseTo(5, 0);
  });

  it('gives nothing of nothing, and a translation of one match', () => {
    expect(estimateShiftModel([], { seed: 'x' })).toBeNull();
    expect(estimateShiftModel(matches.slice(0, 1), { seed: 'x' })!.model.kind).toBe('translation');
  });

  it('moves with its matches when all coordinates are translated', () => {
    const far = fc.integer({ min: -10_000, max: 10_000 });
    fc.assert(
      fc.property(far, far, (x, y) => {
        const moved = matches.map(({ at, shift }) => ({ at: { x: at.x + x, y: at.y + y }, shift }));
        const here = estimateShiftModel(matches, { seed: 'x' })!;
        const there = estimateShiftModel(moved, { seed: 'x' })!;
        expect(there.agreeing).toHaveLength(here.agreeing.length);
        const found = displacementAt(there.model, { x: 100 + x, y: 100 + y });
        expect(found.x).toBeCloseTo(displacementAt(here.model, { x: 100, y: 100 }).x, 8);
      }),
      { numRuns: 5 },
    );
  });
});

describe('fitShiftModel()', () => {
  it('keeps scale and turn of a similarity apart from shear', () => {
    const [scale, turn] = [1.002, 0.001];
    const turned = places.map(([x, y]) => ({
      at: { x, y },
      shift: {
        x: scale * (x * Math.cos(turn) - y * Math.sin(turn)) - x,
        y: scale * (x * Math.sin(turn) + y * Math.cos(turn)) - y,
      },
    }));
    const [a, b, , d, e] = matrixOf(fitShiftModel(turned, 'similarity')!)!;
    expect(a).toBeCloseTo(scale * Math.cos(turn), 10);
    expect(b).toBeCloseTo(-scale * Math.sin(turn), 10);
    expect(d).toBeCloseTo(-b, 12);
    expect(e).toBeCloseTo(a, 12);
  });

  it('gives nothing of too few places, and no matrix of a polynomial', () => {
    expect(fitShiftModel(matches.slice(0, 2), 'affine')).toBeNull();
    expect(matrixOf(fitShiftModel(matches, 'polynomial')!)).toBeNull();
  });
});
