import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFreePort, LOOPBACK } from '../free-port.ts';
import { readDynamicConfiguration } from './dynamic-configuration.ts';

const START_LIMIT_MS = 30_000;
const START_POLL_MS = 50;
const CALL_LIMIT_MS = 2000;
/** The server writes its database when it ends; longer than this it hangs. */
const STOP_GRACE_MS = 10_000;
const SHOWN_LOG_LINES = 10;

/** How a development server is started. */
export interface DevServerOptions {
  /** Executable of the Temporal CLI. */
  cliPath: string;
  /** File that holds the runs; it is made when it is not there. */
  databasePath: string;
  port: number;
  uiPort: number;
  namespace: string;
  /** Output of the server is added to this file. */
  logPath: string;
}

/** A development server that answers. */
export interface DevServer {
  pid: number;
  address: string;
  uiAddress: string;
  /** Settles when the process has ended, with its exit code, or null when a signal ended it. */
  exited: Promise<number | null>;
  /** Ends the process, gently first; safe to repeat. */
  stop(): Promise<void>;
}

/**
 * Starts the server of the Temporal CLI on the loopback address, and waits until it serves the namespace.
 *
 * Ports for metrics and for the HTTP interface are left to the server, which takes free ones: so
 * several servers can run side by side.
 *
 * @throws {Error} with the last lines of its log when the server ends early or does not answer in time.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const address = `${LOOPBACK}:${options.port}`;
  // Another server on the port would answer in place of this one.
  await refuseTakenPort(options.port);
  await refuseTakenPort(options.uiPort);
  const { child, exited, logStart } = await spawnServer(options);
  const stop = () => stopProcess(child, exited);
  const waiting = new AbortController();
  try {
    const serving = untilServing(address, options.namespace, waiting.signal);
    await Promise.race([serving, failOnExit(exited)]);
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    const lines = await lastLines(options.logPath, logStart);
    throw new Error(`Cannot start the Temporal server on ${address}: ${reason}${lines}`);
  } finally {
    waiting.abort();
  }
  return {
    pid: child.pid!,
    address,
    uiAddress: `http://${LOOPBACK}:${options.uiPort}`,
    exited,
    stop,
  };
}

async function refuseTakenPort(port: number): Promise<void> {
  if (await isFreePort(port)) return;
  throw new Error(`Cannot start the Temporal server as port ${port} of ${LOOPBACK} is in use`);
}

interface SpawnedServer {
  child: ChildProcess;
  exited: Promise<number | null>;
  /** Size of the log before this server wrote to it. */
  logStart: number;
}

async function spawnServer(options: DevServerOptions): Promise<SpawnedServer> {
  const args = await serverArguments(options);
  await mkdir(dirname(options.databasePath), { recursive: true });
  await mkdir(dirname(options.logPath), { recursive: true });
  const log = await open(options.logPath, 'a');
  try {
    const { size: logStart } = await log.stat();
    const child = spawn(options.cliPath, args, {
      stdio: ['ignore', log.fd, log.fd],
      // Out of the terminal's group: Ctrl-C must not end the server before the workers have drained.
      detached: true,
    });
    // Listened to before anything is awaited, as it may end at once.
    const exited = new Promise<number | null>((settle) => child.once('exit', settle));
    await once(child, 'spawn');
    return { child, exited, logStart };
  } catch (error) {
    throw new Error(`Cannot run "${options.cliPath}": ${String(error)}`);
  } finally {
    await log.close();
  }
}

async function serverArguments(options: DevServerOptions): Promise<string[]> {
  const { port, uiPort, databasePath, namespace } = options;
  const configuration = (await readDynamicConfiguration()).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(value)}`,
  ]);
  // prettier-ignore
  return [
    'server', 'start-dev',
    '--ip', LOOPBACK,
    '--port', String(port),
    '--ui-port', String(uiPort),
    '--db-filename', databasePath,
    // One flush to disk a commit where the default needs several, and as durable.
    '--sqlite-pragma', 'journal_mode=WAL',
    '--namespace', namespace,
    '--log-level', 'warn',
    ...configuration,
  ];
}

/** Leaves quietly when it is told that nobody waits any more. */
async function untilServing(address: string, namespace: string, over: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  let lastFault = '';
  while (!over.aborted && Date.now() < deadline) {
    try {
      await knock(address);
      return await askForNamespace(address, namespace);
    } catch (error) {
      lastFault = String(error);
      await sleep(START_POLL_MS);
    }
  }
  if (!over.aborted) throw new Error(`no answer within ${START_LIMIT_MS / 1000} s (${lastFault})`);
}

/** After a refused connection gRPC waits a second before the next; a plain socket does not. */
async function knock(address: string): Promise<void> {
  const socket = connect(Number(address.split(':')[1]), LOOPBACK);
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

/** The port opens before the namespace is there. */
async function askForNamespace(address: string, namespace: string): Promise<void> {
  const { Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address, connectTimeout: CALL_LIMIT_MS });
  try {
    await connection.withDeadline(Date.now() + CALL_LIMIT_MS, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
  } finally {
    await connection.close();
  }
}

async function failOnExit(exited: Promise<number | null>): Promise<never> {
  const code = await exited;
  throw new Error(code === null ? 'it was ended by a signal' : `it ended with exit code ${code}`);
}

async function stopProcess(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const grace = new AbortController();
  const kill = sleep(STOP_GRACE_MS, undefined, { signal: grace.signal }).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  );
  await exited;
  grace.abort();
  await kill;
}

async function lastLines(logPath: string, logStart: number): Promise<string> {
  const log = await readFile(logPath).catch(() => Buffer.alloc(0));
  const lines = log.subarray(logStart).toString().trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
  return lines.map((line) => `\n  ${line}`).join('');
}
