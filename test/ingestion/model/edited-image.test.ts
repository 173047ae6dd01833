import { describe, expect, it } from '@jest/globals';
import { editReason } from '../../../ingestion/model/edited-image.ts';

describe('editReason()', () => {
  it.each<[Record<string, string>, Record<string, string>, string | null]>([
    [{}, {}, null],
    [{ Software: 'v01.07.1641' }, {}, null],
    [{ Software: 'Adobe Photoshop 25.0' }, {}, 'it was saved by "Adobe Photoshop 25.0"'],
    [
      {},
      { 'xmp:CreatorTool': 'Microsoft Windows Photo Viewer 10.0' },
      'it was saved by "Microsoft Windows Photo Viewer 10.0"',
    ],
    [{ DateTimeOriginal: '2016:06:23 16:32:50', DateTime: '2016:06:23 16:32:50' }, {}, null],
    [
      { DateTimeOriginal: '2016:06:23 16:32:50', DateTime: '2016:06:23 19:32:50' },
      {},
      'it was changed 180 minutes after it was taken',
    ],
    [{ DateTimeOriginal: 'never', DateTime: '2016:06:23 19:32:50' }, {}, null],
  ])('of %j and %j is %j', (exif, xmp, reason) => {
    expect(editReason({ exif, xmp })).toBe(reason);
  });
});
