import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeArrayBuffer } from 'geotiff';
import sharp from 'sharp';
import { groundOf } from '../../../platform/coordinate-systems.ts';
import { georeferenceFile } from '../../../geolocalization/io/georeference-scene.ts';
import { readSceneHeader } from '../../../geolocalization/io/read-scene-header.ts';
import { scenesBelow } from '../../../geolocalization/io/scene-files.ts';
import { previewOf } from '../../../geolocalization/io/scene-preview.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

type Entry = [tag: number, type: number, count: number, value: number];
const size: Entry[] = [
  [256, 4, 1, 10],
  [257, 4, 1, 10],
];

async function written(content: Uint8Array, name = 'scene.tif'): Promise<string> {
  const path = join(await scratchFolder(), name);
  await writeFile(path, content);
  return path;
}

/** A TIFF of 8 bytes and a directory, whose entries may claim anything. */
function directory(entries: Entry[]): Buffer {
  const file = Buffer.alloc(8 + 2 + 12 * entries.length + 4);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, type, count, value], index) => {
    file.writeUInt16LE(tag, 10 + 12 * index);
    file.writeUInt16LE(type, 12 + 12 * index);
    file.writeUInt32LE(count, 14 + 12 * index);
    file.writeUInt32LE(value, 18 + 12 * index);
  });
  return file;
}

function geoTiff(
  more: object,
  values: Uint8Array | Uint16Array | Float32Array = new Uint8Array(200),
) {
  return new Uint8Array(writeArrayBuffer(values, { width: 20, height: 10, ...more }));
}

describe('readSceneHeader()', () => {
  const scale = { ModelPixelScale: [30, 30, 0], ModelTiepoint: [0, 0, 0, 500000, 5000000, 0] };
  const projected = { ...scale, GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32632 };

  it('reads size, transform and code of a GeoTIFF', async () => {
    const path = await written(geoTiff({ ...projected, GTRasterTypeGeoKey: 1, GDAL_NODATA: '7' }));
    expect(await readSceneHeader(path)).toMatchObject({
      width: 20,
      height: 10,
      bands: 1,
      transform: [500000, 30, 0, 5000000, 0, -30],
      crs: { kind: 'epsg', code: 32632 },
      nodata: 7,
    });
  });

  it('shifts by half a pixel where the raster type is point', async () => {
    const path = await written(geoTiff({ ...projected, GTRasterTypeGeoKey: 2 }));
    expect((await readSceneHeader(path)).transform).toEqual([499985, 30, 0, 5000015, 0, -30]);
  });

  it('does not take projected coordinates without a projected code for degrees', async () => {
    const keys = { GTModelTypeGeoKey: 1, GeographicTypeGeoKey: 4326 };
    const path = await written(geoTiff({ ...scale, ...keys }));
    expect((await readSceneHeader(path)).crs.kind).toBe('user-defined');
  });

  it.each<[string, Entry]>([
    ['geo keys', [34735, 3, 200_000_000, 8]],
    ['tiepoints', [33922, 12, 100_000_000, 8]],
    ['a nodata text', [42113, 2, 400_000_000, 8]],
    ['strips', [273, 4, 4_000_000_000, 8]],
  ])('refuses %s past the end of the file before it makes room for them', async (_what, entry) => {
    const path = await written(directory([...size, entry]));
    const started = Date.now();
    await expect(readSceneHeader(path)).rejects.toThrow(`tag ${entry[0]} lies past the end`);
    expect(Date.now() - started).toBeLessThan(1000);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['a text for its width', directory([[256, 2, 2, 0x35], size[1]!]), /impossible size/],
    ['a directory past its end', directory(size).subarray(0, 20), /past the end/],
    ['no image in it', Buffer.from('a text, and no image at all'), /is no TIFF/],
    [
      'a damaged JPEG header',
      Buffer.from('\xff\xd8\xff\xe0\0\0', 'latin1'),
      /JPEG header is damaged/,
    ],
  ])('says what is wrong with a file that has %s', async (_what, content, words) => {
    await expect(readSceneHeader(await written(content))).rejects.toThrow(words);
  });

  it('takes the point in the EXIF of a picture for what it is, and no place', async () => {
    const path = join(await scratchFolder(), 'camera.jpg');
    const picture = sharp({ create: { width: 9, height: 4, channels: 3, background: '#123456' } });
    const gps = {
      GPSLatitudeRef: 'S',
      GPSLatitude: '48/1 7/1 30/1',
      GPSLongitudeRef: 'E',
      GPSLongitude: '11/1 30/1 0/1',
    };
    await picture.clone().jpeg().withExif({ IFD3: gps }).toFile(path);
    const { status, findings, footprint } = await georeferenceFile('camera.jpg', path);
    expect([status, footprint]).toEqual(['unlocated', null]);
    expect(findings).toMatchObject([
      {
        code: 'EXIF_POINT_ONLY',
        message: expect.stringMatching(
          /longitude 11.500000, latitude -48.125000, which places none/,
        ),
      },
    ]);
    const bare = join(await scratchFolder(), 'bare.jpg');
    await picture.jpeg().toFile(bare);
    expect((await georeferenceFile('bare.jpg', bare)).findings).toEqual([]);
  });

  it('reads no more than the size of a picture', async () => {
    const png = sharp({
      create: { width: 9, height: 4, channels: 3, background: '#123456' },
    }).png();
    const path = await written(await png.toBuffer(), 'x.png');
    const header = await readSceneHeader(path);
    expect(header).toMatchObject({ width: 9, height: 4, bands: 3, transform: null });
  });
});

describe('groundOf()', () => {
  it('drops points whose way back ends elsewhere', async () => {
    const ground = await groundOf(5070);
    if ('fault' in ground) throw new Error(ground.fault);
    expect(ground.toGround(0, 1_500_000)).not.toBeNull();
    expect(ground.toGround(5e7, 0)).toBeNull();
  });

  it('keeps the edge of a map of the world', async () => {
    const ground = await groundOf(3395);
    if ('fault' in ground) throw new Error(ground.fault);
    expect(ground.toGround(20037508.342789244, 0)![0]).toBeCloseTo(180, 9);
    expect(ground.toGround(-20037508.342789244, 5e6)![0]).toBeCloseTo(-180, 9);
  });

  it('warns of a datum whose shift is not known, and names a code that is not', async () => {
    expect(await groundOf(2065)).toMatchObject({ warnings: [/no shift to WGS 84/] as unknown[] });
    expect(await groundOf(32632)).toMatchObject({ warnings: [] });
    expect(await groundOf(999_999)).toEqual({
      fault: 'names EPSG:999999, whose projection is not known here',
    });
  });
});

describe('scenesBelow()', () => {
  it('takes scenes by name and by their first bytes, at most three folders down', async () => {
    const root = await scratchFolder();
    await mkdir(join(root, 'a/b/c/d'), { recursive: true });
    const tiff = directory(size);
    await writeFile(join(root, 'broken.TIF'), '');
    await writeFile(join(root, 'scene'), tiff);
    await writeFile(join(root, 'notes.txt'), 'no scene');
    await writeFile(join(root, 'a/b/c/deep.tif'), tiff);
    await writeFile(join(root, 'a/b/c/d/deeper.tif'), tiff);
    const { paths } = await scenesBelow(root);
    expect(paths.map((path) => path.slice(root.length + 1)).sort()).toEqual([
      'a/b/c/deep.tif',
      'broken.TIF',
      'scene',
    ]);
  });

  it('names a folder that is gone', async () => {
    const gone = join(await scratchFolder(), 'gone');
    await expect(scenesBelow(gone)).rejects.toThrow(`"${gone}" as it is not there`);
  });
});

describe('previewOf()', () => {
  const deep = { limitPixels: 1e6, nodata: null };
  const ramp = (length: number) => Uint16Array.from({ length }, (_, index) => 400 + index);

  it.each<[string, Uint8Array]>([
    ['one dark 16-bit band', geoTiff({}, ramp(200))],
    [
      'four dark 16-bit bands',
      geoTiff(
        {
          SamplesPerPixel: 4,
          BitsPerSample: [16, 16, 16, 16],
          PhotometricInterpretation: 2,
          ExtraSamples: [0],
        },
        ramp(800),
      ),
    ],
    [
      'one float band',
      geoTiff(
        {},
        Float32Array.from(ramp(200), (value) => value / 1000),
      ),
    ],
  ])('shows the whole range of %s', async (_what, content) => {
    const picture = sharp(await previewOf(await written(content), deep));
    const { channels } = await picture.stats();
    expect(Math.min(...channels.map(({ min }) => min))).toBeLessThan(12);
    expect(Math.max(...channels.map(({ max }) => max))).toBeGreaterThan(243);
  });

  it('shrinks to 512 pixels', async () => {
    const wide = sharp({ create: { width: 2000, height: 500, channels: 3, background: '#888' } });
    const path = await written(await wide.png().toBuffer());
    const { width, height, format } = await sharp(await previewOf(path, deep)).metadata();
    expect([width, height, format]).toEqual([512, 128, 'jpeg']);
  });

  it('refuses more pixels than allowed, and a scene without data', async () => {
    const path = await written(geoTiff({}));
    await expect(previewOf(path, { limitPixels: 100, nodata: null })).rejects.toThrow(
      'pixel limit',
    );
    await expect(previewOf(path, { limitPixels: 1e6, nodata: 0 })).rejects.toThrow(
      'no pixel holds',
    );
  });
});
