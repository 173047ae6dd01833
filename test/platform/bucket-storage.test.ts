import { randomBytes } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { z } from 'zod';
import { listRunKeys, removeRun } from '../../cleanup/io/expired-storage.ts';
import type { AdmittedRequest } from '../../contracts/automation.ts';
import { InvalidInput, MissingSource } from '../../contracts/failures.ts';
import { createGeolocalizationActivities } from '../../geolocalization/activities.ts';
import { fetchImage } from '../../ingestion/io/fetch-image.ts';
import { listFlight } from '../../ingestion/io/list-flight.ts';
import { findOrigin } from '../../orchestrator/io/find-origin.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { Bucket, closeBuckets } from '../../platform/bucket.ts';
import { BucketFailure } from '../../platform/bucket-failures.ts';
import { takeObject } from '../../platform/bucket-source.ts';
import { readSettings, type Settings } from '../../platform/configuration.ts';
import { DownloadRefused } from '../../platform/download-failures.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import { ResultMemo } from '../../platform/result-memo.ts';
import { publishToRunFolder } from '../../platform/run-folder.ts';
import { checkSharedStore } from '../../starter/doctor/storage-checks.ts';
import type { WorkerServices } from '../../platform/temporal/worker-spec.ts';
import { runActivity } from '../support/run-activity.ts';
import { describeWithS3, refuse, type S3Server, startS3Server } from '../support/s3-server.ts';
import { itAtLength } from '../support/long-tests.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { zipFile } from '../support/zip-file.ts';

const jpeg = Buffer.from('ffd8ffe0ffd9', 'hex');
const large = randomBytes(400_000);
const START_LIMIT_MS = 90_000;

await describeWithS3('a bucket', () => {
  let server: S3Server;
  const before = { ...process.env };

  beforeAll(async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'of-a-test',
      AWS_SECRET_ACCESS_KEY: 'of-a-test',
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    server = await startS3Server();
    await server.makeBucket('skyloom');
    await server.makeBucket('flights');
  }, START_LIMIT_MS);

  beforeEach(() => {
    server.fault = null;
    server.requests.length = 0;
  });

  afterAll(async () => {
    process.env = before;
    await closeBuckets();
    await server.stop();
  });

  async function settings(more: Record<string, string> = {}): Promise<Settings> {
    return readSettings({
      SKYLOOM_HOME: await scratchFolder(),
      SKYLOOM_STORE: 's3://skyloom/prod',
      SKYLOOM_S3_ENDPOINT: server.endpoint,
      ...more,
    });
  }

  async function store(more: Record<string, string> = {}): Promise<ArtifactStore> {
    return openArtifactStore(await settings(more));
  }

  /** A store of another machine: nothing in its cache. */
  const elsewhere = store;
  const uploads = () =>
    server.requests.filter(({ method, path }) => method === 'PUT' && path.includes('/artifacts/'));

  it('keeps one file of equal bytes, written once, and gives it to other machines', async () => {
    const here = await store();
    const first = await here.addBytes('once-1', 'text/plain', large);
    const second = await here.addStream('once-2', 'text/plain', Readable.from([large]));
    expect(second).toEqual(first);
    expect(uploads()).toHaveLength(1);
    expect((await (await elsewhere()).readBytes(first)).equals(large)).toBe(true);
    const json = await here.addJson('once-1', { b: 1 });
    const read = await (await elsewhere()).readJson(json, z.object({ b: z.number() }));
    expect(read).toEqual({ b: 1 });
  });

  it('leaves no scratch on this machine, and keeps what it wrote near', async () => {
    const chosen = await settings();
    const here = openArtifactStore(chosen);
    const ref = await here.addBytes('near', 'text/plain', Buffer.from('near'));
    server.requests.length = 0;
    expect((await here.readBytes(ref)).toString()).toBe('near');
    expect(server.requests).toEqual([]);
    expect(await readdir(join(chosen.SKYLOOM_HOME, 'cache', 'tmp'))).toEqual([]);
  });

  it('refuses bytes that are not those that their name says', async () => {
    const ref = await (await store()).addBytes('damage', 'text/plain', Buffer.from('right'));
    const bucket = new Bucket('skyloom', await settings());
    const key = `prod/artifacts/${ref.sha256.slice(0, 2)}/${ref.sha256}`;
    await bucket.put(key, { body: Buffer.from('wrong'), bytes: 5 });
    await expect((await elsewhere()).readBytes(ref)).rejects.toThrow(
      /not those that its name says/,
    );
  });

  it('writes over what an accident left shorter', async () => {
    const ref = await (await store()).addBytes('short', 'text/plain', Buffer.from('whole'));
    const bucket = new Bucket('skyloom', await settings());
    const key = `prod/artifacts/${ref.sha256.slice(0, 2)}/${ref.sha256}`;
    await bucket.put(key, { body: Buffer.from('who'), bytes: 3 });
    await (await elsewhere()).addBytes('short', 'text/plain', Buffer.from('whole'));
    expect((await (await elsewhere()).readBytes(ref)).toString()).toBe('whole');
  });

  it('removes a file when its last owner lets it go, and not while it is wanted', async () => {
    const here = await store();
    const ref = await here.addBytes('own-1', 'text/plain', Buffer.from('owned'));
    await here.addBytes('own-2', 'text/plain', Buffer.from('owned'));
    expect(await here.owners.listOf('own-1')).toEqual([ref.sha256]);
    expect(await here.owners.release('own-1', ref.sha256)).toBe(0);
    expect(await here.has(ref)).toBe(true);
    expect(await here.owners.release('own-2', ref.sha256)).toBe(5);
    expect(await here.has(ref)).toBe(false);
    expect(await here.adopted('own-3', ref)).toBe(false);
    expect(await here.owners.listOf('own-3')).toEqual([]);
  });

  it('gives a file back that came to be wanted while it was removed', async () => {
    const here = await store();
    const ref = await here.addBytes('race', 'text/plain', Buffer.from('race'));
    const answers = [false, true];
    const key = `artifacts/${ref.sha256.slice(0, 2)}/${ref.sha256}`;
    expect(await here.storage.removeUnless(key, async () => answers.shift()!)).toBe(0);
    expect((await (await elsewhere()).readBytes(ref)).toString()).toBe('race');
  });

  it('remembers results, and publishes and expires runs', async () => {
    const here = await store();
    const key = { step: 'test@1', contentSha256: '0', parameters: {} };
    const memo = new ResultMemo(here.storage, z.object({ n: z.number() }));
    expect(await memo.recall(key)).toBeNull();
    await memo.remember(key, { n: 7 });
    expect(
      await new ResultMemo((await elsewhere()).storage, z.object({ n: z.number() })).recall(key),
    ).toEqual({ n: 7 });
    const ref = await here.addJson('run-x', { result: true });
    await here.storage.writeSmall('runs/run-x/stale.txt', Buffer.from('x'), false);
    const place = await publishToRunFolder(here, 'run-x', { 'result.json': ref });
    expect(place).toBe('s3://skyloom/prod/runs/run-x');
    expect(await here.storage.namesBelow('runs/run-x')).toEqual(['result.json']);
    expect(await here.owners.lastWriteOf('run-x')).toBeGreaterThan(Date.now() - 60_000);
    expect(await listRunKeys(here)).toContain('run-x');
    expect(await removeRun(here, 'run-x')).toMatchObject({ files: 1 });
    expect(await listRunKeys(here)).not.toContain('run-x');
    const old = { cutoffMs: Date.now() + 60_000, isMeant: () => true };
    expect(await here.storage.removeOld('memo', { ...old, isDryRun: true })).toMatchObject({
      files: 1,
    });
    expect(await here.storage.removeOld('memo', { ...old, isDryRun: false })).toMatchObject({
      files: 1,
    });
    expect(await memo.recall(key)).toBeNull();
  });

  itAtLength('lists more than a page of names', async () => {
    const bucket = new Bucket('skyloom', await settings());
    const names = Array.from({ length: 1_100 }, (_, index) => String(index).padStart(4, '0'));
    for (let from = 0; from < names.length; from += 50) {
      await Promise.all(
        names
          .slice(from, from + 50)
          .map((name) => bucket.put(`many/${name}`, { body: Buffer.alloc(0), bytes: 0 })),
      );
    }
    expect(await bucket.namesBelow('many/')).toEqual(names);
  });

  it('keeps its cache within its limit, and what is young', async () => {
    const chosen = await settings({ SKYLOOM_CACHE_MEGABYTES: '1' });
    const here = openArtifactStore(chosen);
    const old = await here.addBytes('cache', 'x', randomBytes(600_000));
    await utimes(await here.fileOf(old), new Date(0), new Date(0));
    const young = await here.addBytes('cache', 'x', randomBytes(600_000));
    server.requests.length = 0;
    await here.readBytes(young);
    expect(server.requests).toHaveLength(0);
    await here.readBytes(old);
    expect(server.requests).toHaveLength(1);
  });

  it.each<[string, string, string, RegExp]>([
    ['is missing', 's3://nowhere', '', /no such bucket: create it, or correct its name/],
    ['is not allowed', 's3://skyloom', 'AccessDenied', /do not allow it: grant them this bucket/],
    ['does not know the key', 's3://skyloom', 'InvalidAccessKeyId', /check AWS_ACCESS_KEY_ID/],
  ])('that %s is named, with what to do', async (_words, place, code, words) => {
    if (code !== '') server.fault = (_request, response) => refuse(response, 403, code);
    const here = await store({ SKYLOOM_STORE: place });
    const adding = here.addBytes('run', 'text/plain', Buffer.from('x'));
    await expect(adding).rejects.toThrow(BucketFailure);
    await expect(adding).rejects.toThrow(words);
    await expect(adding).rejects.toMatchObject({ isLasting: true });
  });

  it('without credentials is named', async () => {
    await closeBuckets();
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
    delete process.env['AWS_ACCESS_KEY_ID'];
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/nonexistent';
    process.env['AWS_CONFIG_FILE'] = '/nonexistent';
    const adding = (await store()).addBytes('run', 'text/plain', Buffer.from('x'));
    await expect(adding).rejects.toThrow(/no credentials: set AWS_ACCESS_KEY_ID/);
    Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
    await closeBuckets();
  });

  it('that asks to slow down is asked again; one that goes on asking is named', async () => {
    let left = 2;
    server.fault = (request, response) =>
      request.method === 'PUT' && left-- > 0 && refuse(response, 503, 'SlowDown');
    const here = await store();
    const ref = await here.addBytes('slow', 'text/plain', Buffer.from('slow'));
    expect(left).toBeLessThan(1);
    server.fault = (_request, response) => refuse(response, 503, 'SlowDown');
    const reading = (await elsewhere()).readBytes(ref);
    await expect(reading).rejects.toThrow(/asks to slow down/);
    await expect(reading).rejects.toMatchObject({ isLasting: false });
  }, 60_000);

  it('that breaks an upload off has it again, whole', async () => {
    let left = 1;
    server.fault = (request) => {
      if (request.method !== 'PUT' || !request.url!.includes('/artifacts/') || left-- <= 0)
        return false;
      request.once('data', () => request.destroy());
      return true;
    };
    const ref = await (await store()).addBytes('broken', 'x', randomBytes(300_000));
    expect(await (await elsewhere()).readBytes(ref)).toHaveLength(300_000);
  });

  const partMegabyte = 1024 ** 2;
  /** Parts as small as the service takes them, so that a test has some. */
  const small = {
    uploadBytes: 6 * partMegabyte,
    copyBytes: 6 * partMegabyte,
    partBytes: 5 * partMegabyte,
  };

  async function scratchFile(bytes: Buffer): Promise<string> {
    const path = join(await scratchFolder(), 'large');
    await writeFile(path, bytes);
    return path;
  }

  it('takes large files, and copies them, in parts', async () => {
    const bucket = new Bucket('skyloom', await settings(), small);
    const content = randomBytes(12 * partMegabyte + 1);
    const path = await scratchFile(content);
    const file = { bytes: content.length, isNew: true };
    expect(await bucket.putFile('parts/one', path, file)).toBe(true);
    const parts = server.requests.filter(({ path: asked }) => asked.includes('partNumber='));
    expect(parts.length).toBe(3);
    expect((await buffer((await bucket.get('parts/one')).body)).equals(content)).toBe(true);
    expect(await bucket.copy('parts/one', 'parts/two')).toBe(true);
    expect((await buffer((await bucket.get('parts/two')).body)).equals(content)).toBe(true);
    expect(await bucket.copy('parts/none', 'parts/three')).toBe(false);
  });

  it('sends a part again that broke off', async () => {
    const bucket = new Bucket('skyloom', await settings(), small);
    const content = randomBytes(7 * partMegabyte);
    let left = 1;
    server.fault = (request) => {
      if (!request.url!.includes('partNumber=2') || left-- <= 0) return false;
      request.once('data', () => request.destroy());
      return true;
    };
    const file = { bytes: content.length };
    expect(await bucket.putFile('parts/again', await scratchFile(content), file)).toBe(true);
    expect(left).toBeLessThan(1);
    expect((await buffer((await bucket.get('parts/again')).body)).equals(content)).toBe(true);
  });

  it('keeps no parts of an upload that failed, and says why it did', async () => {
    const bucket = new Bucket('skyloom', await settings(), small);
    const content = randomBytes(7 * partMegabyte);
    server.fault = (request, response) =>
      request.url!.includes('partNumber=2') && refuse(response, 403, 'AccessDenied');
    const uploading = bucket.putFile('parts/failed', await scratchFile(content), {
      bytes: content.length,
    });
    await expect(uploading).rejects.toThrow(
      'Cannot write "s3://skyloom/parts/failed" as the credentials do not allow it',
    );
    const aborts = server.requests.filter(
      ({ method, path }) => method === 'DELETE' && path.includes('uploadId='),
    );
    expect(aborts.length).toBe(1);
    expect(await bucket.head('parts/failed')).toBeNull();
  });

  it('is looked at by the doctor, who leaves nothing behind', async () => {
    const checks = await checkSharedStore(await settings({ SKYLOOM_STORE: 's3://skyloom/seen' }));
    expect(checks.map(({ name, state }) => [name, state])).toEqual([
      ['shared storage', 'ok'],
      ['shared storage clock', 'ok'],
    ]);
    expect(await new Bucket('skyloom', await settings()).namesBelow('seen/')).toEqual([]);
    const [missing] = await checkSharedStore(await settings({ SKYLOOM_STORE: 's3://nowhere/x' }));
    expect(missing).toMatchObject({ state: 'fault' });
    expect(missing!.words).toMatch(/there is no such bucket/);
    expect(missing!.remedy).toMatch(/SKYLOOM_STORE/);
  });

  async function flight(prefix: string, files: Record<string, Buffer>): Promise<void> {
    const bucket = new Bucket('flights', await settings());
    for (const [name, body] of Object.entries(files)) {
      await bucket.put(`${prefix}${name}`, { body, bytes: body.length });
    }
  }

  async function sourceOptions(more: Record<string, string> = {}) {
    const chosen = await settings(more);
    return {
      settings: chosen,
      isServerLocal: true,
      store: openArtifactStore(chosen),
      owner: 'source-run',
      limitBytes: 1e9,
      allowPrivateAddresses: false,
      signal: new AbortController().signal,
      limits: { firstWaitMs: 5, longestWaitMs: 20 },
    };
  }

  it('holds a flight below a prefix, with the texts beside its images', async () => {
    await flight('2026/f7/', {
      'geo.txt': Buffer.from('EPSG:4326\nA.JPG 11.5 48.1 500\nB.JPG 11.6 48.1 500\n'),
      'dem.tif': Buffer.from('heights'),
      'images/': Buffer.alloc(0),
      'images/A.JPG': jpeg,
      'images/100 %/B.JPG': jpeg,
      'images/noname': jpeg,
      'images/notes': Buffer.from('text'),
      'preview.JPG': jpeg,
    });
    await flight('2026/f77/', { 'C.JPG': jpeg });
    const options = await sourceOptions();
    const origin = await findOrigin('s3://flights/2026/f7', []);
    expect(origin).toEqual({ kind: 'bucket', location: 's3://flights/2026/f7' });
    const { sources, companions } = await listFlight(origin, options);
    expect(sources.map(({ name }) => name)).toEqual(['100 %/B.JPG', 'A.JPG', 'noname']);
    expect(companions.poseFile).toBe('geo.txt');
    const { file: model, name } = companions.groundModel!;
    expect(name).toBe('dem.tif');
    expect((await options.store.readBytes(model)).toString()).toBe('heights');
    for (const source of sources) {
      const { file, findings } = await fetchImage(source, { ...options, isLastTry: true });
      expect(findings).toEqual([]);
      expect((await options.store.readBytes(file!)).equals(jpeg)).toBe(true);
    }
  });

  it('holds scenes below a prefix, with what tells their places beside them', async () => {
    const pixels = await sharp({ create: { width: 9, height: 7, channels: 3, background: 'red' } })
      .tiff()
      .toBuffer();
    const world = Buffer.from('0.5\n0\n0\n-0.5\n500000\n5000000\n');
    await flight('scenes/', {
      'a/one.tif': pixels,
      'a/one.tfw': world,
      'a/one.prj': Buffer.from('EPSG:32632'),
      'a/notes.txt': Buffer.from('none'),
      noname: pixels,
      '.hidden/two.tif': pixels,
      'list.txt': Buffer.from('a/one.tif\n'),
    });
    const chosen = await settings();
    const store = openArtifactStore(chosen);
    const services = { store, settings: chosen, isServerLocal: true } as WorkerServices;
    const { listScenes, fetchScene } = createGeolocalizationActivities(services);
    const listed = async (address: string) => {
      const origin = await findOrigin(address, []);
      const { scenes } = await runActivity(listScenes, { origin } as AdmittedRequest);
      return scenes;
    };
    const scenes = await listed('s3://flights/scenes');
    expect(scenes.map(({ name }) => name)).toEqual(['a/one.tif', 'noname']);
    expect(await listed('s3://flights/scenes/list.txt')).toMatchObject([{ name: 'a/one.tif' }]);
    expect(await listed('s3://flights/scenes/a/one.tif')).toMatchObject([{ name: 'one.tif' }]);
    const { file, companions } = await runActivity(fetchScene, {
      source: scenes[0]!,
      runKey: 'run',
    });
    expect((await store.readBytes(file!)).equals(pixels)).toBe(true);
    expect(companions!.map(({ kind, name }) => [kind, name])).toEqual([
      ['projection', 'one.prj'],
      ['world-file', 'one.tfw'],
    ]);
    expect((await store.readBytes(companions![1]!.file)).equals(world)).toBe(true);
    const source = { name: 'gone.tif', location: 's3://flights/scenes/gone.tif' };
    const gone = await runActivity(fetchScene, { source, runKey: 'run' });
    expect(gone).toMatchObject({ file: null, reason: expect.stringContaining('no such object') });
    await expect(listed('s3://nowhere/scenes')).rejects.toThrow(/no such bucket/);
  });

  it('holds single images, lists and archives, too', async () => {
    await flight('single/', {
      'A.JPG': jpeg,
      'list.txt': Buffer.from('s3://flights/single/A.JPG\n'),
      'flight.zip': zipFile([{ name: 'f/B.JPG', content: jpeg }]),
    });
    const options = await sourceOptions();
    for (const [name, kind, image] of [
      ['A.JPG', 'bucket', 'A.JPG'],
      ['list.txt', 'url-list', 'A.JPG'],
      ['flight.zip', 'archive', 'B.JPG'],
    ] as const) {
      const origin = await findOrigin(`s3://flights/single/${name}`, []);
      expect(origin.kind).toBe(kind);
      const { sources } = await listFlight(origin, options);
      expect(sources.map((source) => source.name)).toEqual([image]);
      expect((await fetchImage(sources[0]!, { ...options, isLastTry: true })).file).not.toBeNull();
    }
  });

  it('is gone on with where it broke off, and begun anew when it changed', async () => {
    await flight('broken/', { 'A.JPG': large });
    const address = 's3://flights/broken/A.JPG';
    const options = await sourceOptions();
    let left = 2;
    server.fault = (request, response) => {
      if (request.method !== 'GET' || left-- <= 0) return false;
      response.writeHead(200, {
        etag: left === 1 ? '"another"' : '"x"',
        'content-length': large.length,
      });
      response.write(large.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
      return true;
    };
    const read = await takeObject(address, options, (body) => buffer(body));
    expect(read.equals(large)).toBe(true);
    expect(server.requests.length).toBeGreaterThanOrEqual(3);
  });

  it('may be read by requests only where the settings say so', async () => {
    const allowed = await sourceOptions({ SKYLOOM_S3_SOURCES: 's3://flights/2026' });
    const { sources } = await listFlight(
      { kind: 'bucket', location: 's3://flights/2026/f77' },
      allowed,
    );
    expect(sources).toHaveLength(1);
    for (const location of ['s3://flights/single', 's3://flights/2026x', 's3://skyloom/prod']) {
      const listing = listFlight({ kind: 'bucket', location }, allowed);
      await expect(listing).rejects.toThrow(InvalidInput);
      await expect(listing).rejects.toThrow(/add it to SKYLOOM_S3_SOURCES/);
      await expect(takeObject(location, allowed, buffer)).rejects.toThrow(DownloadRefused);
    }
    const remote = { ...(await sourceOptions()), isServerLocal: false };
    await expect(listFlight({ kind: 'bucket', location: 's3://flights' }, remote)).rejects.toThrow(
      /no bucket at all/,
    );
  });

  it('as a source that is not there is named', async () => {
    const options = await sourceOptions();
    const listing = listFlight({ kind: 'bucket', location: 's3://nowhere/f7' }, options);
    await expect(listing).rejects.toThrow(MissingSource);
    const source = { name: 'A.JPG', location: 's3://flights/absent.JPG' };
    const { findings } = await fetchImage(source, { ...options, isLastTry: false });
    expect(findings).toMatchObject([{ code: 'DOWNLOAD_FAILED' }]);
    expect(findings[0]!.message).toMatch(/no such object/);
  });
});
