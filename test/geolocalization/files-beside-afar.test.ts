import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createGeolocalizationActivities } from '../../geolocalization/activities.ts';
import { sceneLocationSchema } from '../../contracts/geolocalization.ts';
import { catalogueReferences } from '../../geolocalization/io/catalogue-references.ts';
import { clipReference } from '../../geolocalization/io/clip-reference.ts';
import { pathsOf } from '../../geolocalization/io/open-pair.ts';
import { overlappingFiles } from '../../geolocalization/io/overlapping-files.ts';
import { openRaster, readRaster } from '../../geolocalization/io/read-raster.ts';
import type { ReferenceStorage } from '../../geolocalization/io/store-reference.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { closeDownloads, type DownloadLimits } from '../../platform/download.ts';
import { forgetBusyHosts } from '../../platform/download-request.ts';
import {
  asBits,
  type ImageOfTiff,
  MASK_FIELDS,
  placeFields,
  tiffOf,
} from '../support/masked-tiff.ts';
import { type RangeServer, startRangeServer } from '../support/range-server.ts';
import { runActivity } from '../support/run-activity.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { patchPixels, SHIFTED_SCENE } from '../support/tiled-reference.ts';

const { west, north, pixelMeters } = SHIFTED_SCENE;
const image: ImageOfTiff = {
  width: 320,
  height: 320,
  bits: [8, 8, 8],
  bytes: patchPixels(SHIFTED_SCENE),
};
const bare = tiffOf([image]);
const placed = tiffOf([{ ...image, fields: placeFields(west, north, pixelMeters) }]);
const TRANSFORM = [west, pixelMeters, 0, north, 0, -pixelMeters];
const WORLD = `10\n0\n0\n-10\n${west + 5}\n${north - 5}\n`;
const WKT = 'PROJCS["WGS 84 / UTM zone 32N",AUTHORITY["EPSG","32632"]]';
/** So that a server that stalls is given up in a moment. */
const HASTY: Partial<DownloadLimits> = { silenceMs: 150, tries: 2, firstWaitMs: 5 };

let server: RangeServer;
let home: string;

beforeAll(async () => {
  home = await scratchFolder();
});

beforeEach(async () => {
  forgetBusyHosts();
  server = await startRangeServer();
});

afterEach(() => server.stop());

afterAll(closeDownloads);

describe('a reference on a web server that does not say where it lies', () => {
  it.each([
    ['a world file and a .prj', { 'a.tfw': WORLD, 'a.prj': WKT }, 'world-file'],
    [
      'an .aux.xml',
      {
        'a.tif.aux.xml': `<PAMDataset><SRS>${WKT.replaceAll('"', '&quot;')}</SRS><GeoTransform>${TRANSFORM.join()}</GeoTransform></PAMDataset>`,
      },
      'auxiliary-file',
    ],
  ])('takes its place from %s beside it', async (_what, files, source) => {
    put({ 'a.tif': bare, ...files });
    const { entries } = await catalogue('/a.tif?key=secret');
    expect(entries[0]!.header!.placement).toEqual({
      kind: 'affine',
      source,
      transform: TRANSFORM,
      map: { epsg: 32632 },
    });
    expect(JSON.stringify(entries[0]!.header)).not.toContain('secret');
  });

  it('does so, too, when its server sends no parts', async () => {
    server.hasRanges = false;
    put({ 'a.tif': bare, 'a.wld': WORLD, 'a.prj': 'EPSG:32632' });
    const { entries } = await catalogue('/a.tif');
    expect(entries[0]!.header!.placement).toMatchObject({ transform: TRANSFORM });
    expect(entries[0]!.file).not.toBeNull();
  });

  it.each([
    ['nothing is there', {}, 'there is no world file, .prj or .aux.xml'],
    [
      'every address has a page',
      { 'a.tfw': '<!DOCTYPE html><p>not here', 'a.prj': '\n<html>' },
      'there is no world file, .prj or .aux.xml',
    ],
    ['only half of it is there', { 'a.tfw': WORLD }, 'there is "a.tfw"'],
  ])('is refused with what is missing when %s', async (_what, files, words) => {
    put({ 'a.tif': bare, ...files });
    await expect(catalogue('/a.tif')).rejects.toThrow(
      `${words}: write its transform and its coordinate reference system into the file, or put both beside it`,
    );
    const asked = server.sent.filter(({ path }) => path !== '/a.tif');
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('is named when a file beside it is too long, and one that says it itself asks for what counts before it alone', async () => {
    put({ 'a.tif': bare, 'a.tfw': 'x'.repeat(5e6) });
    await expect(catalogue('/a.tif')).rejects.toThrow(
      '"a.tfw" beside it is not read as it is longer than 4000000 bytes',
    );
    server.asked.length = 0;
    put({ 'b.tif': placed });
    await catalogue('/b.tif');
    expect(new Set(server.asked)).toEqual(new Set(['/b.tif', '/b.tif.aux.xml']));
  });

  it('is read without what a value in an .aux.xml beside it marks', async () => {
    const auxiliary = '<PAMRasterBand band="1"><NoDataValue>200</NoDataValue></PAMRasterBand>';
    put({ 'a.tif': placed, 'a.tif.aux.xml': auxiliary });
    const entry = await placedEntry();
    expect(entry.header.nodata).toBe(200);
    const part = await clipReference(entry, everything, storage());
    const { valid } = await readRaster(await new ArtifactStore(home).fileOf(part!.file));
    const missing = image.bytes.filter((value, index) => index % 3 === 0 && value === 200).length;
    expect(missing).toBeGreaterThan(10);
    expect(valid!.filter((value) => value === 0)).toHaveLength(missing);
  });
});

describe('a scene on a web server that does not say where it lies', () => {
  it('takes its place from files beside it, which are kept', async () => {
    put({ 'a.tif': bare, 'a.tfw': WORLD, 'a.prj': WKT });
    const { fetchScene, locateScene } = activities();
    const source = { name: 'a.tif', location: `${server.base}/a.tif` };
    const scene = await runActivity(fetchScene, { source, runKey: 'run' });
    expect(scene.companions!.map(({ kind }) => kind)).toEqual(['world-file', 'projection']);
    const { location } = await runActivity(locateScene, { scene, runKey: 'run' });
    const path = await new ArtifactStore(home).fileOf(location);
    const { placement } = sceneLocationSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    expect(placement).toMatchObject({ source: 'world-file', transform: TRANSFORM });
  });

  it('is taken as it is when there is none', async () => {
    put({ 'a.tif': bare });
    const { fetchScene } = activities();
    const source = { name: 'a.tif', location: `${server.base}/a.tif` };
    const scene = await runActivity(fetchScene, { source, runKey: 'run' });
    expect(scene).toMatchObject({ reason: null });
    expect(scene.companions).toBeUndefined();
  });
});

describe('a mask beside a file on a web server', () => {
  const size = { width: 320, height: 320 };
  const isData = (x: number, y: number) => x >= 100 && y < 300;
  const mask = tiffOf([{ ...size, bits: [1], bytes: asBits(size, isData), fields: MASK_FIELDS }]);
  const tiny = { width: 10, height: 10 };
  const hidden = 320 * 320 - 220 * 300;

  it.each([
    ['is read in parts', true],
    ['comes whole where the server sends no parts', false],
  ])('hides pixels of a reference, and %s', async (_how, hasRanges) => {
    server.hasRanges = hasRanges;
    put({ 'a.tif': placed, 'a.tif.msk': mask });
    const reference = await new ArtifactStore(home).addJson('run', await catalogue('/a.tif?key=1'));
    const { files } = await overlappingFiles(reference, everything, storage());
    const paths = await pathsOf(files[0]!, (ref) => new ArtifactStore(home).fileOf(ref));
    const reader = await openRaster(...paths);
    const { valid } = await reader.read({ bands: [0] });
    await reader.close();
    expect(valid!.filter((value) => value === 0)).toHaveLength(hidden);
  });

  it.each([
    ['is a page', '<!doctype html><html><p>not here</p></html>'],
    ['is of another size', tiffOf([{ ...tiny, bits: [8], bytes: new Uint8Array(100) }])],
  ])('is none when what lies there %s', async (_what, body) => {
    put({ 'a.tif': placed, 'a.tif.msk': body });
    const part = await clipReference(await placedEntry(), everything, storage());
    const { valid } = await readRaster(await new ArtifactStore(home).fileOf(part!.file));
    expect(valid).toBeNull();
  });

  it('hides pixels of a scene, too', async () => {
    put({ 'a.tif': placed, 'a.tif.msk': mask });
    const { fetchScene, locateScene } = activities();
    const source = { name: 'a.tif', location: `${server.base}/a.tif` };
    const scene = await runActivity(fetchScene, { source, runKey: 'run' });
    expect(scene.companions!.map(({ kind }) => kind)).toEqual(['mask']);
    const { location } = await runActivity(locateScene, { scene, runKey: 'run' });
    const { mask: kept, validFootprint } = await new ArtifactStore(home).readJson(
      location,
      sceneLocationSchema,
    );
    expect(kept).toBeDefined();
    expect(validFootprint).not.toBeNull();
  });
});

describe('a server that stalls', () => {
  const isOfPixels = (range: string | undefined) =>
    Number(/^bytes=(\d+)/.exec(range ?? '')?.[1]) > 0;

  it.each([
    ['before it answers', 'headers'],
    ['in the middle of a part', 'body'],
  ])('%s, and then goes on: the part is had', async (_when, where) => {
    put({ 'a.tif': placed });
    const entry = await placedEntry();
    let stalls = 1;
    server.fault = (request, response) => {
      if (!isOfPixels(request.headers.range) || stalls-- <= 0) return false;
      if (where === 'body') stallInBody(request.headers.range!, response);
      return true;
    };
    const part = await clipReference(entry, everything, storage());
    expect(part).toMatchObject({ width: 320, height: 320 });
    expect(stalls).toBeLessThan(0);
  });

  it('in the middle of a part, every time: it is named after a few tries, and nothing waits for ever', async () => {
    put({ 'a.tif': placed });
    const entry = await placedEntry();
    let stalls = 0;
    server.fault = (request, response) => {
      if (!isOfPixels(request.headers.range)) return false;
      stalls++;
      stallInBody(request.headers.range!, response);
      return true;
    };
    const start = performance.now();
    await expect(clipReference(entry, everything, storage())).rejects.toThrow(
      /a.tif" as (the server fell silent|it broke off)/,
    );
    expect(stalls).toBe(HASTY.tries);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('before the first byte of a header: it is named, too', async () => {
    server.fault = () => true;
    await expect(catalogue('/a.tif', { ...HASTY, tries: 1 })).rejects.toThrow(
      /a.tif" as the server does not answer/,
    );
  });

  function stallInBody(range: string, response: ServerResponse): void {
    const [from, to] = /(\d+)-(\d+)/.exec(range)!.slice(1).map(Number) as [number, number];
    const last = Math.min(to, placed.length - 1);
    response.writeHead(206, {
      etag: `"${placed.length}"`,
      'content-length': last - from + 1,
      'content-range': `bytes ${from}-${last}/${placed.length}`,
    });
    response.write(placed.subarray(from, from + 100));
  }
});

const everything = { footprint: null, gsd: null };

function put(files: Record<string, string | Buffer>): void {
  for (const [name, body] of Object.entries(files)) {
    server.files.set(`/${name}`, { body: Buffer.from(body) });
  }
}

function storage(limits = HASTY): ReferenceStorage {
  return {
    store: new ArtifactStore(home),
    runKey: 'run',
    limitBytes: 1e9,
    beat: () => undefined,
    network: {
      settings: readSettings({ SKYLOOM_HOME: home }),
      isServerLocal: true,
      allowPrivateAddresses: true,
      signal: new AbortController().signal,
      limits,
    },
  };
}

function catalogue(path: string, limits = HASTY) {
  const origin = { kind: 'url', location: `${server.base}${path}` } as const;
  return catalogueReferences(origin, 'reference', storage(limits));
}

async function placedEntry() {
  const { entries } = await catalogue('/a.tif');
  const [entry] = entries;
  return { ...entry!, header: entry!.header! };
}

function activities() {
  return createGeolocalizationActivities({
    store: new ArtifactStore(home),
    settings: readSettings({ SKYLOOM_HOME: home, SKYLOOM_ALLOW_PRIVATE_ADDRESSES: 'true' }),
    logger: pino({ level: 'silent' }),
    isServerLocal: true,
  });
}
