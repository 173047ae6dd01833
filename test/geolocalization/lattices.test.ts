import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { registerRasters } from '../../geolocalization/model/registration/register-rasters.ts';
import type { Raster } from '../../maths/raster.ts';
import { encodeScene } from '../../samples/scene-file.ts';
import { SAMPLE_SCENE } from '../../samples/scene.ts';
import { itAtLength } from '../support/long-tests.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { compareScene } from './support/compare-scene.ts';
import { latticeGrounds, sameOnLattice, unrelatedOnLattice } from './support/lattice-grounds.ts';
import { falselyLocated, several } from './support/register-many.ts';

const LONG = 1_800_000;
const STILL = { x: 0, y: 0 };
const kinds = Object.keys(latticeGrounds);

afterAll(closeWindowThreads);

describe('registerRasters() on grounds that have a lattice in common and nothing else', () => {
  it.each(['hexagons 40 px apart'])('locates none: %s', (kind) => {
    const { reference, target } = unrelatedOnLattice(kind, 0, 288);
    const found = registerRasters(reference, target, { offset: STILL, seed: kind });
    // By the number of windows that agree alone it would be.
    expect(found.agreeing).toBeGreaterThanOrEqual(6);
    expect(found.status).toBe('WEAK');
    expect(found.falseAlarms).toBe(1);
    expect(found.reason).toMatch(
      /^Ground that repeats itself, .* but \d+ px from there they look (nearly )?as much alike$/,
    );
  });

  it.each(['streets 40 px apart', 'hexagons 40 px apart'])(
    'locates what is the same, half of it sown anew: %s',
    (kind) => {
      const { reference, target, truth } = sameOnLattice(kind, 288);
      const found = registerRasters(reference, target, { offset: STILL, seed: kind });
      expect(found.status).toBe('LOCATED');
      expect(Math.hypot(found.shift!.x - truth.x, found.shift!.y - truth.y)).toBeLessThan(0.1);
    },
  );

  itAtLength.each(kinds)(
    'locates none of 12 of 384 to 768 pixels: %s',
    (kind) => {
      const pairs = several(12, (index) =>
        unrelatedOnLattice(kind, index, [384, 512, 768][index % 3]!),
      );
      expect(falselyLocated(pairs)).toBe(0);
    },
    LONG,
  );

  itAtLength.each(kinds)(
    'locates what is the same, half of it sown anew, within 0.1 pixels: %s',
    (kind) => {
      const { reference, target, truth } = sameOnLattice(kind, 512);
      const found = registerRasters(reference, target, { offset: STILL, seed: kind });
      expect(found.status).toBe('LOCATED');
      expect(Math.hypot(found.shift!.x - truth.x, found.shift!.y - truth.y)).toBeLessThan(0.1);
    },
    LONG,
  );
});

describe('a scene whose ground has no more than its streets in common with its reference', () => {
  it('is WEAK at the place that it states', async () => {
    const folder = await scratchFolder();
    const { reference, target } = unrelatedOnLattice('streets 40 px apart', 0, 300);
    const paths = { scene: join(folder, 'scene.tif'), reference: join(folder, 'reference.tif') };
    await writeFile(paths.reference, fileOf(reference));
    await writeFile(paths.scene, fileOf(target));
    const { registration } = await compareScene(folder, paths, { canSearch: false });
    expect(registration.status).toBe('WEAK');
    expect(registration.reason).toMatch(/^Ground that repeats itself, .* may have been taken/);
    expect(registration.falseAlarmWords).toBe('unrelated pairs look as good by chance alone');
    expect(registration.correctedTransform ?? null).toBeNull();
  }, 120_000);
});

function fileOf({ width, height, values }: Raster): Uint8Array {
  const pixels = new Uint8Array(3 * width * height);
  values.forEach((value, pixel) => pixels.fill(value, 3 * pixel, 3 * pixel + 3));
  return encodeScene(pixels, { ...SAMPLE_SCENE, columns: width, rows: height });
}
