import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ComplexPlane,
  complexPlane,
  fastSideFrom,
  fourier,
  inverseAround,
  inverseFourier,
} from '../../maths/fourier.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';

function randomPlane(width: number, height: number): ComplexPlane {
  const random = randomNumbers(`${width} x ${height}`);
  const plane = complexPlane(width, height);
  plane.values.forEach((_, index) => (plane.values[index] = random() - 0.5));
  return plane;
}

describe('fourier()', () => {
  it('gives what the sum by hand gives', () => {
    const plane = complexPlane(4, 2);
    plane.values[2 * (4 + 3)] = 1;
    fourier(plane);
    for (let v = 0; v < 2; v++) {
      for (let u = 0; u < 4; u++) {
        const phase = -2 * Math.PI * ((3 * u) / 4 + v / 2);
        expect(plane.values[2 * (4 * v + u)]).toBeCloseTo(Math.cos(phase), 12);
        expect(plane.values[2 * (4 * v + u) + 1]).toBeCloseTo(Math.sin(phase), 12);
      }
    }
  });

  it('comes back by inverseFourier()', () => {
    const number = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 64, maxLength: 64 }), (numbers) => {
        const plane = { width: 8, height: 4, values: Float64Array.from(numbers) };
        inverseFourier(fourier(plane));
        numbers.forEach((value, index) => {
          expect(Math.abs(plane.values[index]! - value)).toBeLessThan(1e-12);
        });
      }),
    );
  });

  it.each([
    [1, 2],
    [3, 4],
    [5, 6],
    [9, 8],
    [15, 16],
    [20, 18],
    [27, 25],
    [32, 40],
  ])('gives the sums of their definition: %d x %d', (width, height) => {
    const plane = randomPlane(width, height);
    const given = plane.values.slice();
    const { values } = fourier(plane);
    for (const [u, v] of [
      [0, 0],
      [width - 1, 0],
      [0, height - 1],
      [width >> 1, height >> 1],
      [width >> 2, height - 1 - (height >> 2)],
    ] as const) {
      let [real, imaginary] = [0, 0];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const phase = -2 * Math.PI * ((u * x) / width + (v * y) / height);
          const [cos, sin] = [Math.cos(phase), Math.sin(phase)];
          const at = 2 * (y * width + x);
          real += given[at]! * cos - given[at + 1]! * sin;
          imaginary += given[at]! * sin + given[at + 1]! * cos;
        }
      }
      const at = 2 * (v * width + u);
      expect(values[at]).toBeCloseTo(real, 10);
      expect(values[at + 1]).toBeCloseTo(imaginary, 10);
    }
    inverseFourier(plane);
    given.forEach((value, index) => {
      expect(Math.abs(plane.values[index]! - value)).toBeLessThan(1e-14);
    });
  });

  it('refuses sides with other prime factors than 2, 3 and 5', () => {
    expect(() => fourier(complexPlane(8, 14))).toThrow(/2, 3 and 5: found 14/);
  });
});

describe('fastSideFrom()', () => {
  it.each([
    [1, 2],
    [2, 2],
    [3, 4],
    [49, 50],
    [128, 128],
    [129, 144],
    [138, 144],
    [181, 192],
    [251, 256],
  ])('of %d is %d', (size, side) => {
    expect(fastSideFrom(size)).toBe(side);
  });
});

describe('inverseAround()', () => {
  it('gives the part of the whole way back around its first place, and leaves its input alone', () => {
    const [width, height] = [18, 40];
    const plane = randomPlane(width, height);
    const before = plane.values.slice();
    const around = inverseAround(plane, 3);
    expect(plane.values).toEqual(before);
    const whole = inverseFourier({ ...plane, values: plane.values.slice() }).values;
    for (let y = -3; y <= 3; y++) {
      for (let x = -3; x <= 3; x++) {
        const known = whole[2 * (((y + height) % height) * width + ((x + width) % width))]!;
        expect(around[(y + 3) * 7 + x + 3]).toBe(known);
      }
    }
  });
});
