import { describe, expect, it } from '@jest/globals';
import { registerRasters } from '../../geolocalization/model/registration/register-rasters.ts';
import { cutRaster, type Raster } from '../../maths/raster.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';
import { resampleRaster } from '../../maths/resample.ts';
import { itAtLength } from '../support/long-tests.ts';
import { ground } from './model/registration/ground.ts';

const SIDE = 192;
/** Of the size: the largest shift. */
const REACH = 0.25;
const AT_MOST = REACH * SIDE;
const LONG = 1_200_000;

/** Ground seen by another sensor in another season: light and dark swapped here and there, haze, clouds. */
function seenAgain(scene: Raster, random: () => number): Raster {
  const values = Float64Array.from(scene.values);
  const valid = new Uint8Array(values.length).fill(1);
  const gain = random() < 0.3 ? -0.8 : 0.7 + 0.6 * random();
  for (let pixel = 0; pixel < values.length; pixel++) {
    values[pixel] = 500 + gain * values[pixel]! + 12 * (random() - 0.5);
  }
  const fields = Math.floor(6 * random());
  for (let field = 0; field < fields; field++) {
    const [left, top] = [Math.floor(random() * SIDE), Math.floor(random() * SIDE)];
    const size = 12 + Math.floor(20 * random());
    const tone = 200 * (random() - 0.5);
    paint(values, left, top, size, (value) => 500 - 0.5 * (value - 500) + tone);
  }
  cloud(values, random, 0.3 * random());
  return { width: SIDE, height: SIDE, values, valid };
}

/** White discs until a share of the pixels is covered. */
function cloud(values: Float64Array, random: () => number, share: number): void {
  const covered = new Uint8Array(values.length);
  for (let count = 0; count < share * values.length;) {
    const [x, y] = [random() * SIDE, random() * SIDE];
    const radius = 6 + 14 * random();
    for (let row = Math.max(0, Math.ceil(y - radius)); row < Math.min(SIDE, y + radius); row++) {
      for (
        let column = Math.max(0, Math.ceil(x - radius));
        column < Math.min(SIDE, x + radius);
        column++
      ) {
        const pixel = row * SIDE + column;
        if (Math.hypot(column - x, row - y) > radius || covered[pixel] === 1) continue;
        covered[pixel] = 1;
        count++;
        values[pixel] = 1000;
      }
    }
  }
}

function paint(
  values: Float64Array,
  left: number,
  top: number,
  size: number,
  change: (value: number) => number,
): void {
  for (let row = top; row < Math.min(SIDE, top + size); row++) {
    for (let column = left; column < Math.min(SIDE, left + size); column++) {
      values[row * SIDE + column] = change(values[row * SIDE + column]!);
    }
  }
}

/** A pair whose target shows the ground of the reference, off by a known shift. */
function truePair(seed: string) {
  const random = randomNumbers(seed);
  const whole = ground(seed, SIDE + 2 * Math.ceil(AT_MOST) + 8);
  const margin = Math.ceil(AT_MOST) + 4;
  const window = { x: margin, y: margin, width: SIDE, height: SIDE };
  const angle = 2 * Math.PI * random();
  const length = AT_MOST * random();
  const truth = { x: length * Math.cos(angle), y: length * Math.sin(angle) };
  const moved = resampleRaster(whole, window, (x, y) => ({
    x: x + margin - truth.x,
    y: y + margin - truth.y,
  }));
  return { reference: cutRaster(whole, window), target: seenAgain(moved, random), truth };
}

function unrelatedPair(seed: string) {
  const random = randomNumbers(seed);
  const isNoise = random() < 0.5;
  const target: Raster = isNoise
    ? {
        width: SIDE,
        height: SIDE,
        values: Float64Array.from({ length: SIDE ** 2 }, random),
        valid: null,
      }
    : seenAgain(ground(`${seed} other`, SIDE), random);
  return { reference: ground(seed, SIDE), target };
}

const options = { offset: { x: 0, y: 0 } };

function truePairs(count: number): { located: number; worst: number } {
  let [located, worst] = [0, 0];
  for (let index = 0; index < count; index++) {
    const { reference, target, truth } = truePair(`true ${index}`);
    const found = registerRasters(reference, target, { ...options, seed: String(index) });
    if (found.status !== 'LOCATED') continue;
    located++;
    worst = Math.max(worst, Math.hypot(found.shift!.x - truth.x, found.shift!.y - truth.y));
  }
  return { located, worst };
}

function unrelatedLocated(count: number): number {
  let located = 0;
  for (let index = 0; index < count; index++) {
    const { reference, target } = unrelatedPair(`unrelated ${index}`);
    const { status } = registerRasters(reference, target, { ...options, seed: String(index) });
    if (status === 'LOCATED') located++;
  }
  return located;
}

describe('registerRasters() on many pairs', () => {
  it('locates some that show the same ground, each within 0.3 pixels', () => {
    const { located, worst } = truePairs(4);
    expect(located).toBe(4);
    expect(worst).toBeLessThan(0.3);
  }, 120_000);

  it('locates none of some that do not', () => {
    expect(unrelatedLocated(3)).toBe(0);
  }, 120_000);

  itAtLength(
    'locates 95 of 100 that show the same ground, each within 0.3 pixels',
    () => {
      const { located, worst } = truePairs(200);
      expect(located).toBeGreaterThanOrEqual(190);
      expect(worst).toBeLessThan(0.3);
    },
    LONG,
  );

  itAtLength('locates none of 200 that do not', () => expect(unrelatedLocated(200)).toBe(0), LONG);
});
