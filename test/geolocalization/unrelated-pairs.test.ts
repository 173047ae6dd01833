import { describe, expect, it } from '@jest/globals';
import { itAtLength } from '../support/long-tests.ts';
import { unrelatedPair } from './support/known-pairs.ts';
import { falselyLocated, several } from './support/register-many.ts';

const SHORT = 600_000;
const LONG = 3_600_000;

describe('registerRasters() on pairs that show nothing in common', () => {
  it(
    'locates none of some',
    () => {
      const pairs = several(20, (index) => unrelatedPair(`some ${index}`));
      expect(falselyLocated(pairs)).toBe(0);
    },
    SHORT,
  );

  itAtLength(
    'locates none of 200',
    () => {
      const pairs = several(200, (index) => unrelatedPair(`unrelated ${index}`));
      expect(falselyLocated(pairs)).toBe(0);
    },
    LONG,
  );
});
