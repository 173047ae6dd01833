import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setUp } from './set-up.mjs';

await setUp();

const main = fileURLToPath(new URL('../dist/starter/main.js', import.meta.url));
const child = spawn(process.execPath, [main, 'start', ...process.argv.slice(2)], {
  stdio: 'inherit',
});

// Ctrl-C on a terminal reaches the child by itself, and a second one would mean "at once".
process.on('SIGINT', () => {
  if (!process.stdin.isTTY) child.kill('SIGINT');
});
process.on('SIGTERM', () => child.kill('SIGTERM'));

child.on('error', (error) => {
  process.stderr.write(`Cannot start skyloom: ${error.message}\n`);
  process.exitCode = 1;
});
child.on('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
