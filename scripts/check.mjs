import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, setUp } from './set-up.mjs';

// The tests run as compiled.
await setUp();

const jestArgs = process.argv.slice(2);

const steps = [
  { title: 'format', tool: 'prettier', args: ['--check', '.'] },
  { title: 'lint', tool: 'oxlint', args: ['--type-aware'] },
  { title: 'unused code', tool: 'knip', args: [] },
  // Tests without processes come first, as they find faults sooner; see jest.config.js.
  ...(jestArgs.length > 0
    ? [tests('tests')]
    : [tests('tests in this process', 'inside'), tests('tests with processes', 'processes')]),
];

function tests(title, part) {
  const env = part === undefined ? {} : { JEST_PART: part };
  // Jest loads ES modules only behind this option of Node.
  return { title, tool: 'jest', args: jestArgs, env, nodeOptions: '--experimental-vm-modules' };
}

// Whoever names tests wants to see those tests.
const wanted = jestArgs.length > 0 ? steps.filter(({ tool }) => tool === 'jest') : steps;

for (const step of wanted) {
  process.stderr.write(`\n── ${step.title}: ${[step.tool, ...step.args].join(' ')}\n`);
  const code = await runTool(step);
  if (code === 0) continue;
  process.stderr.write(`Cannot pass the check as ${step.tool} failed: exit code ${code}\n`);
  process.exitCode = code;
  break;
}

function runTool({ tool, args, env, nodeOptions }) {
  const NODE_OPTIONS = [process.env.NODE_OPTIONS, nodeOptions].filter(Boolean).join(' ');
  const child = spawn(process.execPath, [scriptOf(tool), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, NODE_OPTIONS },
  });
  return new Promise((settle) => {
    child.on('error', () => settle(1));
    child.on('exit', (code) => settle(code ?? 1));
  });
}

/** Read from the package, as the links in `.bin` differ between systems. */
function scriptOf(tool) {
  const manifest = join(root, 'node_modules', tool, 'package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[tool]);
}
