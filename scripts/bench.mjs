// Sets up what is missing, then measures: `npm run bench -- [images] [megapixels]`, or
// `npm run bench -- accuracy` for what the numbers of a flight cost.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

await setUp({ quiet: true });
const [which] = process.argv.slice(2);
const name = which === 'accuracy' ? 'accuracy.js' : 'flight-overhead.js';
const bench = join(root, 'dist', 'bench', name);
process.exitCode =
  spawnSync(process.execPath, [bench, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
