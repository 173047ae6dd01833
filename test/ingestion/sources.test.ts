import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, open, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { InvalidInput } from '../../contracts/failures.ts';
import { fetchImage } from '../../ingestion/io/fetch-image.ts';
import { flightLayout } from '../../ingestion/io/flight-layout.ts';
import { type FlightListing, listFlight } from '../../ingestion/io/list-flight.ts';
import type { SourceOptions } from '../../ingestion/io/open-source.ts';
import { closeArchives } from '../../platform/archive.ts';
import { ArtifactStore } from '../../platform/artifact-store.ts';
import { readSettings } from '../../platform/configuration.ts';
import { reasonOf } from '../../platform/download-failures.ts';
import { closeDownloads } from '../../platform/download.ts';
import { type HostileServer, startHostileServer } from '../platform/hostile-server.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { zipFile, type ZipMember } from '../support/zip-file.ts';

const jpeg = Buffer.from('ffd8ffe0ffd9', 'hex');
const geo = 'EPSG:4326\nA.JPG 11.5 48.1 500\nB.JPG 11.6 48.1 500\n';

let options: SourceOptions;

beforeAll(async () => {
  options = {
    settings: readSettings({}),
    isServerLocal: true,
    store: new ArtifactStore(await scratchFolder()),
    owner: 'run-1',
    limitBytes: 1e9,
    allowPrivateAddresses: true,
    signal: new AbortController().signal,
  };
});

afterAll(async () => {
  closeArchives();
  await closeDownloads();
});

describe('the images of a folder', () => {
  it('are found in nested folders of cards, by content where the name says nothing', async () => {
    const folder = await folderOf({
      'DCIM/100MEDIA/A.JPG': jpeg,
      'DCIM/101MEDIA/A.JPG': jpeg,
      'DCIM/101MEDIA/noname': jpeg,
      'DCIM/101MEDIA/notes': Buffer.from('not an image'),
      'dem.tif': jpeg,
      '.hidden.JPG': jpeg,
    });
    expect(namesOf(await listFolder(folder))).toEqual([
      'DCIM/100MEDIA/A.JPG',
      'DCIM/101MEDIA/A.JPG',
      'DCIM/101MEDIA/noname',
    ]);
  });

  it('do not include links, and that is said', async () => {
    const folder = await folderOf({ 'A.JPG': jpeg });
    await symlink('/etc/passwd', join(folder, 'B.JPG'));
    await symlink('/etc', join(folder, 'more'));
    await symlink('A.JPG', join(folder, 'notes.txt'));
    const { sources, companions } = await listFolder(folder);
    expect(sources.map(({ name }) => name)).toEqual(['A.JPG']);
    expect(companions.findings).toMatchObject([
      { code: 'LINK_LEFT_OUT', severity: 'warning', scope: 'file', subject: 'notes.txt' },
      { code: 'LINK_LEFT_OUT', severity: 'warning', scope: 'file', subject: 'B.JPG' },
      { code: 'LINK_LEFT_OUT', subject: 'more' },
    ]);
  });

  it('do not take what leads in circles, or is a folder, for the texts beside them', async () => {
    const folder = await folderOf({ 'A.JPG': jpeg, 'dem.tif/x': jpeg, 'gcp_list.txt/x': jpeg });
    await symlink('geo.txt', join(folder, 'geo.txt'));
    await symlink('.', join(folder, 'loop'));
    await symlink('/etc/hostname', join(folder, 'flight.json'));
    const { companions } = await listFolder(folder);
    expect(companions.settings).toBeUndefined();
    expect(companions.findings.map(({ code, subject }) => [code, subject])).toEqual([
      ['FILE_LEFT_OUT', 'dem.tif'],
      ['FILE_LEFT_OUT', 'gcp_list.txt'],
      ['LINK_LEFT_OUT', 'flight.json'],
      ['LINK_LEFT_OUT', 'geo.txt'],
      ['LINK_LEFT_OUT', 'loop'],
    ]);
  });

  it('have named what the workers may not read', async () => {
    const folder = await folderOf({
      'A.JPG': jpeg,
      'B.JPG': jpeg,
      'geo.txt': Buffer.from(geo),
      'sub/C.JPG': jpeg,
    });
    // Root may read everything: then it is asked as nobody.
    const isRoot = process.getuid?.() === 0;
    for (const name of ['B.JPG', 'geo.txt', 'sub']) await chmod(join(folder, name), 0);
    if (isRoot) {
      await chmod(folder, 0o755);
      process.seteuid!(65_534);
    }
    try {
      const { sources, companions } = await listFolder(folder);
      expect(companions.poseFile).toBeNull();
      expect(companions.findings.map(({ code, subject }) => [code, subject])).toEqual([
        ['FILE_LEFT_OUT', 'geo.txt'],
        ['FILE_LEFT_OUT', 'sub'],
      ]);
      for (const { message } of companions.findings)
        expect(message).toMatch(/give them the right to$/);
      expect(sources.map(({ name }) => name)).toEqual(['A.JPG', 'B.JPG']);
      const opened = open(sources[1]!.location).catch(reasonOf);
      expect(await opened).toBe('the workers may not read it');
    } finally {
      if (isRoot) process.seteuid!(0);
      await chmod(join(folder, 'sub'), 0o755);
    }
  });

  it('have one named whose name is no text', async () => {
    const folder = await folderOf({ 'A.JPG': jpeg });
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/B`), Buffer.of(0xff), Buffer.from('.JPG')]),
      jpeg,
    );
    const { sources } = await listFolder(folder);
    const [, broken] = await Promise.all(sources.map(fetch));
    expect(broken!.findings).toMatchObject([{ code: 'FILE_MISSING', severity: 'error' }]);
    expect(broken!.findings[0]!.message).toMatch(/no text in UTF-8: rename the file$/);
  });

  it('end at a depth, and that is said', async () => {
    const folder = await folderOf({ 'A.JPG': jpeg, '1/2/3/4/5/6/B.JPG': jpeg });
    const { sources, companions } = await listFolder(folder);
    expect(sources).toHaveLength(1);
    expect(companions.findings).toMatchObject([{ code: 'FILE_LEFT_OUT', subject: '1/2/3/4/5/6' }]);
  });

  it('may not be told by a pipe, which has no end', async () => {
    const folder = await folderOf({ 'A.JPG': jpeg });
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const { companions } = await listFolder(folder);
    expect(companions.findings).toMatchObject([{ code: 'FILE_LEFT_OUT', subject: 'pipe' }]);
  });

  it('have names that can be shown, which stay apart', async () => {
    const folder = await folderOf({
      'A\n\u001b[31m.JPG': jpeg,
      'A%0A%1B[31m.JPG': jpeg,
      'gpj.\u202eB.JPG': jpeg,
    });
    const { sources, companions } = await listFolder(folder);
    expect(sources.map(({ name }) => name)).toEqual([
      'A%0A%1B[31m.JPG',
      'A%0A%1B[31m.JPG#2',
      'gpj.%E2%80%AEB.JPG',
    ]);
    expect(companions.findings.map(({ code }) => code)).toEqual([
      'NAME_UNPRINTABLE',
      'NAME_UNPRINTABLE',
    ]);
    for (const source of sources) expect((await fetch(source)).file).not.toBeNull();
  });

  it('past a hundred links, the others are counted', async () => {
    const folder = await folderOf({ 'A.JPG': jpeg });
    for (let index = 0; index < 130; index++) await symlink('A.JPG', join(folder, `${index}.JPG`));
    const { findings } = (await listFolder(folder)).companions;
    expect(findings).toHaveLength(101);
    expect(findings.at(-1)).toMatchObject({ values: { more: 30 } });
  });
});

describe('the images of a zip archive', () => {
  const members: ZipMember[] = [
    { name: 'flight/geo.txt', content: Buffer.from(geo), isDeflated: true },
    { name: 'flight/dem.tif', content: Buffer.from('heights') },
    { name: 'flight/flight.json', content: Buffer.from('{"heights":"msl"}') },
    { name: 'flight/images/A.JPG', content: jpeg, isDeflated: true },
    { name: 'flight/images/B.JPG', content: jpeg },
    { name: 'flight/images/BAD.JPG', content: jpeg, crc: 7 },
    { name: 'flight/images/SECRET.JPG', content: jpeg, isEncrypted: true },
    { name: 'flight/images/noname', content: jpeg },
    { name: 'flight/images/notes', content: Buffer.from('text') },
    { name: 'flight/preview.JPG', content: jpeg },
    { name: 'flight/images/LINK.JPG', mode: 0o120_777 },
    { name: '../OUT.JPG', content: jpeg },
    { name: '__MACOSX/flight/._A.JPG' },
  ];

  it('are those of the folder in it, and the texts beside them count', async () => {
    const { sources, companions } = await listArchived(members);
    expect(sources.map(({ name }) => name)).toEqual([
      'A.JPG',
      'B.JPG',
      'BAD.JPG',
      'SECRET.JPG',
      'noname',
    ]);
    expect(companions).toMatchObject({
      poseFile: 'geo.txt',
      settings: { values: { heights: 'msl' } },
    });
    expect(companions.findings).toMatchObject([
      { code: 'LINK_LEFT_OUT', subject: 'flight/images/LINK.JPG' },
      { code: 'PATH_ESCAPE', subject: '../OUT.JPG' },
    ]);
  });

  it('have the ground model beside them brought along, with what states its system', async () => {
    const prj = { name: 'flight/dem.prj', content: Buffer.from('+proj=utm +zone=32\n') };
    const { groundModel } = (await listArchived([...members, prj])).companions;
    expect(groundModel).toMatchObject({ name: 'dem.tif', system: '+proj=utm +zone=32' });
    expect((await options.store.readBytes(groundModel!.file)).toString()).toBe('heights');
    const damaged = members.map((member) =>
      member.name.endsWith('dem.tif') ? { ...member, crc: 1 } : member,
    );
    const { companions } = await listArchived(damaged);
    expect(companions.groundModel).toBeUndefined();
    expect(companions.findings).toContainEqual(
      expect.objectContaining({
        code: 'FILE_LEFT_OUT',
        subject: 'dem.tif',
        message: expect.stringMatching(/do not match their checksum: pack it anew$/),
      }),
    );
  });

  it('are fetched one by one, and what is wrong is said of each', async () => {
    const { sources } = await listArchived(members);
    const fetched = await Promise.all(sources.map(fetch));
    const digest = createHash('sha256').update(jpeg).digest('hex');
    expect(fetched.map(({ file }) => file?.sha256 ?? null)).toEqual([
      digest,
      digest,
      null,
      null,
      digest,
    ]);
    expect(fetched[2]!.findings).toMatchObject([{ code: 'IMAGE_CORRUPT', subject: 'BAD.JPG' }]);
    expect(fetched[3]!.findings).toMatchObject([{ code: 'FILE_REFUSED', subject: 'SECRET.JPG' }]);
  });

  it('may come from a server', async () => {
    const archive = zipFile(members);
    const server: HostileServer = await startHostileServer({
      '/flight.zip': ({ response }) => response.end(archive),
    });
    const location = `${server.base}/flight.zip`;
    const { sources, companions } = await listFlight({ kind: 'archive', location }, options);
    expect(sources).toHaveLength(5);
    expect(companions.poseFile).toBe('geo.txt');
    expect((await fetch(sources[0]!)).file).not.toBeNull();
    expect(server.visits('/flight.zip')).toHaveLength(1);
    await server.close();
  });

  it('are refused as a whole when it is no archive', async () => {
    const location = join(await scratchFolder(), 'flight.zip');
    await writeFile(location, 'no archive');
    const listing = listFlight({ kind: 'archive', location }, options);
    await expect(listing).rejects.toThrow(InvalidInput);
    await expect(listing).rejects.toThrow(/Cannot read archive ".*flight.zip"/);
  });
});

describe('flightLayout()', () => {
  it('gives the value of its own example', () => {
    const { candidates } = flightLayout(['f7/geo.txt', 'f7/images/A.JPG', 'f7/notes.jpg']);
    expect(candidates).toEqual(['f7/images/A.JPG']);
  });

  it('gives the same flight whether it is in a folder of its own or not', () => {
    const names = ['geo.txt', 'DCIM/100/A.JPG', 'dem.tif', 'a/b/c/d/e/f/g/B.JPG'];
    const bare = flightLayout(names);
    const inside = flightLayout(names.map((name) => `f7/${name}`));
    expect(inside.candidates).toEqual(bare.candidates.map((name) => `f7/${name}`));
    expect(bare).toMatchObject({
      besides: ['geo.txt', 'dem.tif'],
      tooDeep: ['a/b/c/d/e/f/g/B.JPG'],
    });
  });

  it('leaves a card or an images folder its name', () => {
    expect(flightLayout(['DCIM/1/A.JPG']).imageRoot).toBe('');
    expect(flightLayout(['Images/A.JPG']).imageRoot).toBe('Images/');
    expect(flightLayout([])).toMatchObject({ root: '', candidates: [] });
  });
});

describe('a list', () => {
  it('of more images than a flight may have is refused, with their number', async () => {
    const names = Array.from({ length: 100_001 }, (_, index) => `${index}.JPG`);
    const folder = await folderOf({ 'list.txt': Buffer.from(names.join('\n')) });
    const listing = listFlight({ kind: 'list', location: join(folder, 'list.txt') }, options);
    await expect(listing).rejects.toThrow(/may have 100000 images: found 100001, cut it into/);
  });

  it('of files names the one that is not there', async () => {
    const folder = await folderOf({ 'A.JPG': jpeg, 'list.txt': Buffer.from('A.JPG\nB.JPG') });
    const location = join(folder, 'list.txt');
    const { sources } = await listFlight({ kind: 'list', location }, options);
    const [there, missing] = await Promise.all(sources.map(fetch));
    expect(there!.file).not.toBeNull();
    expect(missing).toMatchObject({
      name: 'B.JPG',
      file: null,
      findings: [{ code: 'FILE_MISSING', severity: 'error', subject: 'B.JPG' }],
    });
  });

  it('of addresses is fetched from where they lead', async () => {
    const server = await startHostileServer({
      '/a/A.JPG': ({ response }) => response.end(jpeg),
      '/list.txt': ({ response }) => response.end(`\uFEFFa/A.JPG\r\n${server.base}/b/A.JPG\n`),
    });
    const location = `${server.base}/list.txt`;
    const { sources } = await listFlight({ kind: 'url-list', location }, options);
    expect(sources.map(({ name }) => name)).toEqual(['A.JPG', 'a/A.JPG']);
    const [missing, there] = await Promise.all(sources.map(fetch));
    expect(there!.file).not.toBeNull();
    expect(missing!.findings).toMatchObject([{ code: 'DOWNLOAD_FAILED' }]);
    await server.close();
  });
});

function listFolder(location: string): Promise<FlightListing> {
  return listFlight({ kind: 'folder', location }, options);
}

async function listArchived(members: readonly ZipMember[]): Promise<FlightListing> {
  const location = join(await scratchFolder(), 'flight.zip');
  await writeFile(location, zipFile(members));
  const origin: ImageOrigin = { kind: 'archive', location };
  return listFlight(origin, options);
}

function fetch(source: FlightListing['sources'][number]) {
  return fetchImage(source, { ...options, isLastTry: true });
}

function namesOf({ sources }: FlightListing): string[] {
  return sources.map(({ name }) => name);
}

async function folderOf(files: Record<string, Buffer>): Promise<string> {
  const folder = await scratchFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}
