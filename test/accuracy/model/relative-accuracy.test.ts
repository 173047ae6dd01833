import { describe, expect, it } from '@jest/globals';
import { relativeAccuracy } from '../../../accuracy/model/relative-accuracy.ts';
import type { TieDisplacement } from '../../../contracts/relative-pairs.ts';
import { turnBack } from '../../../accuracy/model/turned-images.ts';
import { project, simpleCamera } from '../../../maths/camera.ts';
import { gimbalRotation } from '../../../maths/rotation.ts';
import { findTurnedImages, type TurnEvidence } from '../../../maths/turned-images.ts';
import { expectNumbers } from '../../maths/example-camera.ts';

const tie = (east: number, north: number, change: Partial<TieDisplacement> = {}) => ({
  first: 'A',
  second: 'B',
  kind: 'in strip' as const,
  east,
  north,
  psr: 20,
  ...change,
});

describe('relativeAccuracy()', () => {
  it('gives the figures worked out by hand', () => {
    const found = relativeAccuracy(
      [
        tie(0.6, 0.8),
        tie(-0.6, 0.8),
        tie(0, 1),
        tie(9, 9, { psr: 4 }),
        tie(5, 5, { kind: 'across strips' }),
      ],
      'in strip',
    );
    expect(found).toMatchObject({ measurable: true, pairs: 4, accepted: 3, share: 0.75 });
    if (!found.measurable) return;
    expect(found.rms).toBeCloseTo(1, 12);
    expect(found.perImage).toBeCloseTo(Math.SQRT1_2, 12);
    expect([found.medianEast, found.medianNorth]).toEqual([0, 0.8]);
    expect(found.nmadEast).toBeCloseTo(0.6 * 1.4826, 12);
  });

  it('says not measurable, not bad, where nothing was found again', () => {
    expect(relativeAccuracy([tie(1, 1, { psr: 4 })], 'in strip')).toEqual({
      measurable: false,
      pairs: 1,
      accepted: 0,
      reason: '3 pairs must be found again: found 0 of 1',
    });
  });
});

describe('findTurnedImages()', () => {
  const TURNED = ['D', 'E', 'F'];
  const images = ['A', 'B', 'C', ...TURNED, 'G', 'H', 'I'];
  /** Correlations as on a real flight: noise about 4, agreement about 20. */
  const evidence = images.flatMap((first, index) =>
    images.slice(index + 1).flatMap((second) =>
      [0, 180].flatMap((firstTurn) =>
        [0, 180].map((secondTurn): TurnEvidence => {
          const fits =
            TURNED.includes(first) === (firstTurn === 180) &&
            TURNED.includes(second) === (secondTurn === 180);
          return { first, second, firstTurn, secondTurn, psr: fits ? 20 : 4.2 };
        }),
      ),
    ),
  );

  it('names those that their neighbors agree with when turned, and no others', () => {
    const found = findTurnedImages(evidence);
    expect(found.map(({ image, turnDegrees }) => [image, turnDegrees])).toEqual(
      TURNED.map((image) => [image, 180]),
    );
    expect(found[0]!.margin).toBeCloseTo(8 * Math.log(20 / 4.2), 9);
  });

  it('names none on the evidence of two pairs', () => {
    const few = evidence.filter(({ first, second }) => ['D', 'E'].includes(first) && second < 'G');
    expect(findTurnedImages(few)).toEqual([]);
  });
});

describe('turnBack()', () => {
  const square = { columns: 480, rows: 480 };

  it.each([90, 180, -90])(
    'makes the recorded pose see what the image turned by %d shows',
    (turn) => {
      const camera = simpleCamera({ ...square, focalPixels: 420 });
      const point = [12, -7, 2] as const;
      const poseAt = (yaw: number) =>
        ({ center: [0, 0, 80], rotation: gimbalRotation({ yaw, pitch: -90, roll: 0 }) }) as const;
      const shown = project(camera, poseAt(30 + turn), point)!;
      expectNumbers(turnBack(square, shown, turn), project(camera, poseAt(30), point)!, 9);
    },
  );

  it('refuses a quarter turn of an image that is not square', () => {
    expect(() => turnBack({ columns: 1280, rows: 720 }, [0, 0], 90)).toThrow('1280 x 720');
    expect(turnBack({ columns: 1280, rows: 720 }, [0, 0], 180)).toEqual([1279, 719]);
  });
});
