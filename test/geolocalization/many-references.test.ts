import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import { chooseReferences } from '../../geolocalization/model/registration/choose-references.ts';
import { outlineOfBox } from '../../geolocalization/model/ground-box.ts';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { type ImageOfTiff, placeFields, writeTiff } from '../support/masked-tiff.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { compareScene } from './support/compare-scene.ts';

/** Gray of a place that is like no other. */
const toneAt = (pixel: number, seed: number) => (Math.imul(pixel + seed, 0x9e3779b1) >>> 13) & 255;
const imageOf = (side: number, seed: number): ImageOfTiff => ({
  width: side,
  height: side,
  bits: [8],
  bytes: Uint8Array.from({ length: side * side }, (_, pixel) => toneAt(pixel, seed)),
});

afterAll(closeWindowThreads);

describe('chooseReferences()', () => {
  const entries = Array.from({ length: 20 }, (_, index) => ({
    name: `tile ${String(index).padStart(2, '0')}`,
    footprint: outlineOfBox([index, 0, index + 1, 1]),
  }));

  it('takes as many as can be read as one, and counts the others', () => {
    const { chosen, leftOut } = chooseReferences(outlineOfBox([0.9, 0, 18.9, 1]), entries);
    expect(chosen.length).toBe(16);
    expect(leftOut).toBe(3);
    expect(chosen.map(({ name }) => name)).not.toContain('tile 00');
    expect(chooseReferences(null, entries).leftOut).toBe(4);
    expect(chooseReferences(outlineOfBox([3, 0, 4, 1]), entries).leftOut).toBe(0);
  });
});

describe('a reference of more files than are read as one', () => {
  let scene: string;
  let reference: string;

  beforeAll(async () => {
    const folder = await scratchFolder();
    reference = join(folder, 'tiles');
    await mkdir(reference);
    for (let index = 0; index < 18; index++) {
      const place = placeFields(681_000 + (index % 3) * 1000, 5_335_560, 10);
      const tile = { ...imageOf(100, 7 * index), fields: place };
      await writeTiff(join(reference, `${index}.tif`), [tile]);
    }
    scene = join(folder, 'scene.tif');
    await writeTiff(scene, [imageOf(140, 500_000)]);
  });

  it('says how many were looked at for a scene without a place, and asks for an area', async () => {
    const { registration } = await compareScene(await scratchFolder(), { scene, reference });
    expect(registration.status).toBe('UNLOCATED');
    expect(registration.reason).toMatch(
      /^The target cannot be located as it states no place: .* places that were tried none stands out, in 16 of 18 files: as one reference 16 can be read, so name a `searchArea` in which no more lie$/,
    );
  });

  it('does not when the request names an area with few of them', async () => {
    // Around the middle tile of each three.
    const searchArea = [11.4505, 48.14, 11.4518, 48.16] as const;
    const { registration } = await compareScene(await scratchFolder(), {
      scene,
      reference,
      searchArea,
    });
    expect(registration.reason).toMatch(/that were tried none stands out$/);
  });
});
