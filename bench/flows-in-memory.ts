import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { FlowDefinition, Json, Steps } from '../contracts/flow-definition.ts';
import { defineTask, type Task } from '../flows/build/task.ts';
import { checkFlow } from '../flows/check/check-flow.ts';
import { digestOf } from '../flows/io/digest.ts';
import { runLocally } from '../flows/local/run-locally.ts';
import { LocalEngine } from '../flows/local/local-engine.ts';
import { startRun } from '../flows/model/run-flow.ts';
import { medianSeconds } from './median.ts';

/**
 * What a flow costs without a server: `npm run bench -- flows-in-memory`. The rate of Graflow 0.2.0 is
 * measured in the same run, in a Python environment of its own; without Python it is left out, loudly.
 */
const STEPS = 1000;
const RUNS = 5;
/** Runs before the measured ones, of either side: what is compared is a process that has been at work. */
const WARM_UPS = 30;

const nothing = defineTask({
  name: 'bench.nothing@1',
  input: z.object({}),
  output: z.null(),
  run: () => null,
}) as Task;

const members: Steps = Object.fromEntries(
  Array.from({ length: STEPS }, (_, place) => [`s${place}`, { task: nothing.facts.name }]),
);
const fan: FlowDefinition = {
  flow: '1',
  name: 'fan',
  version: '1.0.0',
  limits: { maxSteps: 2 * STEPS },
  steps: {
    first: { task: nothing.facts.name },
    group: { parallel: members, after: ['first'] },
    last: { task: nothing.facts.name, after: ['group'] },
  },
  output: null,
};
const chain: FlowDefinition = {
  ...fan,
  name: 'chain',
  steps: Object.fromEntries(
    Object.entries(members).map(([id, step], place) => [
      id,
      place === 0 ? step : { ...step, after: [`s${place - 1}`] },
    ]),
  ),
};

const catalogue = { tasks: [nothing.facts] };
const tasks = new Map([[nothing.facts.name, nothing]]);
const run = (definition: FlowDefinition) => {
  const engine = new LocalEngine(tasks, 'run', {});
  return startRun({ definition, input: {} as Json, engine, runId: 'run' }).result;
};

const fanSeconds = await medianSeconds(RUNS, () => run(fan), WARM_UPS);
const chainSeconds = await medianSeconds(RUNS, () => run(chain), WARM_UPS);
const wholeSeconds = await medianSeconds(RUNS, () => runLocally(fan, {}, [nothing]), WARM_UPS);
const checkSeconds = await medianSeconds(
  RUNS,
  () => {
    const { definition } = checkFlow(JSON.parse(JSON.stringify(chain)), catalogue);
    return digestOf(definition!);
  },
  WARM_UPS,
);

const line = (words: string, seconds: number) =>
  console.log(
    `${words.padEnd(52)} ${(seconds * 1000).toFixed(1).padStart(8)} ms ${Math.round(STEPS / seconds)
      .toString()
      .padStart(8)} steps/s`,
  );
line(`${STEPS} steps side by side, run`, fanSeconds);
line(`${STEPS} steps side by side, checked and run`, wholeSeconds);
line(`${STEPS} steps in a chain, run`, chainSeconds);
line(`${STEPS} steps, checked and made canonical`, checkSeconds);

const graflow = graflowRate();
if (graflow === null) {
  console.log('SKIPPED: Graflow could not be installed, so there is no ratio to it');
} else {
  console.log(
    `Graflow, ${STEPS} tasks side by side in its threads: ${Math.round(graflow)} tasks/s`,
  );
  console.log(`ratio to Graflow ${(STEPS / fanSeconds / graflow).toFixed(1)}`);
}

/** Tasks a second, or null where there is no Python or no registry. */
function graflowRate(): number | null {
  const folder = process.env['GRAFLOW_VENV'] ?? join(tmpdir(), 'skyloom-bench-graflow');
  const python = join(folder, 'bin', 'python');
  const install: [string, string[]][] = [
    ['python3', ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', 'uv==0.13.9']],
    [python, ['-m', 'uv', 'pip', 'install', '--quiet', '--python', python, 'graflow==0.2.0']],
  ];
  if (!existsSync(join(folder, 'ready'))) {
    for (const [command, args] of install) {
      if (spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0)
        return null;
    }
  }
  const script = fileURLToPath(new URL('../../bench/graflow-rate.py', import.meta.url));
  const { status, stdout } = spawnSync(
    python,
    [script, String(STEPS), String(RUNS), String(WARM_UPS)],
    {
      encoding: 'utf8',
      cwd: folder,
    },
  );
  return status === 0 ? Number(stdout.trim().split('\n').at(-1)) : null;
}
