import { describe, expect, it } from '@jest/globals';
import { measureExposure } from '../../../ingestion/model/measure-pixels.ts';
import { exposure } from '../../../ingestion/model/exposure.ts';
import {
  luminanceHistogram,
  type PixelBlock,
  writeLuminance,
} from '../../../ingestion/model/luminance.ts';

function counts(levels: Record<number, number>): Uint32Array {
  const histogram = new Uint32Array(256);
  for (const [level, count] of Object.entries(levels)) histogram[Number(level)] = count;
  return histogram;
}

describe('exposure()', () => {
  it('gives the values of half black and half white', () => {
    expect(exposure(counts({ 0: 50, 255: 50 }))).toEqual({
      meanLuminance: 0.5,
      percentile1: 0,
      percentile99: 1,
      clipLow: 0.5,
      clipHigh: 0.5,
      entropy: 1,
    });
  });

  it('counts 5 and 250 as clipped, 6 and 249 not', () => {
    const { clipLow, clipHigh } = exposure(counts({ 5: 10, 6: 40, 249: 30, 250: 20 }));
    expect([clipLow, clipHigh]).toEqual([0.1, 0.2]);
  });

  it('has 8 bits of entropy when every level is alike', () => {
    expect(exposure(new Uint32Array(256).fill(3)).entropy).toBeCloseTo(8, 12);
  });

  it('refuses a histogram of nothing', () => {
    expect(() => exposure(new Uint32Array(256))).toThrow(RangeError);
  });
});

function luminanceOf(block: PixelBlock): Float64Array {
  const { width, height } = block;
  const values = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    writeLuminance(block, { row, left: 0, width }, values, row * width);
  }
  return values;
}

describe('luminance', () => {
  it('weighs red, green and blue by 0.299, 0.587 and 0.114', () => {
    const samples = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255);
    const block = { samples, width: 4, height: 1, channels: 3 };
    const [red, green, blue, white] = luminanceOf(block);
    expect(red).toBeCloseTo(0.299, 4);
    expect(green).toBeCloseTo(0.587, 4);
    expect(blue).toBeCloseTo(0.114, 4);
    expect(white).toBe(1);
    const histogram = luminanceHistogram(block);
    expect([76, 150, 29, 255].map((level) => histogram[level])).toEqual([1, 1, 1, 1]);
  });

  it('counts every so many rows and columns of a large image, as they are', () => {
    const width = 2100;
    const samples = Uint8Array.from({ length: width * 4 }, (_, i) => (i % 3 === 0 ? 255 : 0));
    const block = { samples, width, height: 4, channels: 1 };
    const histogram = luminanceHistogram(block, 3);
    expect([histogram[0], histogram[255]]).toEqual([0, 700 * 2]);
    expect(measureExposure(block)).toMatchObject({ clipHigh: 1, clipLow: 0 });
    const all = luminanceHistogram(block);
    expect([all[0], all[255]]).toEqual([5600, 2800]);
  });

  it('gives 16-bit grey the same levels as 8-bit grey', () => {
    const deep = { samples: Uint16Array.of(0, 257 * 100, 65535), width: 3, height: 1, channels: 1 };
    const plain = { samples: Uint8Array.of(0, 100, 255), width: 3, height: 1, channels: 1 };
    expect(luminanceHistogram(deep)).toEqual(luminanceHistogram(plain));
    luminanceOf(deep).forEach((value, i) => expect(value).toBeCloseTo(luminanceOf(plain)[i]!, 12));
  });
});
