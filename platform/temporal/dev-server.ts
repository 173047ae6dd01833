import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { dynamicConfiguration } from './dynamic-configuration.ts';

const READY_TIMEOUT_MS = 30_000;
const READY_POLL_MS = 100;
const STOP_GRACE_MS = 10_000;
const LOG_LINES_SHOWN = 5;

export interface DevServerPlan {
  cliPath: string;
  /** SQLite file that keeps the runs over restarts. */
  databasePath: string;
  port: number;
  uiPort: number;
  namespace: string;
  logPath: string;
}

export interface DevServer {
  pid: number;
  address: string;
  uiAddress: string;
  /** Resolves when the process has ended, for whatever reason. */
  exited: Promise<void>;
  stop: () => Promise<void>;
}

/** Starts the embedded server on loopback and resolves when it answers. */
export async function startDevServer(plan: DevServerPlan): Promise<DevServer> {
  const address = `127.0.0.1:${plan.port}`;
  const log = openSync(plan.logPath, 'a');
  const child = spawn(plan.cliPath, argumentsOf(plan, await findFreePort()), {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let hasEnded = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  }).then(() => {
    hasEnded = true;
  });
  const stop = () => stopProcess(child, exited);
  try {
    await untilItAnswers(address, plan.namespace, () => hasEnded);
  } catch (error) {
    await stop();
    const said = await lastLines(plan.logPath);
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot start the Temporal server on port ${plan.port}: ${reason}\n${said}`);
  }
  return { pid: child.pid!, address, uiAddress: `http://127.0.0.1:${plan.uiPort}`, exited, stop };
}

function argumentsOf(plan: DevServerPlan, metricsPort: number): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(plan.port)],
    ...['--ui-ip', '127.0.0.1', '--ui-port', String(plan.uiPort)],
    ...['--metrics-port', String(metricsPort)],
    ...['--db-filename', plan.databasePath, '--namespace', plan.namespace, '--log-level', 'warn'],
    ...Object.entries(dynamicConfiguration).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${value}`,
    ]),
  ];
}

async function untilItAnswers(
  address: string,
  namespace: string,
  hasEnded: () => boolean,
): Promise<void> {
  const { Connection } = await import('@temporalio/client');
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (hasEnded()) throw new Error('it ended while starting');
    try {
      const connection = await Connection.connect({ address, connectTimeout: '1 second' });
      try {
        await connection.workflowService.describeNamespace({ namespace });
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      // Not up yet: the next look comes in a moment, until the deadline.
      if (Date.now() > deadline) throw new Error('it does not answer', { cause: error });
    }
    await delay(READY_POLL_MS);
  }
}

async function stopProcess(child: ChildProcess, exited: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await exited;
  clearTimeout(timer);
}

async function lastLines(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  return lines.slice(-LOG_LINES_SHOWN).join('\n');
}

/** @returns `preferred` when it is free on loopback, else any free port. */
export async function findFreePort(preferred = 0): Promise<number> {
  const found = await new Promise<number | null>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(preferred, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : null;
      probe.close(() => resolve(port));
    });
  });
  if (found !== null) return found;
  return preferred === 0 ? Promise.reject(new Error('Cannot find a free port')) : findFreePort();
}
