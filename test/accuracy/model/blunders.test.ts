import { describe, expect, it } from '@jest/globals';
import {
  explainSuspects,
  findSuspects,
  type JudgedResidual,
  robustZ,
} from '../../../accuracy/model/blunders.ts';
import type { ControlPoint } from '../../../accuracy/model/control.ts';
import { findSwappedNames } from '../../../accuracy/model/swapped-names.ts';
import { publishedPoints } from './published-residuals.ts';

const lengths = publishedPoints.map(({ east, north }) => Math.hypot(east, north));
const residual = (point: string, image: string, radial: number): JudgedResidual => ({
  point,
  image,
  radial,
  isInImage: true,
});

describe('robustZ()', () => {
  it('gives the published scores of ten residuals and a blunder', () => {
    const scores = robustZ([...lengths, 0.35]);
    expect(scores.at(-1)).toBeCloseTo(40.19, 2);
    expect(Math.max(...scores.slice(0, -1).map(Math.abs))).toBeCloseTo(2.06, 2);
  });

  it('makes no blunder of residuals that are all but equal', () => {
    expect(robustZ([0, 0, 0, 1e-6], 0.01)[3]).toBeLessThan(0.001);
    expect(robustZ([0, 0, 0, 1])[3]).toBe(Infinity);
    expect(robustZ([])).toEqual([]);
  });
});

describe('findSuspects()', () => {
  it('names the large one and the one outside the image', () => {
    const residuals = [
      ...lengths.map((radial, index) => residual(`P${index}`, 'A', radial)),
      residual('P10', 'A', 0.35),
      { ...residual('P11', 'A', 0.03), isInImage: false },
    ];
    const suspects = findSuspects(residuals, 0.001);
    expect(suspects.map(({ point, because }) => [point, because])).toEqual([
      ['P10', 'large residual'],
      ['P11', 'outside the image'],
    ]);
  });
});

describe('explainSuspects()', () => {
  const grid = (lengthOf: (point: string, image: string) => number) =>
    ['P', 'Q', 'R', 'S'].flatMap((point, row) =>
      ['A', 'B', 'C', 'D'].map((image, column) =>
        residual(point, image, lengthOf(point, image) + 0.001 * (row + 2 * column)),
      ),
    );
  const kinds = (residuals: JudgedResidual[]) =>
    explainSuspects(residuals, findSuspects(residuals, 0.001)).map(
      ({ kind, point, image }) => `${kind} ${point} ${image}`,
    );

  it('tells a pointing, a point and a pose apart', () => {
    expect(kinds(grid((p, i) => (p === 'P' && i === 'B' ? 1 : 0.02)))).toEqual(['pointing P B']);
    expect(kinds(grid((p) => (p === 'Q' ? 1 : 0.02)))).toEqual(['point Q null']);
    expect(kinds(grid((_, i) => (i === 'C' ? 1 : 0.02)))).toEqual(['pose null C']);
    expect(kinds(grid(() => 0.02))).toEqual([]);
  });
});

describe('findSwappedNames()', () => {
  const point = (name: string, east: number): ControlPoint => ({
    name,
    position: [east, 0, 0],
    isHeightKnown: true,
  });
  const points = new Map([point('P', 0), point('Q', 10), point('R', 100)].map((p) => [p.name, p]));
  const observations = ['A', 'B'].map((image) => ({ point: 'P', image, pixel: [0, 0] as const }));

  it('names the point that the observations fit', () => {
    const seenAt = 10.1;
    const radialOf = (_: unknown, { position }: ControlPoint) => Math.abs(seenAt - position[0]);
    const [swapped] = findSwappedNames(['P'], points, observations, radialOf);
    expect(swapped).toMatchObject({ point: 'P', fits: 'Q' });
    expect(swapped!.rmseSwapped).toBeCloseTo(0.1, 9);
  });

  it('names none when no other point fits, or the point is unknown', () => {
    expect(findSwappedNames(['P', 'Z'], points, observations, () => 5)).toEqual([]);
    expect(findSwappedNames(['P'], points, observations, () => null)).toEqual([]);
  });
});
