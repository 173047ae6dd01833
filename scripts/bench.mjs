// Sets up what is missing, then measures: `npm run bench -- [images] [megapixels]`.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

await setUp({ quiet: true });
const bench = join(root, 'dist', 'bench', 'flight-overhead.js');
process.exitCode =
  spawnSync(process.execPath, [bench, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
