import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import {
  archiveLimits,
  ArchiveRefused,
  closeArchives,
  listArchive,
  MemberDamaged,
  MemberRefused,
  openMember,
} from '../../platform/archive.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { zipFile, type ZipMember } from '../support/zip-file.ts';

const noise = randomBytes(300_000);

afterAll(closeArchives);

describe('listArchive()', () => {
  it('names the files of an archive in order, and none of its folders', async () => {
    const path = await archiveOf([{ name: 'f/b.JPG' }, { name: 'f/' }, { name: 'f/a.JPG' }]);
    expect(await listArchive(path)).toEqual({ members: ['f/a.JPG', 'f/b.JPG'], leftOut: [] });
  });

  it('reads the long form (zip64)', async () => {
    const path = await archiveOf([{ name: 'a.JPG', content: noise, isZip64: true }]);
    expect((await listArchive(path)).members).toEqual(['a.JPG']);
    expect((await buffer(await openMember(path, 'a.JPG'))).equals(noise)).toBe(true);
  });

  it('leaves out what leads out of it, links, and second members of one name', async () => {
    const names = ['../a.JPG', '/etc/b.JPG', 'x/../../c.JPG', 'C:\\d.JPG', '..\\e.JPG'];
    const path = await archiveOf([
      ...names.map((name) => ({ name })),
      { name: 'link.JPG', mode: 0o120_777, content: Buffer.from('/etc/passwd') },
      { name: 'twice.JPG' },
      { name: 'twice.JPG', content: Buffer.from('other') },
    ]);
    const { members, leftOut } = await listArchive(path);
    expect(members).toEqual(['twice.JPG']);
    expect(leftOut.filter(({ isOutside }) => isOutside)).toHaveLength(names.length);
    expect(leftOut.filter(({ isOutside }) => !isOutside)).toMatchObject([
      { name: 'link.JPG', reason: 'it is a link' },
      { name: 'twice.JPG', reason: 'another member has the same name' },
    ]);
    expect((await buffer(await openMember(path, 'twice.JPG'))).toString()).toBe('twice.JPG');
  });

  it.each([
    ['too many members', { members: 1 }, /more than 1 members/],
    ['too much in them', { totalBytes: 5 }, /more than 5 bytes/],
  ])('refuses an archive with %s', async (_words, limits, words) => {
    const path = await archiveOf([{ name: 'a.JPG' }, { name: 'b.JPG' }]);
    await expect(listArchive(path, { ...archiveLimits, ...limits })).rejects.toThrow(words);
  });

  it('refuses members that share their bytes', async () => {
    const path = await archiveOf([{ name: 'a.JPG' }, { name: 'b.JPG', placeOf: 'a.JPG' }]);
    await expect(listArchive(path)).rejects.toThrow(ArchiveRefused);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('%PDF-1.7 …')],
    ['an archive cut short', zipFile([{ name: 'a.JPG', content: noise }]).subarray(0, 200_000)],
  ])('refuses %s', async (_words, bytes) => {
    const path = join(await scratchFolder(), 'flight.zip');
    await writeFile(path, bytes);
    await expect(listArchive(path)).rejects.toThrow(ArchiveRefused);
  });
});

describe('openMember()', () => {
  it('gives the bytes, packed or not', async () => {
    const path = await archiveOf([
      { name: 'a.JPG', content: noise },
      { name: 'b.JPG', content: noise, isDeflated: true },
    ]);
    for (const name of ['a.JPG', 'b.JPG']) {
      expect((await buffer(await openMember(path, name))).equals(noise)).toBe(true);
    }
  });

  it.each<[string, Partial<ZipMember>, RegExp]>([
    ['encrypted', { isEncrypted: true }, /encrypted/],
    ['packed in an unknown way', { method: 12 }, /method 12/],
    ['a bomb', { content: Buffer.alloc(3e6), isDeflated: true }, /more than 200 times/],
  ])('refuses a member that is %s', async (_words, member, words) => {
    const path = await archiveOf([{ name: 'a.JPG', ...member }]);
    const opening = openMember(path, 'a.JPG');
    await expect(opening).rejects.toThrow(MemberRefused);
    await expect(opening).rejects.toThrow(words);
  });

  it.each<[string, Partial<ZipMember>, RegExp]>([
    ['has another checksum', { crc: 1 }, /checksum/],
    ['says another size than it has, unpacked', { statedBytes: 5 }, /more than its 5 bytes/],
    ['unpacks to more than it says', { statedBytes: 1000, isDeflated: true }, /more than its 1000/],
    ['unpacks to less than it says', { statedBytes: 400_000, isDeflated: true }, /checksum/],
    ['is not packed as it says', { method: 8 }, /invalid|unexpected/],
  ])('fails with the damage of a member that %s', async (_words, member, words) => {
    const path = await archiveOf([{ name: 'a.JPG', content: noise, ...member }, { name: 'b.JPG' }]);
    const reading = openMember(path, 'a.JPG').then(buffer);
    await expect(reading).rejects.toThrow(MemberDamaged);
    await expect(reading).rejects.toThrow(words);
    expect((await buffer(await openMember(path, 'b.JPG'))).toString()).toBe('b.JPG');
  });

  it('keeps the damage of a small member for who reads it late', async () => {
    const path = await archiveOf([{ name: 'a.JPG', content: Buffer.from('x'), crc: 1 }]);
    const body = await openMember(path, 'a.JPG');
    // It fails by itself, and without a listener for that the process would end.
    await new Promise((closed) => body.once('close', closed));
    await expect(buffer(body)).rejects.toThrow(MemberDamaged);
    const target = createWriteStream(join(await scratchFolder(), 'a.JPG'));
    await expect(pipeline(body, target)).rejects.toThrow(MemberDamaged);
  });
});

async function archiveOf(members: readonly ZipMember[]): Promise<string> {
  const path = join(await scratchFolder(), 'flight.zip');
  await writeFile(path, zipFile(members));
  return path;
}
