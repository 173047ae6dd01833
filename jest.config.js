import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What a test imports that starts processes of its own: stacks, programs, servers, networks in children.
 * Such tests wait much, and run beside each other; those without come first, as they find faults sooner.
 */
const STARTS_PROCESSES =
  /support\/(test-stack|run-command|run-program|s3-server|python-client|stac-validator)|cutout|pixel-threads|startStack|execFile|spawn/;

const tests = join(dirname(fileURLToPath(import.meta.url)), 'dist', 'test');
const { JEST_PART: part } = process.env;

/** The tests run as compiled, so that what is tested is what ships. */
export default {
  rootDir: 'dist',
  testEnvironment: 'node',
  testMatch: part === undefined ? ['<rootDir>/test/**/*.test.js'] : testsOf(part),
  transform: {},
  testTimeout: 30_000,
  maxWorkers: 2,
};

function testsOf(wanted) {
  const all = readdirSync(tests, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(tests, name));
  return all.filter(
    (path) => STARTS_PROCESSES.test(readFileSync(path, 'utf8')) === (wanted === 'processes'),
  );
}
