import { join } from 'node:path';
import { type WorkerKind, workerKinds } from '../../contracts/task-queues.ts';
import { ownLanes, type Settings } from '../../platform/configuration.ts';
import { closeArchives } from '../../platform/archive.ts';
import { closeBuckets } from '../../platform/bucket.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import { ensureHome } from '../../platform/home-folder.ts';
import { createLog } from '../../platform/log.ts';
import { isLocalAddress, type ServerAccess } from '../../platform/temporal/connection.ts';
import { WrongUsage } from '../exit-codes.ts';
import { findServer, withConnection } from '../find-server.ts';
import { nearestName } from '../../maths/nearest-name.ts';
import { startWorkerProcess } from '../stack.ts';
import type { Terminal } from '../terminal.ts';

/** Runs one kind of worker in this process, or several as processes of their own. */
export async function worker(
  kinds: readonly string[],
  { lane }: { lane?: string | undefined },
  settings: Settings,
  terminal: Terminal,
): Promise<void> {
  const wanted = kinds.includes('all') ? workerKinds : kinds.map(parseKind);
  if (lane !== undefined) checkLane(lane, wanted, settings);
  const { access } = await findServer(settings);
  await ensureHome(settings.SKYLOOM_HOME);
  // Said here, once and in a sentence, and not by each process in its own words.
  await withConnection(access, (connection) =>
    connection.workflowService.describeNamespace({ namespace: access.namespace }),
  );
  if (wanted.length === 1) return runOne(wanted[0]!, lane, access, settings);
  const logFolder = join(settings.SKYLOOM_HOME, 'logs');
  let giveUp: (error: Error) => void = () => undefined;
  const failure = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  const processes = await Promise.all(
    wanted.map((kind) => startWorkerProcess(kind, access, settings, logFolder, giveUp)),
  );
  terminal.remark(`Workers are up: ${wanted.join(', ')}. Logs: ${logFolder}`);
  await Promise.race([untilToldToStop(), failure]);
  await Promise.all(processes.map((each) => each.stop()));
}

function checkLane(lane: string, kinds: readonly WorkerKind[], settings: Settings): void {
  if (kinds.length !== 1 || kinds[0] !== 'imaging') {
    throw new WrongUsage(
      `Cannot serve lane "${lane}" with ${kinds.join(', ')}: give imaging alone`,
    );
  }
  const lanes = ownLanes(settings);
  if (lanes.includes(lane)) return;
  throw new WrongUsage(
    `Cannot serve lane "${lane}" as nothing is sent there: name it in SKYLOOM_LANES of every imaging worker, which has ${lanes.join(', ') || 'none'}`,
  );
}

async function runOne(
  kind: WorkerKind,
  lane: string | undefined,
  access: ServerAccess,
  settings: Settings,
): Promise<void> {
  // Loaded here as every other command can do without these hundred megabytes.
  const { workers } = await import('../../workers.ts');
  const { runWorker } = await import('../../platform/temporal/worker-process.ts');
  const logger = createLog(settings.SKYLOOM_LOG_LEVEL, { worker: kind });
  const spec = await workers[kind]({
    settings,
    store: openArtifactStore(settings),
    logger,
    isServerLocal: isLocalAddress(access.connectionOptions.address),
    lane,
  });
  // The channel closes when the owner dies, even by SIGKILL: a worker must not outlive its stack.
  const endAlone = () => process.kill(process.pid, 'SIGTERM');
  process.once('disconnect', endAlone);
  await runWorker({
    kind,
    spec,
    access,
    logger,
    telemetryAddress: settings.SKYLOOM_TELEMETRY_ADDRESS,
    onReady: () => process.send?.('ready'),
  });
  closeArchives();
  await closeBuckets();
  // Closing the channel here is no death of the owner: nobody catches the signal any more.
  process.off('disconnect', endAlone);
  if (process.connected) process.disconnect();
}

function parseKind(kind: string): WorkerKind {
  const known = workerKinds.find((each) => each === kind);
  if (known !== undefined) return known;
  const near = nearestName(kind, workerKinds);
  throw new WrongUsage(
    `Cannot start worker "${kind}": known are ${workerKinds.join(', ')} and all${near === undefined ? '' : ` (Did you mean ${near}?)`}`,
  );
}

/** Resolves at SIGINT or SIGTERM; further ones change nothing, as stopping takes its bounded time. */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
}
