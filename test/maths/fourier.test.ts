import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  complexPlane,
  fourier,
  inverseAround,
  inverseFourier,
  powerOfTwoFrom,
} from '../../maths/fourier.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';

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

  it('refuses sides that are no powers of two', () => {
    expect(() => fourier(complexPlane(12, 8))).toThrow(/powers of two: found 12/);
  });
});

describe('powerOfTwoFrom()', () => {
  it.each([
    [1, 2],
    [2, 2],
    [128, 128],
    [129, 256],
  ])('of %d is %d', (size, power) => {
    expect(powerOfTwoFrom(size)).toBe(power);
  });
});

describe('inverseAround()', () => {
  it('gives the part of the whole way back around its first place, and leaves its input alone', () => {
    const random = randomNumbers('around');
    const plane = complexPlane(16, 8);
    plane.values.forEach((_, index) => (plane.values[index] = random() - 0.5));
    const before = plane.values.slice();
    const around = inverseAround(plane, 3);
    expect(plane.values).toEqual(before);
    const whole = inverseFourier({ ...plane, values: plane.values.slice() }).values;
    for (let y = -3; y <= 3; y++) {
      for (let x = -3; x <= 3; x++) {
        const known = whole[2 * (((y + 8) % 8) * 16 + ((x + 16) % 16))];
        expect(around[(y + 3) * 7 + x + 3]).toBe(known);
      }
    }
  });
});
