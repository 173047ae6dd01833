import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ComparedImage, OrientedView } from '../../../contracts/orientation-plan.ts';
import {
  compareOrientations,
  type OrientedPicture,
} from '../../../ingestion/model/orientation-hypotheses.ts';
import { judgeOrientations } from '../../../ingestion/model/orientation-test.ts';
import { rayThrough, simpleCamera } from '../../../maths/camera.ts';
import { meetPlane } from '../../../maths/ground.ts';
import { gimbalRotation } from '../../../maths/rotation.ts';
import { randomNumbers } from '../../../maths/seeded-random.ts';
import type { Vector3 } from '../../../maths/rotation.ts';

const HEIGHT = 80;
/** Samples of 0.4 m, smoothed over some of them so that no lattice is seen. */
const [SIDE, SAMPLE] = [512, 0.4];
const random = randomNumbers('ground');
const ground = smoothed(
  smoothed(
    Float64Array.from({ length: SIDE * SIDE }, () => random()),
    1,
  ),
  SIDE,
);

/** Mean of five neighbors, on a ground that repeats itself. */
function smoothed(values: Float64Array, stride: number): Float64Array {
  return values.map((_, index) => {
    let sum = 0;
    for (let step = -2; step <= 2; step++) {
      sum += values[(index + step * stride + values.length) % values.length]!;
    }
    return 0.5 + (sum / 5 - 0.5) * 2;
  });
}

function brightness(x: number, y: number): number {
  const [across, up] = [x / SAMPLE + 4 * SIDE, y / SAMPLE + 4 * SIDE];
  const [column, row] = [Math.floor(across), Math.floor(up)];
  const at = (dx: number, dy: number) =>
    ground[((row + dy) % SIDE) * SIDE + ((column + dx) % SIDE)]!;
  const [right, above] = [across - column, up - row];
  const low = at(0, 0) * (1 - right) + at(1, 0) * right;
  const high = at(0, 1) * (1 - right) + at(1, 1) * right;
  return Math.min(1, Math.max(0, low * (1 - above) + high * above));
}

/** What a camera sees; `turn` degrees are left out of its record. */
function picture(
  name: string,
  [east, north]: [number, number],
  size: { columns: number; rows: number },
  turn = 0,
): OrientedPicture {
  const camera = simpleCamera({ ...size, focalPixels: 400 });
  const center: [number, number, number] = [east, north, HEIGHT];
  const seen = { center, rotation: gimbalRotation({ yaw: 20 + turn, pitch: -90, roll: 0 }) };
  const samples = new Uint8Array(size.columns * size.rows);
  // A camera without distortion that looks down maps the ground linearly: three pixels tell all.
  const [origin, right, down] = (
    [
      [0, 0],
      [1, 0],
      [0, 1],
    ] as const
  ).map((pixel) => meetPlane(center, rayThrough(camera, seen, pixel)!, 0)!) as [
    Vector3,
    Vector3,
    Vector3,
  ];
  for (let v = 0, at = 0; v < size.rows; v++) {
    for (let u = 0; u < size.columns; u++, at++) {
      const x = origin[0] + u * (right[0] - origin[0]) + v * (down[0] - origin[0]);
      const y = origin[1] + u * (right[1] - origin[1]) + v * (down[1] - origin[1]);
      samples[at] = Math.round(255 * brightness(x, y));
    }
  }
  const copy = ([a, b, c]: Vector3): [number, number, number] => [a, b, c];
  const [first, second, third] = gimbalRotation({ yaw: 20, pitch: -90, roll: 0 });
  const view: OrientedView = {
    name,
    preview: { sha256: '0'.repeat(64), bytes: 0, mediaType: 'image/jpeg' },
    camera,
    pose: { center, rotation: [copy(first), copy(second), copy(third)] },
  };
  return { view, pixels: { width: size.columns, height: size.rows, samples } };
}

/** Every picture with all others. */
async function compareAll(pictures: OrientedPicture[]): Promise<ComparedImage[]> {
  const compared: ComparedImage[] = [];
  for (const each of pictures) {
    const others = pictures.filter((other) => other !== each);
    compared.push(
      await compareOrientations(
        each,
        others.map((other) => () => Promise.resolve(other)),
      ),
    );
  }
  return compared;
}

describe('the test of orientations', () => {
  const wide = { columns: 420, rows: 320 };
  let compared: ComparedImage[];
  beforeAll(async () => {
    const turns = [0, 0, 180, 180, 0, 0];
    compared = await compareAll(
      turns.map((turn, index) => picture(`${index}.JPG`, [5 * index, 9 * (index % 2)], wide, turn)),
    );
  });

  it('names the images that fit the others only when turned, with their angle', () => {
    const { findings, counts } = judgeOrientations(compared, 9, 5);
    expect([...findings.keys()]).toEqual(['2.JPG', '3.JPG']);
    expect(findings.get('2.JPG')).toMatchObject({
      code: 'YAW_IMAGE_INCONSISTENT',
      severity: 'error',
      values: { turnDegrees: 180 },
    });
    // Turned alike, both fit each other; still they must not pass for right.
    expect(counts).toEqual({ fitting: 4, turned: 2, undecided: 0, untested: 3 });
  });

  it('asks no further once a neighbor fits', () => {
    expect(compared[0]).toEqual({ name: '0.JPG', fits: true, evidence: [] });
  });

  it('finds a quarter turn of a square image', async () => {
    const square = { columns: 400, rows: 400 };
    const turns = [0, 0, 90, 0, 0];
    const all = await compareAll(
      turns.map((turn, index) =>
        picture(`${index}.JPG`, [8 * index, 5 * (index % 2)], square, turn),
      ),
    );
    const { findings } = judgeOrientations(all, 5, 5);
    expect([...findings.values()]).toMatchObject([
      { subject: '2.JPG', values: { turnDegrees: 90 } },
    ]);
  });

  it('leaves open what shows nothing to compare', async () => {
    const level = (index: number): OrientedPicture => {
      const { view, pixels } = picture(`${index}.JPG`, [5 * index, 0], { columns: 40, rows: 30 });
      return { view, pixels: { ...pixels, samples: new Uint8Array(1200).fill(90) } };
    };
    const all = await compareAll([level(0), level(1)]);
    expect(judgeOrientations(all, 2, 5).counts).toEqual({
      fitting: 0,
      turned: 0,
      undecided: 2,
      untested: 0,
    });
  });
});
