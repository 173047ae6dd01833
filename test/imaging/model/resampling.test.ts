import { describe, expect, it } from '@jest/globals';
import { boxMean } from '../../../imaging/model/box-mean.ts';
import { resizePlane } from '../../../imaging/model/lanczos.ts';
import { hashDistance, perceptualHash } from '../../../imaging/model/perceptual-hash.ts';
import { stripMetadata } from '../../../imaging/model/strip-metadata.ts';
import { otsuThreshold } from '../../../imaging/model/plain-backdrop.ts';
import { boxOfAlpha, subjectMask } from '../../../imaging/model/subject-mask.ts';

describe('resizePlane()', () => {
  it('gives the value of its own example', () => {
    expect([
      ...resizePlane({ values: Float32Array.of(0, 1), width: 2, height: 1 }, 1, 1).values,
    ]).toEqual([0.5]);
  });

  it.each([1.5, 2, 3, 12.5, 0.5])('keeps a spot in its place at scale %d', (scale) => {
    const [size, at] = [40, 13];
    const values = new Float32Array(size * size);
    for (let y = -3; y <= 3; y++) {
      for (let x = -3; x <= 3; x++)
        values[(at + y) * size + at + x] = Math.exp(-(x * x + y * y) / 3);
    }
    const large = resizePlane({ values, width: size, height: size }, size * scale, size * scale);
    let [sum, across, down] = [0, 0, 0];
    large.values.forEach((value, i) => {
      sum += value;
      across += value * ((i % large.width) + 0.5);
      down += value * (Math.floor(i / large.width) + 0.5);
    });
    // Centers of pixels lie at a half: a resampler that counts from corners is off by half a pixel.
    expect(across / sum).toBeCloseTo((at + 0.5) * scale, 1);
    expect(down / sum).toBeCloseTo((at + 0.5) * scale, 1);
  });

  it('keeps what is constant constant, to the borders', () => {
    const plane = { values: new Float32Array(7 * 5).fill(0.25), width: 7, height: 5 };
    for (const value of resizePlane(plane, 31, 3).values) expect(value).toBeCloseTo(0.25, 6);
  });
});

describe('boxMean()', () => {
  it('is the mean of what lies inside, counted one by one', () => {
    const [width, height, radius] = [9, 7, 2];
    const values = Float32Array.from({ length: width * height }, (_, i) => (i * 37) % 11);
    const found = boxMean(values, width, height, radius);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let [sum, count] = [0, 0];
        for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
          for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
            sum += values[v * width + u]!;
            count++;
          }
        }
        expect(found[y * width + x]).toBeCloseTo(sum / count, 5);
      }
    }
  });
});

describe('subjectMask()', () => {
  it('says what the network saw before it stretches the mask', () => {
    const seen = subjectMask(Float32Array.of(0.01, 0.02, 0.03), {
      activation: 'none',
      normalize: 'minmax',
    });
    expect(seen.confidence).toBeCloseTo(0.03, 6);
    expect(seen.coverage).toBe(0);
    expect([...seen.values].map((value) => Number(value.toFixed(4)))).toEqual([0, 0.5, 1]);
  });

  it('turns scores into shares where the network gives scores', () => {
    const { values } = subjectMask(Float32Array.of(0), {
      activation: 'sigmoid',
      normalize: 'none',
    });
    expect(values[0]).toBe(0.5);
  });
});

describe('boxOfAlpha()', () => {
  it('is the smallest box around what can be seen', () => {
    const alpha = new Uint8Array(6 * 4);
    alpha[6 + 2] = 1;
    alpha[2 * 6 + 4] = 255;
    expect(boxOfAlpha(alpha, 6, 4)).toEqual({ left: 2, top: 1, width: 3, height: 2 });
    expect(boxOfAlpha(new Uint8Array(4), 2, 2)).toBeNull();
  });
});

describe('otsuThreshold()', () => {
  it('parts two heaps', () => {
    const values = Float32Array.from({ length: 200 }, (_, i) => (i < 120 ? 0.1 : 0.9));
    const threshold = otsuThreshold(values, 1);
    expect(threshold).toBeGreaterThan(0.1);
    expect(threshold).toBeLessThan(0.9);
  });
});

describe('hashDistance()', () => {
  it('gives the value of its own example', () => {
    expect(hashDistance('00000000000000ff', '0000000000000000')).toBe(8);
    expect(hashDistance('ffffffffffffffff', '0000000000000000')).toBe(64);
  });

  it('of a picture and its negative is nearly everything', () => {
    const grey = Float64Array.from({ length: 1024 }, (_, i) => (i * i * 13) % 251);
    const negative = grey.map((value) => 255 - value);
    expect(hashDistance(perceptualHash(grey), perceptualHash(negative))).toBeGreaterThan(60);
  });
});

describe('stripMetadata()', () => {
  it('says where a file is damaged', () => {
    const file = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 7, 7, 7, 7);
    expect(() => stripMetadata(file, 'jpeg', 1)).toThrow('damaged at byte 8');
  });
});
