import { describe, expect, it } from '@jest/globals';
import { changedAfterMinutes, editorOf } from '../../../ingestion/model/edited-image.ts';

describe('editorOf()', () => {
  const viewer = 'Microsoft Windows Photo Viewer 10.0';
  it.each<[Record<string, string>, Record<string, string>, string | null]>([
    [{}, {}, null],
    [{ Software: 'v01.07.1641' }, {}, null],
    [{ Software: 'Adobe Photoshop 25.0' }, {}, 'Adobe Photoshop 25.0'],
    [{}, { 'xmp:CreatorTool': viewer }, viewer],
  ])('of %j and %j is %j', (exif, xmp, editor) => {
    expect(editorOf({ exif, xmp })).toBe(editor);
  });
});

describe('changedAfterMinutes()', () => {
  const taken = '2016:06:23 16:32:50';
  it.each<[Record<string, string>, number | null]>([
    [{}, null],
    [{ DateTimeOriginal: taken, DateTime: taken }, 0],
    [{ DateTimeOriginal: taken, DateTime: '2016:06:23 19:32:50' }, 180],
    [{ DateTimeOriginal: 'never', DateTime: '2016:06:23 19:32:50' }, null],
  ])('of %j is %j', (exif, minutes) => {
    expect(changedAfterMinutes({ exif, xmp: {} })).toBe(minutes);
  });
});
