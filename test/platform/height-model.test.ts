import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeArrayBuffer } from 'geotiff';
import { readHeightModel } from '../../platform/height-model.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const columns = 200;
const rows = 100;
/** Degrees a pixel; the outer corner of the first lies at 11 E 49 N. */
const cell = 0.001;

/** A GeoTIFF in degrees whose heights are ten times the column plus the row. */
async function slope(geoKeys: Record<string, number>): Promise<string> {
  const heights = Float32Array.from(
    { length: columns * rows },
    (_, i) => 10 * (i % columns) + Math.floor(i / columns),
  );
  const path = join(await scratchFolder(), 'dem.tif');
  const file = writeArrayBuffer(heights, {
    width: columns,
    height: rows,
    ModelPixelScale: [cell, cell, 0],
    ModelTiepoint: [0, 0, 0, 11, 49, 0],
    SampleFormat: [3],
    BitsPerSample: [32],
    ...geoKeys,
  });
  await writeFile(path, Buffer.from(file));
  return path;
}

const geographic = { GTModelTypeGeoKey: 2, GTRasterTypeGeoKey: 1, GeographicTypeGeoKey: 4326 };

describe('readHeightModel()', () => {
  it('gives the height at a place, between the centers of the pixels', async () => {
    const { heightAt, lowest, highest, mean } = await readHeightModel(await slope(geographic));
    // The center of column 20, row 30; then half a column further.
    expect(heightAt(11 + 20.5 * cell, 49 - 30.5 * cell)).toBeCloseTo(230, 3);
    expect(heightAt(11 + 21 * cell, 49 - 30.5 * cell)).toBeCloseTo(235, 3);
    expect(heightAt(10.9, 48.95)).toBeNull();
    expect([lowest, highest]).toEqual([0, 10 * 199 + 99]);
    expect(mean).toBeCloseTo((10 * 199 + 99) / 2, 6);
  });

  it('reads of a large model only what lies in a box, with the same heights there', async () => {
    const path = await slope(geographic);
    const box = [11.02, 48.95, 11.03, 48.96] as const;
    const part = await readHeightModel(path, box);
    const whole = await readHeightModel(path);
    for (const [longitude, latitude] of [
      [11.02, 48.95],
      [11.03, 48.96],
      [11.0251, 48.9533],
    ] as const) {
      expect(part.heightAt(longitude, latitude)).toBeCloseTo(
        whole.heightAt(longitude, latitude)!,
        6,
      );
    }
    expect(part.heightAt(11.1, 48.95)).toBeNull();
    expect(part.highest).toBeLessThan(whole.highest);
  });

  it('knows nothing of a flight that lies elsewhere', async () => {
    const { heightAt } = await readHeightModel(await slope(geographic), [7, 43, 7.1, 43.1]);
    expect(heightAt(7.05, 43.05)).toBeNull();
  });

  it('says why a file cannot be used', async () => {
    const path = join(await scratchFolder(), 'dem.tif');
    await writeFile(path, 'no heights');
    await expect(readHeightModel(path)).rejects.toThrow(
      'Cannot use ground model "dem.tif" as it is no GeoTIFF that can be read',
    );
    const whole = await readFile(await slope(geographic));
    await writeFile(path, whole.subarray(0, 100));
    await expect(readHeightModel(path)).rejects.toThrow(/^Cannot use ground model .* damaged; /);
    // A system that the file describes itself, in a way that is not known.
    const unplaced = await slope({
      GTModelTypeGeoKey: 1,
      GTRasterTypeGeoKey: 1,
      ProjectedCSTypeGeoKey: 32_767,
    });
    await expect(readHeightModel(unplaced)).rejects.toThrow('states no coordinate system');
    const { heightAt } = await readHeightModel(unplaced, undefined, {
      system: '+proj=longlat +datum=WGS84',
    });
    expect(heightAt(11 + 20.5 * cell, 49 - 30.5 * cell)).toBeCloseTo(230, 3);
  });
});
