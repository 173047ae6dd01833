import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AutomationRequest, AutomationResult, ImageType } from '../../contracts/automation.ts';
import type { Settings } from '../../platform/configuration.ts';
import { guessImageType } from '../../platform/image-type-guess.ts';
import { runPlace } from '../../platform/run-folder.ts';
import { ensureSampleSet } from '../../samples/sample-set.ts';
import { automationId, startAutomation } from '../automation-run.ts';
import { exitCodes, type ExitCode, WrongUsage } from '../exit-codes.ts';
import { findServer, type FoundServer, webUiAddress, withClient } from '../find-server.ts';
import { followAutomation } from '../follow-run.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { isNegative, parseImageType, resultWords } from '../result-words.ts';
import { isSourceAddress, wholeSource } from '../source-path.ts';
import { readLiveStack } from '../stack-record.ts';
import { startStack } from '../stack.ts';
import type { Terminal } from '../terminal.ts';
import type { PortOptions } from './up.ts';
import { untilToldToStop } from './worker.ts';

export interface StartOptions extends PortOptions {
  type?: string | undefined;
  stay?: boolean | undefined;
}

/** Two of its pixels on the ground: the class that suits an ordinary map. */
const SAMPLE_CLASS_CENTIMETERS = 10;

interface FinishedRun {
  workflowId: string;
  webUi: string | null;
  folder: string | null;
  result: AutomationResult | null;
  error: string | null;
}

/** The main job: a server, every worker, a flight and a scene, from images to reports. */
export async function start(
  source: string | undefined,
  options: StartOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  // Before the first process is started: whoever stops this early leaves none behind.
  const told = untilToldToStop();
  const requests =
    source === undefined
      ? await sampleRequests(settings, terminal)
      : [await requestOf(source, options, terminal)];
  const stack =
    (await readLiveStack(settings.SKYLOOM_HOME)) === null
      ? await startStack({ settings, ...options, remark: (line) => terminal.remark(line) })
      : null;
  try {
    const server: FoundServer = stack ?? (await findServer(settings));
    const running = runAll(requests, server, settings, terminal);
    const stopped = told.then(() => 'stopped' as const);
    const finished = await Promise.race([
      running,
      stopped,
      ...(stack === null ? [] : [stack.failure]),
    ]);
    if (finished === 'stopped') return exitCodes.stopped;
    summarize(finished, terminal);
    if (options.stay === true && stack !== null) {
      terminal.remark('The stack stays up. Stop it with Ctrl-C.');
      await Promise.race([told, stack.failure]);
    }
    return exitCodeOf(finished);
  } finally {
    if (stack !== null) {
      terminal.remark('Stopping what was started');
      await stack.stop();
    }
  }
}

async function sampleRequests(
  settings: Settings,
  terminal: Terminal,
): Promise<AutomationRequest[]> {
  const folder = join(settings.SKYLOOM_HOME, 'samples');
  let lastTold = 0;
  const samples = await ensureSampleSet(folder, (done, total, words) => {
    if (done !== total && done - lastTold < 10) return;
    lastTold = done;
    terminal.remark(`Making the sample images: ${words} (${done} of ${total})`);
  });
  return [
    {
      imageType: 'Navad',
      imagePath: samples.flightFolder,
      jobId: 'sample-flight',
      heights: 'ellipsoidal',
      accuracyClass: SAMPLE_CLASS_CENTIMETERS,
    },
    { imageType: 'Satellite', imagePath: samples.scenePath, jobId: 'sample-scene' },
  ];
}

async function requestOf(
  source: string,
  { type }: StartOptions,
  terminal: Terminal,
): Promise<AutomationRequest> {
  const imagePath = wholeSource(source);
  if (type !== undefined) return { imageType: parseImageType(type), imagePath };
  if (isSourceAddress(source) || /\.(txt|lst|list)$/i.test(source)) {
    terminal.remark(
      'Taken for a flight, as it is a list or an address: say --type Satellite otherwise',
    );
    return { imageType: 'Navad', imagePath };
  }
  const isThere = await stat(imagePath).then(
    () => true,
    () => false,
  );
  if (!isThere) throw new WrongUsage(`Cannot find "${source}": there is no such file or folder`);
  const guess = await guessImageType(imagePath);
  if (guess === null) {
    throw new WrongUsage(
      `Cannot tell what "${source}" is as it has neither camera positions nor a georeference: say --type Navad or --type Satellite`,
    );
  }
  terminal.remark(`Taken for ${typeWords(guess.imageType)}, as ${guess.because}`);
  return { imageType: guess.imageType, imagePath };
}

function typeWords(imageType: ImageType): string {
  return imageType === 'Navad' ? 'a flight (Navad)' : 'a scene (Satellite)';
}

function runAll(
  requests: readonly AutomationRequest[],
  server: FoundServer,
  settings: Settings,
  terminal: Terminal,
): Promise<FinishedRun[]> {
  const display = new ProgressDisplay(terminal);
  return withClient(server.access, (client) =>
    Promise.all(
      requests.map(async (request): Promise<FinishedRun> => {
        // A fresh id each time, so that the run is done and not answered from memory.
        const workflowId = `${automationId(request)}-${Date.now().toString(36)}`;
        const started = await startAutomation(client, request, workflowId);
        const webUi =
          server.uiAddress === null
            ? null
            : webUiAddress(server.uiAddress, server.access.namespace, workflowId, started.runId);
        try {
          const result = await followAutomation(client, started, {
            onProgress: (progress) => display.show(workflowId, progress),
          });
          const folder = runPlace(settings, result.runKey);
          return { workflowId, webUi, folder, result, error: null };
        } catch (error) {
          const words = error instanceof Error ? error.message : String(error);
          return { workflowId, webUi, folder: null, result: null, error: words };
        }
      }),
    ),
  );
}

function summarize(runs: readonly FinishedRun[], terminal: Terminal): void {
  const words = runs.map(({ workflowId, webUi, folder, result, error }) =>
    [
      '',
      result === null ? `Run ${workflowId} FAILED: ${error}` : resultWords(result),
      ...(folder === null
        ? []
        : [`  Report   ${folder}/report.html`, `  Result   ${folder}/result.json`]),
      ...(webUi === null ? [] : [`  Web UI   ${webUi}`]),
      `  Reopen   npx skyloom up, then npx skyloom result ${workflowId}`,
    ].join('\n'),
  );
  terminal.answer({ runs }, words.join('\n'));
}

function exitCodeOf(runs: readonly FinishedRun[]): ExitCode {
  if (runs.some(({ result }) => result === null)) return exitCodes.failed;
  if (runs.some(({ result }) => result !== null && isNegative(result.verdict))) {
    return exitCodes.verdictNegative;
  }
  return exitCodes.done;
}
