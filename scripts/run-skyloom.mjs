import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './set-up.mjs';

/** Sets up what is missing, then runs the command line as a process of its own and ends as it ends. */
export function runSkyloom(args) {
  setUp();
  const program = join(root, 'dist', 'starter', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
    stdio: 'inherit',
  });
  // A terminal sends Ctrl-C to the child as well; what others send to this process is handed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? code : 4;
  });
}
