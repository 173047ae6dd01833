import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { TieViews } from '../../../accuracy/io/tie-views.ts';
import type { BundleView } from '../../../contracts/bundle.ts';
import { simpleCamera } from '../../../maths/camera.ts';
import { gimbalRotation } from '../../../maths/rotation.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { seeGround } from '../ground-texture.ts';

const camera = simpleCamera({ columns: 240, rows: 180, focalPixels: 220 });
const pose = {
  center: [0, 0, 60] as [number, number, number],
  rotation: gimbalRotation({ yaw: 0, pitch: -90, roll: 0 }).map((row) => [...row]),
};

function viewOf(columns: number): BundleView {
  return {
    view: { name: 'A.JPG', camera: { ...camera, columns }, pose },
    file: { sha256: 'a'.repeat(64), bytes: 1, mediaType: 'image/jpeg' },
    turnDegrees: 0,
    pose,
    sdPosition: [1, 1, 1],
  } as BundleView;
}

describe('TieViews', () => {
  let path: string;
  beforeAll(async () => {
    path = join(await scratchFolder(), 'a.jpg');
    const { samples, width, height } = seeGround(camera, {
      center: pose.center,
      rotation: gimbalRotation({ yaw: 0, pitch: -90, roll: 0 }),
    });
    await sharp(samples, { raw: { width, height, channels: 1 } })
      .jpeg({ quality: 95 })
      .toFile(path);
  });

  it('prepares an image once, with its corners in its own pixels', async () => {
    const views = new TieViews();
    let asked = 0;
    const pathOf = async () => {
      asked++;
      return path;
    };
    const [first, second] = await Promise.all([
      views.get(viewOf(240), pathOf),
      views.get(viewOf(240), pathOf),
    ]);
    expect(second).toBe(first);
    expect(asked).toBe(1);
    const { corners, camera: own } = first.tieImage;
    expect([own.columns, own.rows]).toEqual([240, 180]);
    expect(corners.length).toBeGreaterThan(100);
    for (const [x, y] of corners) expect(x > 0 && y > 0 && x < 240 && y < 180).toBe(true);
  });

  it('tries again what could not be read', async () => {
    const views = new TieViews();
    await expect(views.get(viewOf(240), async () => `${path}.missing`)).rejects.toThrow('missing');
    const found = await views.get(viewOf(240), async () => path);
    expect(found.tieImage.corners.length).toBeGreaterThan(100);
  });

  it('lets go of the longest unused when it holds too much', async () => {
    const views = new TieViews();
    let asked = 0;
    const get = (columns: number) =>
      views.get(viewOf(columns), async () => {
        asked++;
        return path;
      });
    // By their records, images of some 3 million pixels when reduced.
    for (let index = 0; index < 40; index++) {
      const view = viewOf(240);
      const large = { ...camera, columns: 4000 + index, rows: 3000 };
      await views.get({ ...view, view: { ...view.view, camera: large } }, async () => path);
    }
    await get(240);
    await get(240);
    expect(asked).toBe(1);
    for (let index = 0; index < 40; index++) {
      const view = viewOf(240);
      const large = { ...camera, columns: 5000 + index, rows: 3000 };
      await views.get({ ...view, view: { ...view.view, camera: large } }, async () => path);
    }
    await get(240);
    expect(asked).toBe(2);
  });
});
