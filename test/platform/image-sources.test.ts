import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listSources, namesInList } from '../../platform/image-sources.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const options = { allowPrivateAddresses: false, signal: new AbortController().signal };
const noFolder = async (folder: string) => ({ root: folder, paths: [] });

describe('listSources()', () => {
  it('reads a list in order of name, and tells equal names apart', async () => {
    const folder = await scratchFolder();
    const location = join(folder, 'list.txt');
    await writeFile(location, 'b/2.jpg\r\n# note\nhttps://x.org/a/1.jpg\nhttps://x.org/b/1.jpg\n');
    const sources = await listSources({ kind: 'list', location }, noFolder, options);
    expect(sources.map(({ name }) => name)).toEqual(['1.jpg', '1.jpg#2', 'b/2.jpg']);
    expect(sources[2]!.location).toBe(join(folder, 'b', '2.jpg'));
  });

  it.each(['../secret.jpg', '/etc/passwd'])(
    'refuses a list that leaves its folder: %s',
    async (entry) => {
      const location = join(await scratchFolder(), 'list.txt');
      await writeFile(location, entry);
      await expect(listSources({ kind: 'list', location }, noFolder, options)).rejects.toThrow(
        'outside its own folder',
      );
    },
  );
});

describe('namesInList()', () => {
  it('gives the value of its own example', () => {
    expect(namesInList('# flight 7\nA.JPG\r\n\nB.JPG')).toEqual(['A.JPG', 'B.JPG']);
  });
});
