import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type WorkerKind, workerKinds } from '../contracts/task-queues.ts';
import type { Settings } from '../platform/configuration.ts';
import { ensureHome } from '../platform/home-folder.ts';
import { findTemporalCli } from '../platform/temporal/binaries.ts';
import { configuredServer, type ServerAccess, serverAt } from '../platform/temporal/connection.ts';
import { findFreePort } from '../platform/free-port.ts';
import { type DevServer, startDevServer } from '../platform/temporal/dev-server.ts';
import { registerSearchAttributes } from '../platform/temporal/namespace.ts';
import { withClient } from './find-server.ts';
import { isRunning, readLiveStack, removeStackRecord, writeStackRecord } from './stack-record.ts';
import { SupervisedProcess } from './supervised-process.ts';

const DEFAULT_PORT = 7233;
const DEFAULT_UI_PORT = 8233;
/** Longer than a worker's own force time. */
const WORKER_GRACE_MS = 45_000;
/** Restarts of the server before the stack is given up. */
const MAX_SERVER_RESTARTS = 10;

export interface StackOptions {
  settings: Settings;
  /** 0 takes a free port; undefined takes the usual one, or a free one when that is taken. */
  port?: number | undefined;
  uiPort?: number | undefined;
  kinds?: readonly WorkerKind[];
  remark: (line: string) => void;
}

/** A server and its workers, started by this process and ended with it. */
export interface Stack {
  access: ServerAccess;
  uiAddress: string | null;
  logFolder: string;
  workers: Map<WorkerKind, SupervisedProcess>;
  serverPid: () => number | null;
  /** Rejects when a part died too often to be started again. */
  failure: Promise<never>;
  stop: () => Promise<void>;
}

/**
 * Starts the Temporal server (unless the environment names one), registers the search attributes, and
 * starts each kind of worker as a process of its own. Whatever dies is started again.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { settings, remark, kinds = workerKinds } = options;
  const home = settings.SKYLOOM_HOME;
  const logFolder = join(home, 'logs');
  await ensureHome(home);
  await mkdir(logFolder, { recursive: true });
  const live = await readLiveStack(home);
  if (live !== null) {
    throw new Error(
      `Cannot start a second stack for ${home} as process ${live.ownerPid} runs one: stop it, or set SKYLOOM_HOME`,
    );
  }
  let giveUp: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  failure.catch(() => undefined);
  const configured = configuredServer();
  const server =
    configured === undefined ? await KeptServer.start(options, logFolder, giveUp) : null;
  const access = configured ?? serverAt(server!.address);
  const workers = new Map<WorkerKind, SupervisedProcess>();
  const stop = async () => {
    await Promise.all([...workers.values()].map((worker) => worker.stop()));
    await server?.stop();
    await removeStackRecord(home);
  };
  try {
    await writeStackRecord(home, {
      ownerPid: process.pid,
      serverPid: server?.pid ?? null,
      address: access.connectionOptions.address,
      uiAddress: server?.uiAddress ?? null,
    });
    await withClient(access, (_client, connection) =>
      registerSearchAttributes(connection, access.namespace),
    );
    remark(`Starting ${kinds.length} workers: ${kinds.join(', ')}`);
    await Promise.all(
      kinds.map(async (kind) => {
        workers.set(kind, await startWorkerProcess(kind, access, settings, logFolder, giveUp));
      }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    access,
    uiAddress: server?.uiAddress ?? null,
    logFolder,
    workers,
    serverPid: () => server?.pid ?? null,
    failure,
    stop,
  };
}

/** Starts one more worker process of a kind; it ends with this process. */
export function startWorkerProcess(
  kind: WorkerKind,
  access: ServerAccess,
  settings: Settings,
  logFolder: string,
  giveUp: (error: Error) => void,
): Promise<SupervisedProcess> {
  return SupervisedProcess.start(
    {
      name: `worker ${kind}`,
      command: process.execPath,
      args: [
        '--enable-source-maps',
        fileURLToPath(new URL('./main.js', import.meta.url)),
        'worker',
        kind,
      ],
      environment: {
        ...process.env,
        SKYLOOM_HOME: settings.SKYLOOM_HOME,
        ...telemetryOf(kind, settings),
        ...(settings.SKYLOOM_LANES === undefined ? {} : { SKYLOOM_LANES: settings.SKYLOOM_LANES }),
        ...(settings.SKYLOOM_TASKS === undefined ? {} : { SKYLOOM_TASKS: settings.SKYLOOM_TASKS }),
        TEMPORAL_ADDRESS: access.connectionOptions.address,
        TEMPORAL_NAMESPACE: access.namespace,
      },
      logPath: join(logFolder, `${kind}.log`),
      graceMs: WORKER_GRACE_MS,
    },
    (reason) => giveUp(new Error(reason)),
  );
}

/** On one machine each kind has a port of its own: the one that is set, and those after it. */
function telemetryOf(kind: WorkerKind, settings: Settings): NodeJS.ProcessEnv {
  const address = settings.SKYLOOM_TELEMETRY_ADDRESS;
  if (address === undefined) return {};
  const [, host, port] = /^(.*):(\d+)$/.exec(address)!;
  const own = port === '0' ? 0 : Number(port) + workerKinds.indexOf(kind);
  return { SKYLOOM_TELEMETRY_ADDRESS: `${host}:${own}` };
}

/** The embedded server, started again on the same ports and the same file when it dies. */
class KeptServer {
  readonly address: string;
  readonly uiAddress: string;
  private server: DevServer;
  private isStopping = false;
  private restarts = 0;

  private constructor(server: DevServer) {
    this.server = server;
    this.address = server.address;
    this.uiAddress = server.uiAddress;
  }

  static async start(
    { settings, port, uiPort, remark }: StackOptions,
    logFolder: string,
    giveUp: (error: Error) => void,
  ): Promise<KeptServer> {
    const databasePath = join(settings.SKYLOOM_HOME, 'server', 'temporal.db');
    await mkdir(join(settings.SKYLOOM_HOME, 'server'), { recursive: true });
    await endForgottenServer(databasePath);
    const { path: cliPath } = await findTemporalCli({ log: remark });
    const plan = {
      cliPath,
      databasePath,
      port: await choosePort(port, DEFAULT_PORT),
      uiPort: await choosePort(uiPort, DEFAULT_UI_PORT),
      namespace: serverAt('').namespace,
      logPath: join(logFolder, 'server.log'),
    };
    remark(`Starting the Temporal server on port ${plan.port}, Web UI on ${plan.uiPort}`);
    const kept = new KeptServer(await startDevServer(plan));
    void kept.keep(() => startDevServer(plan), giveUp);
    return kept;
  }

  get pid(): number {
    return this.server.pid;
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.server.stop();
  }

  private async keep(
    start: () => Promise<DevServer>,
    giveUp: (error: Error) => void,
  ): Promise<void> {
    for (;;) {
      await this.server.exited;
      if (this.isStopping) return;
      if (++this.restarts > MAX_SERVER_RESTARTS) {
        return giveUp(
          new Error(`The Temporal server ended ${this.restarts} times and is given up`),
        );
      }
      try {
        this.server = await start();
      } catch (error) {
        return giveUp(error instanceof Error ? error : new Error(String(error)));
      }
      if (this.isStopping) await this.server.stop();
    }
  }
}

/** A port that was asked for is taken as it is, so that a wrong one is reported and not replaced. */
async function choosePort(asked: number | undefined, usual: number): Promise<number> {
  if (asked === undefined) return findFreePort(usual);
  return asked === 0 ? findFreePort() : asked;
}

/** Ends a server that outlived its owner: two on one database file would damage it. */
async function endForgottenServer(databasePath: string): Promise<void> {
  const listed = await promisify(execFile)('ps', ['-eo', 'pid=,args=']).catch(() => null);
  // Ids are used again by other processes: only one that works on our file is ours.
  const ours = (listed?.stdout ?? '')
    .split('\n')
    .filter((line) => line.includes(`--db-filename ${databasePath} `))
    .map((line) => Number.parseInt(line, 10));
  for (const pid of ours) {
    process.kill(pid, 'SIGTERM');
    for (let tries = 0; tries < 100 && isRunning(pid); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
