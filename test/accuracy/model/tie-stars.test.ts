import { beforeAll, describe, expect, it } from '@jest/globals';
import { tieImage } from '../../../accuracy/model/tie-features.ts';
import { pairCorners } from '../../../accuracy/model/tie-pairs.ts';
import {
  laterNeighbors,
  type NumberedView,
  starOfTies,
} from '../../../accuracy/model/tie-stars.ts';
import { oneTieACell } from '../../../accuracy/model/tie-thinning.ts';
import { turnBack } from '../../../accuracy/model/turned-images.ts';
import type { BundleView, MatchedTie } from '../../../contracts/bundle.ts';
import { type Pixel, type Pose, project, simpleCamera } from '../../../maths/camera.ts';
import { meetGround } from '../../../maths/footprint.ts';
import { planeGround } from '../../../maths/ground.ts';
import type { ImagePixels } from '../../../maths/ground-patch.ts';
import { gimbalRotation, type Vector3 } from '../../../maths/rotation.ts';
import { seeGround } from '../ground-texture.ts';

const camera = simpleCamera({ columns: 320, rows: 240, focalPixels: 300 });

/** 60 m above level ground, 12 m apart, to and fro; turned from the record by up to two degrees. */
const flown = [
  { center: [0, 0, 60], yaw: 3, error: [0, 0, 0] },
  { center: [1, 12, 61], yaw: 2, error: [2, -1.5, 1] },
  { center: [14, 11, 60], yaw: 181, error: [-1, 2, -2] },
] as const;

function poseOf({ center, yaw }: (typeof flown)[number], [turn, nod, roll]: Vector3): Pose {
  const rotation = gimbalRotation({ yaw: yaw + turn, pitch: -90 + nod, roll });
  return { center: [...center], rotation };
}

/** Each picture is looked at by several tests. */
const pictures = new Map<string, ImagePixels>();

function pictureOf(number: number, isTurned: boolean): ImagePixels {
  const key = `${number} ${isTurned}`;
  const picture = pictures.get(key) ?? seeGround(camera, truth[number]!, isTurned);
  pictures.set(key, picture);
  return picture;
}

const truth = flown.map((image) => poseOf(image, image.error));

/** @param turned images whose stored picture was turned by half, unknown to the record. */
function viewsWith(turned: readonly number[]): NumberedView[] {
  return flown.map((image, number) => {
    const pose = poseOf(image, [0, 0, 0]);
    const [a, b, c] = pose.rotation;
    const stored = { center: [...pose.center], rotation: [[...a], [...b], [...c]] } as const;
    const view = {
      view: { name: `IMG_${number}.JPG`, camera, pose: stored },
      file: { key: `${number}`, sha256: `${number}`.repeat(64), sizeBytes: 1 },
      turnDegrees: 0,
      pose: stored,
      sdPosition: [1, 1, 1],
    } as unknown as BundleView;
    return { number, view, tieImage: tieImage(view, pictureOf(number, turned.includes(number))) };
  });
}

function tiesOf(views: readonly NumberedView[]): MatchedTie[] {
  const all = views.map(({ view }) => view);
  return views.flatMap((first) =>
    starOfTies(
      first,
      laterNeighbors(first.number, all).map((number) => {
        const other = views[number]!;
        return { other, corners: pairCorners(first, other) };
      }),
    ),
  );
}

/** How far each observation is from where the true poses show the ground of the first, pixels. */
function missesOf(ties: readonly MatchedTie[], turned: readonly number[]): number[] {
  const upright = (image: number, pixel: Pixel) =>
    turnBack(camera, pixel, turned.includes(image) ? 180 : 0);
  return ties.flatMap(({ observations: [first, ...others] }) => {
    const { image, pixel } = first!;
    const { point } = meetGround(camera, truth[image]!, upright(image, pixel), planeGround(0))!;
    return others.map((other) => {
      const expected = project(camera, truth[other.image]!, point)!;
      const found = upright(other.image, other.pixel);
      return Math.hypot(found[0] - expected[0], found[1] - expected[1]);
    });
  });
}

const share = (values: readonly number[], limit: number) =>
  values.filter((value) => value < limit).length / values.length;

describe('starOfTies()', () => {
  let views: NumberedView[];
  let ties: MatchedTie[];
  beforeAll(() => {
    views = viewsWith([]);
    ties = tiesOf(views);
  });

  it('finds the same ground again to a tenth of a pixel, whatever the heading', () => {
    const misses = missesOf(ties, []);
    expect(misses.length).toBeGreaterThan(120);
    expect(share(misses, 0.1)).toBeGreaterThan(0.97);
    expect(Math.max(...misses)).toBeLessThan(1);
    const pairs = ties.flatMap(({ observations: [first, ...others] }) =>
      others.map(({ image }) => `${first!.image} ${image}`),
    );
    expect(new Set(pairs)).toEqual(new Set(['0 1', '0 2', '1 2']));
  });

  it('gives the same ties each time', () => {
    expect(tiesOf(views)).toEqual(ties);
  });

  it('ties an image that was turned by half, unknown to its record', () => {
    const misses = missesOf(tiesOf(viewsWith([2])), [2]);
    expect(misses.length).toBeGreaterThan(80);
    expect(share(misses, 0.1)).toBeGreaterThan(0.97);
  });

  it('ties nothing to other ground', () => {
    const elsewhere = poseOf(flown[1], [0, 0, 0]);
    const [east, north, up] = elsewhere.center;
    const picture = seeGround(camera, { ...elsewhere, center: [east + 500, north, up] });
    const [first, second] = views as [NumberedView, NumberedView, NumberedView];
    const other = { ...second, tieImage: tieImage(second.view, picture) };
    expect(pairCorners(first, other)).toEqual([]);
  });
});

describe('laterNeighbors()', () => {
  it('names later images that share a fifth of their ground, those that share most first', () => {
    const all = viewsWith([]).map(({ view }) => view);
    expect(laterNeighbors(0, all)).toEqual([1, 2]);
    expect(laterNeighbors(2, all)).toEqual([]);
    const far = structuredClone(all);
    far[1]!.view.pose.center[0] += 300;
    expect(laterNeighbors(0, far)).toEqual([2]);
  });
});

describe('oneTieACell()', () => {
  it('keeps the tie of the image that looks at a place most steeply', () => {
    const all = viewsWith([]).map(({ view }) => view);
    // Both look at the ground below the first image.
    const below = (image: number): Pixel => project(camera, all[image]!.pose, [0.1, 0.1, 0])!;
    const tie = (first: number, other: number): MatchedTie => ({
      name: `${first}`,
      observations: [first, other].map((image) => {
        const [u, v] = below(image);
        return { image, pixel: [u, v] };
      }),
    });
    const [steep, flat] = [tie(0, 1), tie(1, 2)];
    expect(oneTieACell([flat, steep], all)).toEqual([steep]);
    expect(oneTieACell([steep, flat], all)).toEqual([steep]);
  });
});
