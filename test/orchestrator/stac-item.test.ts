import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type SceneLocation, sceneLocationSchema } from '../../contracts/geolocalization.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import { writeSceneDocuments } from '../../orchestrator/io/scene-documents.ts';
import { footprintMap } from '../../orchestrator/model/footprint-map.ts';
import { placedScene } from '../../orchestrator/model/placed-scene.ts';
import { scenesPage } from '../../orchestrator/model/scenes-page.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
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

const own = (scene: SceneLocation) => ({ shown: scene, isFound: false, stated: null });

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

/** Placed by points of a bent map. */
async function byControl(): Promise<SceneLocation> {
  const groundControl = Array.from({ length: 12 }, (_, index) => {
    const [column, row] = [(index % 4) * 33, Math.floor(index / 4) * 25];
    const bend = 0.05 * (column - 50) ** 2 + 0.08 * (row - 20) ** 2;
    return { column, row, x: 681_000 + 10 * column + bend, y: 5_335_560 - 10 * row };
  });
  const crs = { kind: 'epsg', code: 32632 } as const;
  const header = { ...silentHeader, width: 100, height: 50, bands: 3, crs, groundControl };
  return sceneLocationSchema.parse(
    judgeScene({ name: 'x.tif', file: null }, header, await groundOf(32632)),
  );
}

/** 20 km farther west than it states. */
async function elsewhere(): Promise<{ scene: SceneLocation; found: SceneRegistration }> {
  const scene = await location();
  const moved = scene.footprint!.coordinates.map((polygon) =>
    polygon.map((ring) => ring.map(([x, y]): [number, number] => [x - 0.27, y])),
  );
  const message = 'its georeference is wrong: it lies 20 km from where it states';
  const transform: [number, number, number, number, number, number] = [
    661_000, 10, 0, 5_335_560, 0, -10,
  ];
  const found: SceneRegistration = {
    ...registration(),
    displacement: { eastMeters: 2e4, northMeters: 9, lengthMeters: 2e4, azimuthDegrees: 90 },
    residuals: { ...registration().residuals, rmsBeforePixels: null, rmsBeforeMeters: null },
    findings: [{ code: 'STATED_PLACE_WRONG', severity: 'error', message }],
    correctedTransform: transform,
    correctedMap: { epsg: 32632 },
    correctedFootprint: { type: 'MultiPolygon', coordinates: moved },
    correctedPlace: {
      center: [11.17, 48.14],
      gsd: { column: 10, row: 10 },
      areaSquareMeters: 5e5,
    },
  };
  return { scene, found };
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
    const item = stacItem('job-x', own(await location()), registration(), { data });
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

  it('is valid where a search found it, with what its file states beside that', async () => {
    const path = join(await scratchFolder(), 'item.json');
    const { scene, found } = await elsewhere();
    const item = stacItem('job-x', placedScene(scene, found), found, { data });
    await writeFile(path, JSON.stringify(item));
    expect(await validate!(path)).toMatchObject({
      transform: [10, 0, 661_000, 0, -10, 5_335_560, 0, 0, 1],
    });
  }, 60_000);

  it('is valid of a scene that control points place, which has no transform', async () => {
    const path = join(await scratchFolder(), 'item.json');
    const scene = await byControl();
    expect(scene.control!.model).toBe('thin-plate-spline');
    const item = stacItem('job-x', own(scene), null, { data });
    await writeFile(path, JSON.stringify(item));
    expect(await validate!(path)).toMatchObject({ code: 'EPSG:32632', transform: null });
    expect(item.properties).toMatchObject({ 'accuracy:geometric_rmse': expect.any(Number) });
  }, 60_000);

  it('is valid with the distortion map of a scene, which is not its data', async () => {
    const store = new ArtifactStore(await scratchFolder());
    const file = await store.addBytes('run', data.type, Buffer.from('a map'));
    const distortion = { file, rmsMeters: 0.2, largestMeters: 0.5, cells: 49 };
    const documents = await writeSceneDocuments(
      {
        location: { ...(await location()), file: { sha256, bytes: 12, mediaType: data.type } },
        registration: { ...registration(), distortion },
      },
      { index: 1, scenes: 12, jobId: 'job' },
      { store, runKey: 'run' },
    );
    expect(documents['02-x.distortion.tif']).toEqual(file);
    const path = await store.fileOf(documents['02-x.scene.stac.json']!);
    const item = JSON.parse(await readFile(path, 'utf8')) as ReturnType<typeof stacItem>;
    expect(item.assets['data']!.roles).toEqual(['data']);
    expect(item.assets['02-x.distortion.tif']).toMatchObject({
      href: './02-x.distortion.tif',
      type: data.type,
      roles: ['metadata'],
    });
    expect(await validate!(path)).toMatchObject({ id: 'job-x' });
  }, 60_000);

  it('is valid without a place: then it has no box', async () => {
    const path = join(await scratchFolder(), 'item.json');
    const blank = judgeScene({ name: 'x.tif', file: null }, silentHeader, null);
    const item = stacItem('job-x', own(blank), null, { data });
    expect(item).not.toHaveProperty('bbox');
    await writeFile(path, JSON.stringify(item));
    expect(await validate!(path)).toMatchObject({ bbox: null, code: null });
  }, 60_000);

  it('is refused when a required field is missing', async () => {
    const path = join(await scratchFolder(), 'item.json');
    const { assets: _assets, ...item } = stacItem('x', own(await location()), null, { data });
    await writeFile(path, JSON.stringify(item));
    await expect(validate!(path)).rejects.toThrow(/STACValidationError|assets/);
  }, 60_000);
});

describe('the accuracy of an item', () => {
  it('is that of the georeference: bias, spread and both together', async () => {
    const { properties } = stacItem('x', own(await location()), registration(), { data });
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
    const item = stacItem('x', own(await location()), null, { data });
    expect(Object.keys(item.properties).join()).not.toContain('accuracy');
    expect(item.stac_extensions.join()).not.toContain('accuracy');
  });
});

describe('a scene that was found elsewhere than it states', () => {
  it('lies there in the catalog, and the file keeps what it states', async () => {
    const { scene, found } = await elsewhere();
    const item = stacItem('x', placedScene(scene, found), found, { data, other: data });
    expect(item).toMatchObject({
      geometry: found.correctedFootprint,
      properties: {
        'proj:geometry': found.correctedFootprint,
        'proj:centroid': { lon: 11.17, lat: 48.14 },
        'skyloom:stated_geometry': scene.footprint,
        'skyloom:stated_offset': { east: 2e4, north: 9 },
        'accuracy:geometric_rmse': 1,
      },
    });
    expect(item.properties).not.toHaveProperty('accuracy:geometric_x_bias');
    expect(item.assets['data']).toMatchObject({
      'proj:code': 'EPSG:32632',
      'proj:transform': [10, 0, 681_000, 0, -10, 5_335_560, 0, 0, 1],
    });
    expect(item.assets['other']).not.toHaveProperty('proj:transform');
  });

  it('has both outlines in its footprints, the found one first', async () => {
    const { scene, found } = await elsewhere();
    const store = new ArtifactStore(await scratchFolder());
    const documents = await writeSceneDocuments(
      { location: scene, registration: found },
      { index: 0, scenes: 1, jobId: 'x' },
      { store, runKey: 'run' },
    );
    const text = await readFile(await store.fileOf(documents['footprint.geojson']!), 'utf8');
    const { features } = JSON.parse(text) as {
      features: { geometry: object; properties: object }[];
    };
    expect(features.map(({ geometry }) => geometry)).toEqual([
      found.correctedFootprint,
      scene.footprint,
    ]);
    expect(features.map(({ properties }) => properties)).toMatchObject([
      { place: 'found' },
      { place: 'stated' },
    ]);
  });

  it('shows both on the map of its page, and says which is which', async () => {
    const { scene, found } = await elsewhere();
    const counts = { images: 1, usable: 1, failed: 0 };
    const page = (registered: SceneRegistration) =>
      scenesPage(
        {
          schemaVersion: 1,
          imageType: 'Satellite',
          jobId: 'x',
          message: '',
          verdict: 'located',
          counts,
          scenes: [{ ...scene, registration: registered, documents: {} }],
          notEvaluated: [],
        },
        new Map(),
      );
    const both = page(found);
    expect(both.match(/<polygon /g)).toHaveLength(2);
    expect(both).toContain('<title>x.tif, as it was found</title>');
    expect(both).toContain('<polygon class="wrong" ');
    expect(both).toContain('where its file states');
    expect(both).toContain('Center as stated');
    const one = page({ ...found, findings: [] });
    expect(one.match(/<polygon /g)).toHaveLength(1);
    expect(one).not.toContain('class="wrong"');
  });

  it('is drawn on both sides of the antimeridian as one', () => {
    const box = (west: number, east: number) => ({
      title: 'x',
      ring: [
        [west, 10],
        [east, 10],
        [east, 11],
        [west, 11],
      ],
    });
    const { markup } = footprintMap([box(179, 180), box(-180, -179)]);
    const xs = Array.from(markup.matchAll(/points="([^"]*)"/g), ([, points]) =>
      points!.split(' ').map((point) => Number(point.split(',')[0])),
    );
    // Half of the map each.
    expect(Math.max(...xs[0]!)).toBeCloseTo(500, 0);
    expect(Math.min(...xs[1]!)).toBeCloseTo(500, 0);
  });
});

describe('the names of a scene', () => {
  it('are plain for one scene, and different for each of many', () => {
    expect(sceneFilePrefix('a/b.tif', 0, 1)).toBe('');
    expect(sceneFilePrefix('a/b.tif', 1, 12)).toBe('02-a-b.');
    expect(stemOf('../../x y.tif')).not.toContain('/');
  });
});
