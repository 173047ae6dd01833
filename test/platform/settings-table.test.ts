import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { settingsSchema } from '../../platform/configuration.ts';
import { settingsTable, withSettingsTable } from '../../platform/settings-table.ts';

const root = new URL('../../../', import.meta.url).pathname;

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
