import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sceneLocationSchema } from '../../contracts/geolocalization.ts';
import { stacItem } from '../../orchestrator/model/stac-item.ts';
import { sceneFilePrefix, stemOf } from '../../orchestrator/model/scene-document-names.ts';
import { refusedRegistration } from '../../geolocalization/model/registration/describe-registration.ts';
import { judgeScene } from '../../geolocalization/model/scene-verdict.ts';
import { silentHeader } from '../../geolocalization/model/scene-header.ts';
import { groundOf } from '../../platform/coordinate-systems.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { findStacValidator } from '../support/stac-validator.ts';

const validate = await findStacValidator();
const sha256 = 'ab'.repeat(32);
const data = {
  href: './x.tif',
  type: 'image/tiff; application=geotiff',
  title: 'x.tif',
  roles: ['data'],
  sha256,
  bytes: 12,
};

async function location() {
  const header = {
    ...silentHeader,
    width: 100,
    height: 50,
    bands: 3,
    transform: [681_000, 10, 0, 5_335_560, 0, -10] as const,
    crs: { kind: 'epsg', code: 32632 } as const,
  };
  return sceneLocationSchema.parse(
    judgeScene({ name: 'x.tif', file: null }, header, await groundOf(32632)),
  );
}

function registration() {
  const refused = refusedRegistration({ status: 'LOCATED', reason: 'The target lies off' });
  return {
    ...refused,
    displacement: { eastMeters: 3, northMeters: -4, lengthMeters: 5, azimuthDegrees: 143.13 },
    residuals: {
      rmsBeforePixels: 0.5,
      rmsAfterPixels: 0.1,
      rmsBeforeMeters: 5.1,
      rmsAfterMeters: 1,
    },
  };
}

(validate === null ? describe.skip : describe)('stacItem()', () => {
  it('is valid, and read by another library as it is meant', async () => {
    const path = join(await scratchFolder(), 'item.json');
    const item = stacItem('job-x', await location(), registration(), { data });
    await writeFile(path, JSON.stringify(item));
    const read = await validate!(path);
    expect(read).toMatchObject({
      id: 'job-x',
      code: 'EPSG:32632',
      transform: [10, 0, 681_000, 0, -10, 5_335_560, 0, 0, 1],
      shape: [50, 100],
      checksum: `1220${sha256}`,
      size: 12,
    });
    expect((read['schemas'] as string[]).join()).toContain('item-spec/json-schema/item.json');
  }, 300_000);

  it('is valid without a place: then it has no box', async () => {
    const path = join(await scratchFolder(), 'item.json');
    const blank = judgeScene({ name: 'x.tif', file: null }, silentHeader, null);
    const item = stacItem('job-x', blank, null, { data });
    expect(item).not.toHaveProperty('bbox');
    await writeFile(path, JSON.stringify(item));
    expect(await validate!(path)).toMatchObject({ bbox: null, code: null });
  }, 60_000);

  it('is refused when a required field is missing', async () => {
    const path = join(await scratchFolder(), 'item.json');
    const { assets: _assets, ...item } = stacItem('x', await location(), null, { data });
    await writeFile(path, JSON.stringify(item));
    await expect(validate!(path)).rejects.toThrow(/STACValidationError|assets/);
  }, 60_000);
});

describe('the accuracy of an item', () => {
  it('is that of the georeference: bias, spread and both together', async () => {
    const { properties } = stacItem('x', await location(), registration(), { data });
    expect(properties).toMatchObject({
      'accuracy:geometric_x_bias': 3,
      'accuracy:geometric_y_bias': -4,
      'accuracy:geometric_rmse': 5.1,
    });
    // A meter of residuals, shared by both axes.
    const along = (properties as Record<string, unknown>)['accuracy:geometric_x_stddev'];
    expect(along).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it('is not stated when nothing was compared', async () => {
    const item = stacItem('x', await location(), null, { data });
    expect(Object.keys(item.properties).join()).not.toContain('accuracy');
    expect(item.stac_extensions.join()).not.toContain('accuracy');
  });
});

describe('the names of a scene', () => {
  it('are plain for one scene, and different for each of many', () => {
    expect(sceneFilePrefix('a/b.tif', 0, 1)).toBe('');
    expect(sceneFilePrefix('a/b.tif', 1, 12)).toBe('02-a-b.');
    expect(stemOf('../../x y.tif')).not.toContain('/');
  });
});
