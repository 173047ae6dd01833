import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setUp } from './set-up.mjs';

await setUp();

const { findTemporalCli, findTestServer } = await import('../dist/platform/temporal/binaries.js');

try {
  const log = (line) => process.stderr.write(`${line}\n`);
  const cli = await findTemporalCli({ log });
  const testServer = await findTestServer({ log });
  check({ TEMPORAL_CLI_PATH: cli.path, TEMPORAL_TEST_SERVER_PATH: testServer.path });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** The paths travel by the environment, so that no test has to look for them again. */
function check(paths) {
  const script = fileURLToPath(new URL('check.mjs', import.meta.url));
  const args = process.argv.slice(2).filter((arg) => arg !== '--long');
  const isLong = process.argv.includes('--long');
  const child = spawn(process.execPath, [script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...paths, ...(isLong ? { SKYLOOM_LONG_TESTS: '1' } : {}) },
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
