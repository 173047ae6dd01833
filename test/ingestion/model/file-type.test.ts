import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isCutShort } from '../../../ingestion/model/file-completeness.ts';
import { type FileType, fileTypeOf } from '../../../ingestion/model/file-type.ts';

const of = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('fileTypeOf()', () => {
  it.each([
    ['\xff\xd8\xff\xe1', 'jpeg'],
    ['\xff\xd8', 'jpeg'],
    ['\x89PNG\r\n\x1a\n', 'png'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'webp'],
    ['GIF89a', 'gif'],
    ['II*\0\b\0\0\0', 'tiff'],
    ['MM\0*\0\0\0\b', 'tiff'],
    ['II+\0\b\0\0\0', 'tiff'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'heic'],
    ['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'avif'],
    ['\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'raw'],
    ['\0\0\0\x18ftypisom\0\0\0\x01isommp42', null],
    ['II*\0\x10\0\0\0CR\x02\0', 'raw'],
    ['II*\0\b\0\0\0IIII', 'raw'],
    // One directory entry: DNGVersion.
    ['II*\0\b\0\0\0\x01\0\x12\xc6\x01\0\x04\0\0\0\x01\x04\0\0\0\0\0\0', 'raw'],
    ['<html><body>', null],
    ['BM is not a bitmap', null],
    ['', null],
  ])('takes %j for %j', (text, type) => {
    expect(fileTypeOf(of(text))).toBe(type);
  });

  it('never throws, whatever the bytes, nor does isCutShort()', () => {
    const starts = ['', 'II*\0', 'MM\0+', 'RIFF', '\x89PNG\r\n\x1a\n', '\0\0\0\x18ftypavif'];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 80 }), (start, rest) => {
        const bytes = Uint8Array.from([...of(start), ...rest]);
        fileTypeOf(bytes);
        for (const type of ['png', 'webp', 'tiff', 'avif', 'jpeg'] satisfies FileType[]) {
          isCutShort(type, bytes);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('isCutShort()', () => {
  it('misses the directory that a TIFF points at', () => {
    expect(isCutShort('tiff', of('II*\0\b\0\0\0'))).toBe(true);
    expect(isCutShort('tiff', of('II*\0\b\0\0\0\0\0\0\0\0\0'))).toBe(false);
  });

  it('misses the end that a PNG and a WebP must have, and takes bytes behind it', () => {
    const end = '\0\0\0\0IEND\xae\x42\x60\x82';
    expect(isCutShort('png', of('\x89PNG\r\n\x1a\n'))).toBe(true);
    expect(isCutShort('png', of(`\x89PNG\r\n\x1a\n${end}behind`))).toBe(false);
    expect(isCutShort('webp', of('RIFF\x08\0\0\0WEBPVP8 '))).toBe(false);
    expect(isCutShort('webp', of('RIFF\x09\0\0\0WEBPVP8 '))).toBe(true);
  });
});
