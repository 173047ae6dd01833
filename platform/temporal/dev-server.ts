import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamicConfiguration } from './dynamic-configuration.ts';

const IP = '127.0.0.1';
const START_LIMIT_MS = 30_000;
const START_POLL_MS = 100;
const CONNECT_LIMIT_MS = 2000;
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
  const address = `${IP}:${options.port}`;
  // Another server on the port would answer in place of this one.
  await refuseTakenPort(options.port);
  await refuseTakenPort(options.uiPort);
  const { child, exited } = await spawnServer(options);
  const stop = () => stopProcess(child, exited);
  try {
    await Promise.race([untilServing(address, options.namespace), failOnExit(exited)]);
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot start the Temporal server on ${address}: ${reason}${await lastLines(options.logPath)}`,
    );
  }
  return { pid: child.pid!, address, uiAddress: `http://${IP}:${options.uiPort}`, exited, stop };
}

/**
 * A TCP port of the loopback address that nobody uses at the moment: the preferred one, if it is free.
 *
 * Another process can take the port before it is used, so starting a server on it may still fail.
 */
export async function findFreePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await canListen(preferred)) !== undefined) return preferred;
  const port = await canListen(0);
  if (port === undefined) throw new Error(`Cannot find a free port on ${IP}`);
  return port;
}

async function refuseTakenPort(port: number): Promise<void> {
  if ((await canListen(port)) !== undefined) return;
  throw new Error(`Cannot start the Temporal server as port ${port} of ${IP} is in use`);
}

async function spawnServer(
  options: DevServerOptions,
): Promise<{ child: ChildProcess; exited: Promise<number | null> }> {
  await mkdir(dirname(options.databasePath), { recursive: true });
  await mkdir(dirname(options.logPath), { recursive: true });
  const log = await open(options.logPath, 'a');
  try {
    const child = spawn(options.cliPath, serverArguments(options), {
      stdio: ['ignore', log.fd, log.fd],
    });
    // Listened to before anything is awaited: an error that nobody hears ends this process.
    const exited = new Promise<number | null>((settle) => {
      child.once('exit', (code) => settle(code));
      child.once('error', () => settle(null));
    });
    return { child, exited };
  } finally {
    await log.close();
  }
}

function serverArguments({ port, uiPort, databasePath, namespace }: DevServerOptions): string[] {
  const configuration = Object.entries(dynamicConfiguration).flatMap(([key, value]) => [
    '--dynamic-config-value',
    `${key}=${JSON.stringify(value)}`,
  ]);
  return [
    ...['server', 'start-dev', '--ip', IP, '--port', String(port), '--ui-port', String(uiPort)],
    ...['--db-filename', databasePath, '--namespace', namespace, '--log-level', 'warn'],
    ...configuration,
  ];
}

async function untilServing(address: string, namespace: string): Promise<void> {
  const { Connection } = await import('@temporalio/client');
  const deadline = Date.now() + START_LIMIT_MS;
  let lastError: unknown;
  while (Date.now() < deadline) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: CONNECT_LIMIT_MS });
      try {
        // The port opens before the namespace is there.
        await connection.withDeadline(Date.now() + CONNECT_LIMIT_MS, () =>
          connection.workflowService.describeNamespace({ namespace }),
        );
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      lastError = error;
      await sleep(START_POLL_MS);
    }
  }
  throw new Error(`no answer within ${START_LIMIT_MS / 1000} s (${String(lastError)})`);
}

async function failOnExit(exited: Promise<number | null>): Promise<never> {
  const code = await exited;
  throw new Error(
    code === null ? 'it was ended by a signal, or its program cannot be run' : `exit code ${code}`,
  );
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

async function lastLines(logPath: string): Promise<string> {
  const log = await readFile(logPath, 'utf8').catch(() => '');
  const lines = log.trimEnd().split('\n').slice(-SHOWN_LOG_LINES);
  return lines.map((line) => `\n  ${line}`).join('');
}

/** The port that could be listened on, or undefined. */
async function canListen(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: IP, exclusive: true });
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
