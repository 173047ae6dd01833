import { describe, expect, it } from '@jest/globals';
import { measureDisplacement } from '../../../accuracy/model/pair-displacement.ts';
import { pairsOfStrips } from '../../../accuracy/model/relative-pairs.ts';
import type { OrientedView } from '../../../contracts/orientation-plan.ts';
import type { ImagePixels } from '../../../maths/ground-patch.ts';
import { meetPlane } from '../../../maths/ground.ts';
import { rayThrough, simpleCamera } from '../../../maths/camera.ts';
import { gimbalRotation, type Vector3 } from '../../../maths/rotation.ts';
import { randomNumbers } from '../generated-flight.ts';

const camera = simpleCamera({ columns: 320, rows: 320, focalPixels: 300 });

/** Hills of brightness on the ground, with detail of some meters. */
function createGround(seed: number): (east: number, north: number) => number {
  const random = randomNumbers(seed);
  const waves = Array.from({ length: 60 }, () => ({
    east: (random() - 0.5) * 2.4,
    north: (random() - 0.5) * 2.4,
    phase: random() * 2 * Math.PI,
  }));
  return (east, north) =>
    waves.reduce(
      (sum, wave) => sum + Math.sin(wave.east * east + wave.north * north + wave.phase),
      0,
    );
}

function pictureOf(
  center: Vector3,
  yaw: number,
  ground: ReturnType<typeof createGround>,
): ImagePixels {
  const pose = { center, rotation: gimbalRotation({ yaw, pitch: -90, roll: 0 }) };
  const samples = new Uint8Array(camera.columns * camera.rows);
  for (let v = 0; v < camera.rows; v++) {
    for (let u = 0; u < camera.columns; u++) {
      const [east, north] = meetPlane(center, rayThrough(camera, pose, [u, v])!, 0)!;
      samples[v * camera.columns + u] = Math.max(0, Math.min(255, 128 + 9 * ground(east, north)));
    }
  }
  return { width: camera.columns, height: camera.rows, samples };
}

function viewOf(name: string, center: Vector3, yaw: number): OrientedView {
  const [a, b, c] = gimbalRotation({ yaw, pitch: -90, roll: 0 });
  return {
    name,
    preview: { sha256: 'a'.repeat(64), bytes: 1, mediaType: 'image/jpeg' },
    camera,
    pose: { center: [...center], rotation: [[...a], [...b], [...c]] },
  };
}

describe('measureDisplacement()', () => {
  const ground = createGround(5);

  it('finds what the record of the second image is off by, to a tenth of a pixel on the ground', () => {
    const pictures = {
      first: pictureOf([0, 0, 60], 10, ground),
      second: pictureOf([12, 4, 60], 190, ground),
    };
    // The record puts the second image 1.3 m too far east and 0.7 m too far south.
    const tie = measureDisplacement(
      {
        first: viewOf('A', [0, 0, 60], 10),
        second: viewOf('B', [13.3, 3.3, 60], 190),
        kind: 'in strip',
      },
      pictures,
    );
    expect(tie.psr).toBeGreaterThan(10);
    expect(Math.abs(tie.east - 1.3)).toBeLessThan(0.02);
    expect(Math.abs(tie.north + 0.7)).toBeLessThan(0.02);
  });

  it('finds nothing between images of other ground, and without common ground', () => {
    const pictures = {
      first: pictureOf([0, 0, 60], 0, ground),
      second: pictureOf([12, 4, 60], 0, createGround(6)),
    };
    const first = viewOf('A', [0, 0, 60], 0);
    const pair = { first, second: viewOf('B', [12, 4, 60], 0), kind: 'in strip' as const };
    expect(measureDisplacement(pair, pictures).psr).toBeLessThan(7);
    const far = { ...pair, second: viewOf('B', [500, 0, 60], 0) };
    expect(measureDisplacement(far, pictures)).toMatchObject({ psr: 0, east: 0, north: 0 });
  });
});

describe('pairsOfStrips()', () => {
  it('takes neighbors in a strip, and the nearest of another from the earlier to the later', () => {
    const strips = [
      { id: 1, heading: 0, images: ['A', 'B'] },
      { id: 2, heading: 180, images: ['C', 'D'] },
    ];
    const places = new Map(
      [
        ['A', 0],
        ['B', 1],
        ['C', 1.1],
        ['D', 0.1],
      ].map(([name, latitude]) => [
        name as string,
        { latitude: 48 + (latitude as number) * 1e-4, longitude: 11 },
      ]),
    );
    const pairs = pairsOfStrips(strips, places).map(
      ({ first, second, kind }) => `${first}${second} ${kind}`,
    );
    expect(pairs).toEqual(['AB in strip', 'CD in strip', 'AD across strips', 'BC across strips']);
  });
});
