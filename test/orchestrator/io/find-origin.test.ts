import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { InvalidInput, MissingSource } from '../../../contracts/failures.ts';
import { findOrigin } from '../../../orchestrator/io/find-origin.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

let folder: string;

beforeAll(async () => {
  folder = await realpath(await scratchFolder());
  await mkdir(join(folder, 'flight'));
  await writeFile(join(folder, 'image.jpg'), '');
  await writeFile(join(folder, 'list.txt'), '');
  await symlink('circle', join(folder, 'circle'));
});

describe('findOrigin()', () => {
  it.each([
    ['flight', 'folder'],
    ['image.jpg', 'file'],
    ['list.txt', 'list'],
  ])('tells that %s is a %s', async (name, kind) => {
    const location = join(folder, name);
    expect(await findOrigin(location, [folder])).toEqual({ kind, location });
    expect(await findOrigin(`file://${location}`, [folder])).toEqual({ kind, location });
  });

  it('refuses what lies outside of the roots', async () => {
    await expect(findOrigin(folder, [join(folder, 'flight')])).rejects.toThrow(InvalidInput);
  });

  it('says that nothing is there', async () => {
    await expect(findOrigin(join(folder, 'absent'), [folder])).rejects.toThrow(MissingSource);
  });

  it.each([
    ['leads through a file', 'image.jpg/flight'],
    ['leads in a circle', 'circle'],
    ['has a name that is too long', 'x'.repeat(300)],
    ['has a zero byte', 'flight\0'],
  ])('refuses a path for good that %s', async (_fault, name) => {
    await expect(findOrigin(join(folder, name), [folder])).rejects.toThrow(InvalidInput);
  });

  it.each(['file://elsewhere/flight', 'file:///flight%2Fa', 'ftp://a/b', 'flight'])(
    'refuses %s for good',
    async (path) => {
      await expect(findOrigin(path, [folder])).rejects.toThrow(InvalidInput);
    },
  );
});
