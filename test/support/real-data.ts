import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from '@jest/globals';

/** Compiled tests run from `dist/test/support`. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const folder = process.env['SKYLOOM_TEST_DATA'] ?? resolve(root, '..', 'shared', 'data');

/** Where a file of the real data lies. */
export function realDataPath(path: string): string {
  return join(folder, path);
}

/** Tests on real flights and scenes, which are not part of the project; skipped loudly without them. */
export function describeWithRealData(name: string, tests: () => void): void {
  if (existsSync(folder)) {
    describe(name, tests);
    return;
  }
  console.warn(`SKIPPED "${name}": no real data here, set SKYLOOM_TEST_DATA to their folder`);
  describe.skip(name, tests);
}
