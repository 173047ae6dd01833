import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { foreignFormatOf } from '../../../ingestion/model/foreign-format.ts';
import {
  averageGrid,
  differenceHash,
  type GreyRaster,
} from '../../../ingestion/model/grey-raster.ts';
import { jpegCoding } from '../../../ingestion/model/jpeg-coding.ts';
import { differingBits } from '../../../ingestion/model/likeness.ts';
import { thumbnailTurn } from '../../../ingestion/model/thumbnail-turn.ts';

function raster(
  width: number,
  height: number,
  value: (x: number, y: number) => number,
): GreyRaster {
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) samples[y * width + x] = Math.round(value(x, y));
  }
  return { width, height, samples };
}

/** Unlike itself however it is turned. */
const scene = (x: number, y: number) =>
  127 + 60 * Math.sin(5 * x + 1) * Math.cos(3 * y) + 60 * (x > 0.6 && y < 0.4 ? 1 : 0) - 40 * y;

describe('averageGrid()', () => {
  it('counts every pixel once, also where cells do not divide the raster', () => {
    const grid = averageGrid(
      raster(7, 1, (x) => 10 * x),
      3,
      1,
    );
    expect([...grid]).toEqual([5, 25, 50]);
    expect([
      ...averageGrid(
        raster(1, 1, () => 9),
        2,
        2,
      ),
    ]).toEqual([9, 9, 9, 9]);
  });
});

describe('differenceHash()', () => {
  it('has a bit for each step to the right that is brighter', () => {
    expect(differenceHash(raster(90, 80, (x) => 2 * x))).toBe('ffffffffffffffff');
    expect(differenceHash(raster(90, 80, (x) => 200 - 2 * x))).toBe('0000000000000000');
    expect(differenceHash(raster(90, 80, (x, y) => (y < 40 ? 2 * x : 200 - 2 * x)))).toBe(
      'ffffffff00000000',
    );
  });

  it('stays when an image is made smaller or brighter', () => {
    const large = raster(640, 480, (x, y) => scene(x / 640, y / 480));
    const small = raster(160, 120, (x, y) => 20 + 0.8 * scene(x / 160, y / 120));
    expect(differingBits(differenceHash(large), differenceHash(small))).toBeLessThanOrEqual(2);
  });

  it('is compared bit by bit', () => {
    expect(differingBits('0f', 'f0')).toBe(8);
    expect(differingBits('a5', 'a4')).toBe(1);
  });
});

describe('thumbnailTurn()', () => {
  const shape = { width: 640, height: 480 };
  const grid = raster(64, 64, (x, y) => scene(x / 64, y / 64));
  const turnOf = (thumbnail: GreyRaster, image = shape) =>
    thumbnailTurn({ ...image, grid }, thumbnail);

  it('is none where the thumbnail fits as it is', () => {
    expect(turnOf(raster(160, 120, (x, y) => scene(x / 160, y / 120)))).toBeNull();
  });

  it('finds a half turn', () => {
    const turned = raster(160, 120, (x, y) => scene(1 - x / 160, 1 - y / 120));
    const found = turnOf(turned)!;
    expect(found.turnDegrees).toBe(180);
    expect(found.turned).toBeGreaterThan(0.95);
  });

  it.each([
    [90, (x: number, y: number) => scene(1 - y, x)],
    [270, (x: number, y: number) => scene(y, 1 - x)],
  ])('finds a turn of %d degrees where the shapes differ', (degrees, look) => {
    // Turned clockwise by that, the upright thumbnail shows the scene as the image does.
    const upright = raster(120, 160, (x, y) => look(x / 120, y / 160));
    expect(turnOf(upright)?.turnDegrees).toBe(degrees);
  });

  it('looks past the bars above and below a wide image', () => {
    const bars = raster(160, 120, (x, y) =>
      y < 15 || y >= 105 ? 0 : scene(1 - x / 160, 1 - (y - 15) / 90),
    );
    expect(turnOf(bars, { width: 1280, height: 720 })).toMatchObject({ turnDegrees: 180 });
    expect(turnOf(bars, { width: 1280, height: 720 })!.turned).toBeGreaterThan(0.95);
  });

  it('says nothing by a thumbnail of a few pixels, or one that is level', () => {
    expect(turnOf(raster(8, 6, (x, y) => scene(1 - x / 8, 1 - y / 6)))).toBeNull();
    expect(turnOf(raster(160, 120, () => 80))).toBeNull();
  });
});

describe('jpegCoding()', () => {
  const save = async (quality: number, chromaSubsampling: '4:2:0' | '4:4:4') =>
    jpegCoding(
      await sharp({ create: { width: 32, height: 32, channels: 3, background: 'teal' } })
        .jpeg({ quality, chromaSubsampling })
        .toBuffer(),
    );

  it('differs with the sampling and with the tables, and with nothing else', async () => {
    expect(await save(80, '4:2:0')).toMatch(/^2x2,1x1,1x1 [0-9a-f]{8}$/);
    expect(await save(80, '4:4:4')).toMatch(/^1x1,1x1,1x1 /);
    expect(await save(80, '4:2:0')).toBe(await save(80, '4:2:0'));
    expect(await save(81, '4:2:0')).not.toBe(await save(80, '4:2:0'));
  });

  it('is null of what is no JPEG, or ends before its frame', () => {
    expect(jpegCoding(Uint8Array.of(0x89, 0x50))).toBeNull();
    expect(jpegCoding(Uint8Array.of(0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43))).toBeNull();
  });
});

describe('foreignFormatOf()', () => {
  const named = (text: string) => foreignFormatOf(Buffer.from(text, 'latin1'));
  it.each([
    ['%PDF-1.7', 'PDF document'],
    ['\0\0\0\x18ftypmp42', 'video'],
    ['PK\x03\x04', 'ZIP archive'],
  ])('knows %j', (text, format) => expect(named(text)).toBe(format));

  it('does not guess', () => {
    expect(named('hello world')).toBeNull();
    expect(named('')).toBeNull();
  });
});
