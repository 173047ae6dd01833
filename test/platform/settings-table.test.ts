import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSettings, settingsSchema } from '../../platform/configuration.ts';
import { settingsTable, withSettingsTable } from '../../platform/settings-table.ts';

const root = new URL('../../../', import.meta.url).pathname;

describe('readSettings()', () => {
  it.each([
    [
      { SKYLOOM_SOURCE_ROOT: '/data' },
      /SKYLOOM_SOURCE_ROOT: not a setting \(did you mean SKYLOOM_SOURCE_ROOTS\?\)/,
    ],
    [{ SKYLOOM_QWERTY: '1' }, /SKYLOOM_QWERTY: not a setting \(remove it\)/],
    [
      { SKYLOOM_PIXEL_THREADS: 'x', SKYLOOM_HOMES: '/x' },
      /SKYLOOM_PIXEL_THREADS: .*; SKYLOOM_HOMES: not/,
    ],
    [{ SKYLOOM_S3_ENDPOINT: 'ftp://x' }, /SKYLOOM_S3_ENDPOINT/],
  ])('refuses %j', (environment, words) => {
    expect(() => readSettings(environment)).toThrow(words);
  });

  it('takes an empty variable for one that is left out', () => {
    const settings = readSettings({ SKYLOOM_S3_ENDPOINT: '', SKYLOOM_LOG_LEVEL: '' });
    expect(settings.SKYLOOM_S3_ENDPOINT).toBeUndefined();
    expect(settings.SKYLOOM_LOG_LEVEL).toBe('info');
  });
});

describe('settingsTable()', () => {
  it('has a row with a meaning for every setting', () => {
    for (const name of Object.keys(settingsSchema.shape)) {
      expect(settingsTable()).toMatch(new RegExp(`\\| \`${name}\` +\\| \\S.* \\| \\S.* \\|`));
    }
    expect(settingsTable()).not.toContain('undefined');
  });

  it('stands in the manual as the schema has it', async () => {
    const manual = await readFile(join(root, 'docs', 'operations.md'), 'utf8');
    expect(withSettingsTable(manual)).toBe(manual);
  });
});
