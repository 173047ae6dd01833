// Sets up what is missing, then measures: `npm run bench -- [name] [arguments…]`; a name is that of a file
// of bench/, and without one it is `flight-overhead`.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

await setUp({ quiet: true });
const [first = 'flight-overhead', ...rest] = process.argv.slice(2);
const fileOf = (name) => join(root, 'dist', 'bench', `${name}.js`);
const isNumber = /^\d+$/.test(first);
const name = isNumber ? 'flight-overhead' : first;
if (existsSync(fileOf(name))) {
  const argv = [fileOf(name), ...(isNumber ? [first] : []), ...rest];
  process.exitCode = spawnSync(process.execPath, argv, { stdio: 'inherit' }).status ?? 1;
} else {
  const known = readdirSync(join(root, 'bench')).flatMap((file) =>
    file.endsWith('.ts') ? [file.slice(0, -3)] : [],
  );
  process.stderr.write(`Cannot measure "${name}": there are ${known.join(', ')}\n`);
  process.exitCode = 2;
}
