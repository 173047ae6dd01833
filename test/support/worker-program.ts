import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { WorkerKind } from '../../contracts/task-queues.ts';
import type { TestStack } from './test-stack.ts';

/** `skyloom worker <kind>` as an operator starts it: nobody starts it again when it ends. */
export interface WorkerProgram {
  pid: number;
  /** Exit code, or null when a signal ended it. */
  ended: Promise<number | null>;
  stop: (signal: 'SIGTERM' | 'SIGKILL') => void;
}

/** Resolves when the worker polls its queue. */
export async function startWorkerProgram(
  kind: WorkerKind,
  { stack, home }: TestStack,
): Promise<WorkerProgram> {
  // Compiled tests run from `dist/test/support`.
  const program = fileURLToPath(new URL('../../starter/main.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'worker', kind], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {
      ...process.env,
      SKYLOOM_HOME: home,
      TEMPORAL_ADDRESS: stack.access.connectionOptions.address,
      TEMPORAL_NAMESPACE: stack.access.namespace,
    },
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  await Promise.race([once(child, 'message'), ended.then(failOnEarlyEnd)]);
  return { pid: child.pid!, ended, stop: (signal) => void child.kill(signal) };
}

function failOnEarlyEnd(code: number | null): never {
  throw new Error(`Cannot go on as the worker ended early: exit code ${code}`);
}
