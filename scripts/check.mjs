// Every check of the project, cheapest first; stops at the first that fails. With arguments only the
// tests whose paths match them.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);
const patterns = process.argv.slice(2);

setUp();
if (patterns.length === 0) {
  step('format', bin('prettier'), ['--check', '--log-level=warn', '.']);
  step('lint, types and structure', bin('oxlint'), ['--type-aware', '--quiet', '.']);
  step('unused code', bin('knip'), []);
}
step('tests', process.execPath, [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  '--enable-source-maps',
  join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
  ...patterns,
]);

function step(name, command, args) {
  process.stderr.write(`== ${name}\n`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    process.stderr.write(`Check "${name}" failed\n`);
    process.exit(status ?? 1);
  }
}
