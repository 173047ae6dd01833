import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { catalogueReferences } from '../../geolocalization/io/catalogue-references.ts';
import { overlappingFiles } from '../../geolocalization/io/overlapping-files.ts';
import { readRaster } from '../../geolocalization/io/read-raster.ts';
import { closeWindowThreads } from '../../geolocalization/io/window-threads.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { Bucket, closeBuckets } from '../../platform/bucket.ts';
import { readSettings } from '../../platform/configuration.ts';
import { describeWithS3, type S3Server, startS3Server } from '../support/s3-server.ts';
import { asBits, MASK_FIELDS, placeFields, tiffOf } from '../support/masked-tiff.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import {
  patchPixels,
  SHIFTED_SCENE as SCENE,
  tiledReference,
  writePatchScene,
} from '../support/tiled-reference.ts';
import { compareScene } from './support/compare-scene.ts';

const LONG = 120_000;

await describeWithS3('a reference in a bucket', () => {
  let server: S3Server;
  let whole: Buffer;
  let scene: string;
  let bucket: Bucket;
  let environment: Record<string, string>;

  beforeAll(async () => {
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    server = await startS3Server();
    await server.makeBucket('maps');
    environment = { SKYLOOM_S3_ENDPOINT: server.endpoint, SKYLOOM_S3_SOURCES: 's3://maps' };
    const wide = { ...SCENE, columns: 1800, rows: 1800, west: SCENE.west - 7000 };
    whole = await tiledReference({
      ...wide,
      north: SCENE.north + 7000,
      shiftEast: 0,
      shiftNorth: 0,
    });
    bucket = new Bucket('maps', readSettings({ ...environment, SKYLOOM_HOME: '/nowhere' }));
    const put = (key: string, body: Buffer) => bucket.put(key, { body, bytes: body.length });
    await put('2026/ortho.tif', whole);
    await put('2026/readme.md', Buffer.from('not an image'));
    await put('empty/readme.md', Buffer.from('not an image'));
    const asset = { href: '../2026/ortho.tif', type: 'image/tiff; application=geotiff' };
    const item = { type: 'Feature', id: 'near', bbox: [11, 48, 12, 49], assets: { data: asset } };
    await put('stac/item.json', Buffer.from(JSON.stringify(item)));
    scene = join(await scratchFolder(), 'scene.tif');
    await writePatchScene(scene, SCENE);
  }, LONG);

  afterAll(async () => {
    await closeBuckets();
    await closeWindowThreads();
    await server.stop();
  });

  it.each([
    ['by its key', 's3://maps/2026/ortho.tif'],
    ['by the beginning of its key', 's3://maps/2026/'],
    ['by an item of a catalog beside it', 's3://maps/stac/item.json'],
  ])(
    'is read in parts, found %s',
    async (_how, reference) => {
      server.sentBytes = 0;
      const { registration } = await compare(reference);
      expect(registration.status).toBe('LOCATED');
      const [x, , , y] = registration.correctedTransform!;
      expect(Math.abs(x - (SCENE.west - SCENE.shiftEast))).toBeLessThan(0.5);
      expect(Math.abs(y - (SCENE.north - SCENE.shiftNorth))).toBeLessThan(0.5);
      expect(server.sentBytes).toBeLessThan(whole.length / 4);
    },
    LONG,
  );

  it('is read without what the mask beside it hides', async () => {
    const home = await scratchFolder();
    const size = { width: 320, height: 320 };
    const isData = (x: number) => x >= 100;
    const image = { ...size, bits: [8, 8, 8], bytes: patchPixels(SCENE) };
    const fields = placeFields(SCENE.west, SCENE.north, SCENE.pixelMeters);
    const put = (key: string, body: Buffer) => bucket.put(key, { body, bytes: body.length });
    await put('masked/a.tif', tiffOf([{ ...image, fields }]));
    await put(
      'masked/a.tif.msk',
      tiffOf([{ ...size, bits: [1], bytes: asBits(size, isData), fields: MASK_FIELDS }]),
    );
    const store = new ArtifactStore(home);
    const settings = readSettings({ ...environment, SKYLOOM_HOME: home });
    const storage = {
      store,
      runKey: 'run',
      limitBytes: 1e9,
      beat: () => undefined,
      network: {
        settings,
        isServerLocal: true,
        allowPrivateAddresses: true,
        signal: new AbortController().signal,
      },
    };
    const origin = { kind: 'url', location: 's3://maps/masked/a.tif' } as const;
    const catalogue = await catalogueReferences(origin, 'reference', storage);
    const { files } = await overlappingFiles(
      await store.addJson('run', catalogue),
      { footprint: null, gsd: null },
      storage,
    );
    const { valid } = await readRaster(await store.fileOf(files[0]!.file));
    expect(valid!.filter((value) => value === 0)).toHaveLength(100 * 320);
  });

  it.each([
    ['that is not there', 's3://maps/2026/none.tif', /there is no such object/],
    ['without an image', 's3://maps/empty/', /Cannot use "s3:\/\/maps\/empty\/" as reference as/],
    ['that requests may not read', 's3://secrets/a.tif', /add it to SKYLOOM_S3_SOURCES/],
  ])('is refused in one sentence: one %s', async (_what, reference, words) => {
    const failure = await compare(reference).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ nonRetryable: true, message: expect.stringMatching(words) });
  });

  async function compare(reference: string) {
    return compareScene(await scratchFolder(), { scene, reference }, { environment });
  }
});
