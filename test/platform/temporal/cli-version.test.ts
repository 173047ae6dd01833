import { describe, expect, it } from '@jest/globals';
import { isAtLeast, parseCliVersion } from '../../../platform/temporal/cli-version.ts';

describe('parseCliVersion()', () => {
  it('gives the value of its own example', () => {
    expect(parseCliVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.51.0)')).toEqual({
      cli: '1.9.1',
      server: '1.32.0',
    });
  });

  it('reads a CLI that was built from its sources', () => {
    expect(parseCliVersion('temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)\n')).toEqual({
      cli: '0.0.0-DEV',
      server: '1.29.1',
    });
  });

  it.each(['', 'tctl version 1.18.1', 'temporal version 1.9.1'])(
    'does not guess from "%s"',
    (output) => {
      expect(parseCliVersion(output)).toBeUndefined();
    },
  );
});

describe('isAtLeast()', () => {
  it.each([
    ['1.29.0', '1.29', true],
    ['1.32.0', '1.29', true],
    ['2.0.0', '1.29', true],
    ['1.28.9', '1.29', false],
    // As text, 9 would come after 29.
    ['1.9.0', '1.29', false],
  ])('compares %s with %s by number', (version, needed, expected) => {
    expect(isAtLeast(version, needed)).toBe(expected);
  });
});
