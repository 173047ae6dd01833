import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { correlationPeak, crossSpectrum } from '../../maths/cross-correlation.ts';
import { fourier } from '../../maths/fourier.ts';
import { gradientField } from '../../maths/gradient-field.ts';
import { compareWindow, matchWindow, type WindowMatch } from '../../maths/match-window.ts';
import { type Orientation, orientationField } from '../../maths/orientation-field.ts';
import { cutRaster, type Raster, validShare } from '../../maths/raster.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';
import { subPixelPeak } from '../../maths/sub-pixel-peak.ts';
import { analyticImage, blobs } from './analytic-image.ts';

const whole = { x: 0, y: 0, width: 128, height: 128 };
const options = { guess: { x: 0, y: 0 }, searchRadius: 32 };
const reference = analyticImage();

const shifts = [
  [2.37, -1.62],
  [0.25, 0.4],
  [-5.5, 3.1],
  [0.1, 0],
] as const;

function match(from: Raster, to: Raster): WindowMatch {
  const found = matchWindow(from, to, whole, options);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

const withValues = (raster: Raster, change: (value: number, index: number) => number): Raster => ({
  ...raster,
  values: raster.values.map(change),
});

/** As many valid pixels as there are, and no relation to any other image. */
function noise(seed: string): Raster {
  const random = randomNumbers(seed);
  return withValues(reference, () => random());
}

describe('the analytic image', () => {
  it('is the one of the specification', () => {
    const [{ x, y, amplitude, sigma }] = blobs() as [ReturnType<typeof blobs>[number]];
    expect(x).toBeCloseTo(2.611543775, 9);
    expect(y).toBeCloseTo(2.118124574, 9);
    expect(amplitude).toBeCloseTo(0.086311589, 9);
    expect(sigma).toBeCloseTo(3.404712168, 9);
    expect(reference.values[0]).toBeCloseTo(0.052999171393, 12);
    expect(reference.values[64 * 128 + 64]).toBeCloseTo(3.4259e-8, 12);
    expect(Array.from(reference.values).reduce((sum, value) => sum + value, 0)).toBeCloseTo(
      346.079537605,
      8,
    );
  });
});

describe('one pass of the correlation', () => {
  it.each([
    ['direction', 2.37, -1.62, 2.345, -1.605],
    ['axis', 2.37, -1.62, 2.355, -1.635],
    ['direction', 0.25, 0.4, 0.25, 0.395],
    ['axis', 0.25, 0.4, 0.235, 0.385],
  ] as const)('gives the known pull of the window: %s of %d, %d', (orientation, dx, dy, x, y) => {
    const spectrumOf = (raster: Raster) =>
      fourier(orientationField(gradientField(raster), orientation satisfies Orientation));
    const target = analyticImage(dx, dy);
    const spectrum = crossSpectrum(
      spectrumOf(reference),
      spectrumOf(target),
      orientation === 'axis',
    );
    const place = subPixelPeak(spectrum, correlationPeak(spectrum, 32));
    // The known values stand on a grid of 1/200 pixel.
    expect(Math.abs(place.x - x)).toBeLessThan(0.004);
    expect(Math.abs(place.y - y)).toBeLessThan(0.004);
  });
});

describe('matchWindow()', () => {
  it.each(shifts)('finds %d, %d within 0.005 pixels', (dx, dy) => {
    const found = match(reference, analyticImage(dx, dy));
    expect(found.orientation).toBe('direction');
    expect(Math.hypot(found.shift.x - dx, found.shift.y - dy)).toBeLessThan(0.005);
  });

  it.each(shifts)('finds %d, %d within 0.03 pixels when light and dark are swapped', (dx, dy) => {
    const target = withValues(analyticImage(dx, dy), (value) => 100 - 3 * value);
    const found = match(reference, target);
    expect(found.orientation).toBe('axis');
    expect(Math.hypot(found.shift.x - dx, found.shift.y - dy)).toBeLessThan(0.03);
  });

  it('is the opposite when reference and target are swapped', () => {
    const part = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(part, part, (dx, dy) => {
        const target = analyticImage(dx, dy);
        const there = match(reference, target).shift;
        const back = match(target, reference).shift;
        expect(Math.hypot(there.x + back.x, there.y + back.y)).toBeLessThan(0.02);
      }),
      { numRuns: 12 },
    );
  });

  it('does not see a constant or a factor', () => {
    const target = analyticImage(2.37, -1.62);
    const plain = match(reference, target).shift;
    const positive = fc.double({ min: 0.01, max: 1000, noNaN: true });
    const constant = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(positive, constant, (factor, offset) => {
        const { shift } = match(
          reference,
          withValues(target, (value) => factor * value + offset),
        );
        expect(Math.hypot(shift.x - plain.x, shift.y - plain.y)).toBeLessThan(1e-3);
      }),
      { numRuns: 8 },
    );
  });

  it('starts from a guess, and says when the peak lies at the edge of the search', () => {
    const target = analyticImage(20.3, 1);
    const near = matchWindow(reference, target, whole, {
      guess: { x: 18, y: 0 },
      searchRadius: 6,
    }) as WindowMatch;
    expect(near.shift.x).toBeCloseTo(20.3, 1);
    expect(near.isAtEdge).toBe(false);
    const far = matchWindow(reference, analyticImage(6.4, 0), whole, {
      ...options,
      searchRadius: 6,
    });
    expect((far as WindowMatch).isAtEdge).toBe(true);
  });

  it('matches back as if reference and target had been swapped', () => {
    const target = analyticImage(-5.5, 3.1);
    const guess = { x: -2, y: 1 };
    const options = { guess, searchRadius: 12 };
    const compared = compareWindow(
      reference,
      target,
      { ...whole, x: 8, y: 8, width: 96, height: 96 },
      options,
    );
    if (typeof compared === 'string') throw new Error(compared);
    const back = matchWindow(
      target,
      reference,
      { x: 6, y: 9, width: 96, height: 96 },
      { guess: { x: 2, y: -1 }, searchRadius: 12 },
    ) as WindowMatch;
    expect(compared.matchBack().x).toBeCloseTo(back.shift.x, 9);
    expect(compared.matchBack().y).toBeCloseTo(back.shift.y, 9);
  });

  it('gives noise a peak that hardly stands out', () => {
    const { ratio, peakToSidelobe } = match(reference, noise('white'));
    expect(ratio).toBeLessThan(1.5);
    expect(peakToSidelobe).toBeLessThan(7);
  });

  it('is hardly drawn to a mask that both images share', () => {
    const hole = new Uint8Array(128 * 128).fill(1);
    for (let y = 40; y < 80; y++) hole.fill(0, y * 128 + 30, y * 128 + 90);
    const dark = (raster: Raster): Raster => ({
      ...withValues(raster, (value, index) => (hole[index] === 1 ? value : -50)),
      valid: hole,
    });
    const { shift } = match(dark(reference), dark(analyticImage(2.37, -1.62)));
    expect(Math.hypot(shift.x - 2.37, shift.y + 1.62)).toBeLessThan(0.05);
  });

  it('refuses a window without data and one that is level', () => {
    const outside = matchWindow(reference, reference, { ...whole, x: 80 }, options);
    expect(outside).toBe('NO_DATA');
    const level = withValues(reference, () => 7);
    expect(matchWindow(reference, level, whole, options)).toBe('FLAT');
    const lost = withValues(reference, () => Number.NaN);
    expect(matchWindow(reference, lost, whole, options)).toBe('NO_DATA');
  });
});

describe('cutRaster()', () => {
  const raster: Raster = {
    width: 3,
    height: 2,
    values: Float64Array.of(1, 2, 3, 4, Number.NaN, 6),
    valid: Uint8Array.of(1, 0, 1, 1, 1, 1),
  };

  it('marks what is outside, masked or not finite', () => {
    const part = cutRaster(raster, { x: -1, y: 0, width: 3, height: 3 });
    expect([...part.values]).toEqual([0, 1, 0, 0, 4, 0, 0, 0, 0]);
    expect([...part.valid!]).toEqual([0, 1, 0, 0, 1, 0, 0, 0, 0]);
    expect(validShare(part)).toBeCloseTo(2 / 9, 12);
  });

  it('gives nothing of a window beside the raster', () => {
    expect(validShare(cutRaster(raster, { x: 9, y: 9, width: 2, height: 2 }))).toBe(0);
    expect(validShare(cutRaster(raster, { x: -9, y: 0, width: 2, height: 2 }))).toBe(0);
  });
});
