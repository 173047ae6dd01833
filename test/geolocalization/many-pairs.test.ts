import { describe, expect, it } from '@jest/globals';
import { itAtLength } from '../support/long-tests.ts';
import { groundPair, seasonPair } from './support/known-pairs.ts';
import { locateMany, several } from './support/register-many.ts';

const SHORT = 600_000;
const LONG = 3_600_000;

describe('registerRasters() on pairs whose content is off by up to a quarter of their size', () => {
  it.each([
    ['noise, partly with light and dark swapped', groundPair],
    ['a landscape in two seasons', seasonPair],
  ])(
    'locates some, each within 0.3 pixels: %s under clouds',
    (name, createPair) => {
      const { located, worst } = locateMany(several(10, (index) => createPair(`${name} ${index}`)));
      expect(located).toBeGreaterThanOrEqual(9);
      expect(worst).toBeLessThan(0.3);
    },
    SHORT,
  );

  itAtLength(
    'locates 95 of 100, each within 0.3 pixels: 200 pairs',
    () => {
      const pairs = several(200, (index) =>
        index % 2 === 0 ? groundPair(`true ${index}`) : seasonPair(`true ${index}`),
      );
      const { located, worst } = locateMany(pairs);
      expect(located).toBeGreaterThanOrEqual(190);
      expect(worst).toBeLessThan(0.3);
    },
    LONG,
  );
});
