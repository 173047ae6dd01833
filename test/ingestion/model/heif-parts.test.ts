import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { examineImage } from '../../../ingestion/io/examine-image.ts';
import { closePixelThreads } from '../../../ingestion/io/pixel-threads.ts';
import { heifParts } from '../../../ingestion/model/heif-parts.ts';
import { writeHeics } from '../../support/heif-writer.ts';
import { itAtLength } from '../../support/long-tests.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const options = { name: 'A.HEIC', limitPixels: 3e8, timeoutSeconds: 12 };

afterAll(closePixelThreads);

function box(type: string, ...content: (Buffer | number[])[]): Buffer {
  const body = Buffer.concat(content.map((part) => Buffer.from(part)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const sizeBox = (width: number, height: number) => box('ispe', long(0), long(width), long(height));

/** A HEIC of two items: a thumbnail with the first property, and the primary with all that follow. */
function heicWith(properties: readonly Buffer[], { isLong = false } = {}): Buffer {
  const all = [sizeBox(16, 12), ...properties];
  const indices = properties.flatMap((_, index) => (isLong ? [0x80, index + 2] : [index + 2]));
  const id = (value: number) => (isLong ? [0, 0, 0, value] : [0, value]);
  const associations = box(
    'ipma',
    [isLong ? 1 : 0, 0, 0, isLong ? 1 : 0],
    long(2),
    [...id(1), 1, ...(isLong ? [0, 1] : [1])],
    [...id(2), properties.length, ...indices],
  );
  const meta = box(
    'meta',
    long(0),
    box('pitm', [isLong ? 1 : 0, 0, 0, 0], id(2)),
    box('iprp', box('ipco', ...all), associations),
  );
  return Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0heic', 'latin1')), meta]);
}

describe('heifParts()', () => {
  it.each([
    [[], null],
    [[box('irot', [0])], 1],
    [[box('irot', [1])], 8],
    [[box('irot', [2])], 3],
    [[box('irot', [3])], 6],
    [[box('imir', [0])], 4],
    [[box('imir', [1])], 2],
    // A quarter to the left and then left for right is the other diagonal than the other way round.
    [[box('irot', [1]), box('imir', [1])], 7],
    [[box('imir', [1]), box('irot', [1])], 5],
  ])('of turns %#', (turns, orientation) => {
    for (const isLong of [false, true]) {
      const parts = heifParts(heicWith([sizeBox(400, 300), ...turns], { isLong }));
      expect(parts).toEqual({ size: { width: 400, height: 300 }, orientation });
    }
  });

  it('says nothing of a file that says nothing, and is thrown off by none', () => {
    expect(heifParts(new Uint8Array())).toEqual({ size: null, orientation: null });
    expect(heifParts(heicWith([]))).toEqual({ size: null, orientation: null });
    const whole = heicWith([sizeBox(400, 300), box('irot', [3])]);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (at, value, isCut) => {
        const file = Buffer.from(isCut ? whole.subarray(0, at) : whole);
        if (!isCut) file[at] = value;
        const { orientation } = heifParts(file);
        expect(orientation === null || (orientation >= 1 && orientation <= 8)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('examineImage() of a HEIC', () => {
  it('gives the raster as it is coded, even where no decoder makes sense of the file', async () => {
    const path = join(await scratchFolder(), 'A.HEIC');
    await writeFile(path, heicWith([sizeBox(400, 300), box('irot', [3])]));
    const { description, findings } = await examineImage(path, options);
    expect(description).toMatchObject({ format: 'heic', width: 400, height: 300, orientation: 6 });
    expect(findings[0]).toMatchObject({ code: 'PIXELS_UNSUPPORTED', severity: 'warning' });
  });

  itAtLength(
    'reads size, turn, place, time and camera as another library writes them',
    async () => {
      const folder = await scratchFolder();
      if (!(await writeHeics(folder))) return;
      for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
        const { description } = await examineImage(join(folder, `${orientation}.heic`), options);
        expect(description).toMatchObject({
          format: 'heic',
          width: 400,
          height: 300,
          orientation,
          make: 'Apple',
          model: 'iPhone 5s',
          capturedAt: '2026-05-04T10:00:00.25',
          focalMillimeters: 4.12,
          focalSource: 'sensor',
          position: { latitude: expect.closeTo(-48.1001, 9), longitude: 11.5, altitude: 567.5 },
        });
      }
    },
    400_000,
  );
});
