import { describe, expect, it } from '@jest/globals';
import { findStrips, type TrackPoint } from '../../../ingestion/model/strips.ts';

/** Exposures of a way, each some seconds after the one before. */
function track(places: [number, number][], seconds = 3): TrackPoint[] {
  return places.map((place, index) => ({ place, time: index * seconds }));
}

const membersOf = (points: TrackPoint[]) => findStrips(points).map(({ members }) => members);

describe('findStrips()', () => {
  const thereAndBack: [number, number][] = [
    [0, 0],
    [0, 10],
    [0, 20],
    [25, 20],
    [25, 10],
    [25, 0],
  ];

  it('cuts where the way bends, and counts the way between lines to neither', () => {
    const strips = findStrips(track(thereAndBack));
    expect(strips.map(({ members }) => members)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(strips.map(({ heading }) => Math.abs(heading!))).toEqual([0, 180]);
  });

  it('gives lines of two to their shorter steps', () => {
    expect(membersOf(track(thereAndBack.filter((_, index) => index % 3 !== 1)))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('follows a line that bends by less than 45 degrees a step', () => {
    const arc = Array.from({ length: 9 }, (_, index): [number, number] => {
      const angle = (index * 30 * Math.PI) / 180;
      return [100 * Math.cos(angle), 100 * Math.sin(angle)];
    });
    expect(membersOf(track(arc))).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8]]);
  });

  it('cuts at a pause, on the straight line too', () => {
    const points = track([0, 1, 2, 3, 4, 5].map((step) => [0, 10 * step]));
    const paused = points.map((point, index) =>
      index < 3 ? point : { ...point, time: point.time! + 60 },
    );
    expect(membersOf(paused)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  it('takes no direction from a hover', () => {
    const points = track([
      [0, 0],
      [0, 10],
      [0.3, 9.9],
      [0, 20],
      [0, 30],
    ]);
    expect(membersOf(points)).toEqual([[0, 1, 2, 3, 4]]);
  });

  it('keeps every exposure, whatever the way', () => {
    for (const points of [
      track([]),
      track([[1, 1]]),
      track([
        [1, 1],
        [1, 1],
        [1, 1],
      ]),
    ]) {
      expect(membersOf(points).flat()).toEqual(points.map((_, index) => index));
    }
  });
});
