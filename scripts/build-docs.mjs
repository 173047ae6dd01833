import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

await setUp();

const { withSettingsTable } = await import('../dist/platform/settings-table.js');

const path = join(root, 'docs', 'operations.md');
await writeFile(path, withSettingsTable(await readFile(path, 'utf8')));
