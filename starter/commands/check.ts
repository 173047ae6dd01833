import { resolve } from 'node:path';
import { type ArtifactRef } from '../../contracts/artifacts.ts';
import type { CheckedFlight } from '../../contracts/checked-flight.ts';
import type { ChangedThresholds } from '../../contracts/flight-thresholds.ts';
import { flightImagesSchema, flightManifestSchema } from '../../contracts/flight.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { printableName } from '../../platform/image-sources.ts';
import { openArtifactStore } from '../../platform/open-store.ts';
import { isNotFound } from '../../platform/atomic-file.ts';
import type { Settings } from '../../platform/configuration.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import { boundaryWords, statedValues } from '../../contracts/flight-words.ts';
import { ensureHome } from '../../platform/home-folder.ts';
import { automationId, startAutomation } from '../automation-run.ts';
import { exitCodes, type ExitCode, Stopped } from '../exit-codes.ts';
import { findServer, withClient } from '../find-server.ts';
import { followOnDisplay } from '../follow-run.ts';
import { leaveQuietly } from '../leave-quietly.ts';
import { ProgressDisplay } from '../progress-display.ts';
import { wholeSource } from '../source-path.ts';
import { tableWords, type Terminal } from '../terminal.ts';

export interface CheckOptions {
  local?: boolean | undefined;
  jobId?: string | undefined;
  page?: string | undefined;
  /** Limits of the verdict that differ from the defaults. */
  threshold?: ChangedThresholds | undefined;
}

/** Findings that are printed one by one; `--json` has all. */
const MAX_SHOWN = 200;

/** Letters of a stated value that are printed; lists of images may be long. */
const MAX_VALUE = 200;

/** Says, before any costly work, whether a flight is usable, image by image. */
export async function check(
  source: string,
  options: CheckOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const imagePath = wholeSource(source);
  const checked =
    options.local === true
      ? await checkHere(imagePath, options, settings, terminal)
      : await checkOnServer(imagePath, options, settings, terminal);
  // The same bytes for the same flight, with a server and without.
  terminal.answer(JSON.parse(canonicalJson(checked)), checkWords(checked));
  return checked.verdict === 'rejected' ? exitCodes.verdictNegative : exitCodes.done;
}

async function checkHere(
  imagePath: string,
  { jobId, page, threshold }: CheckOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<CheckedFlight> {
  // Loaded here as every other command can do without the decoders.
  await ensureHome(settings.SKYLOOM_HOME);
  const { checkFlightLocally } = await import('../../local-check.ts');
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Stopped('The check was stopped'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const display = new ProgressDisplay(terminal);
  return checkFlightLocally(imagePath, {
    settings,
    jobId,
    thresholds: threshold,
    onJudged: async (checked, store) => writePage(checked, store, page, terminal),
    signal: stopping.signal,
    onProgress: (done, total) => {
      const words = `${done} of ${total} images examined`;
      if (done === total || done % 10 === 0)
        display.show('check', { stage: 'check', done, total, words });
    },
  });
}

async function checkOnServer(
  imagePath: string,
  { jobId, page, threshold }: CheckOptions,
  settings: Settings,
  terminal: Terminal,
): Promise<CheckedFlight> {
  const request = {
    imageType: 'Navad' as const,
    imagePath,
    jobId,
    checkOnly: true,
    ...(threshold === undefined ? {} : { thresholds: threshold }),
  };
  const { access } = await findServer(settings);
  return withClient(access, async (client) => {
    // A fresh id each time: whoever checks again has changed something.
    const workflowId = `check/${automationId(request)}-${Date.now().toString(36)}`;
    const started = await startAutomation(client, request, workflowId);
    leaveQuietly(`Run ${workflowId} goes on: "skyloom watch ${workflowId}" follows it`);
    const result = await followOnDisplay(
      client,
      { ...started, ...request },
      new ProgressDisplay(terminal),
      (words) => terminal.warn(words),
    );
    const manifest = result.documents['manifest.json'];
    if (manifest === undefined) throw new Error(`Run "${workflowId}" left no manifest`);
    const store = openArtifactStore(settings);
    const checked = await readChecked(store, manifest);
    await writePage(checked, store, page, terminal);
    return checked;
  });
}

async function writePage(
  checked: CheckedFlight,
  store: ArtifactStore,
  page: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (page === undefined) return;
  const { writeCheckPage } = await import('../../check-page.ts');
  await writeCheckPage(checked, store, page);
  terminal.remark(`Page written to ${resolve(page)}`);
}

async function readChecked(store: ArtifactStore, ref: ArtifactRef): Promise<CheckedFlight> {
  try {
    const { parts, ...manifest } = await store.readJson(ref, flightManifestSchema);
    const images = [];
    for (const part of parts)
      images.push(...(await store.readJson(part, flightImagesSchema)).images);
    return { ...manifest, images };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Error(
      'Cannot read the manifest as the storage of the workers is not here: set SKYLOOM_HOME to it, or check with --local',
    );
  }
}

function checkWords(checked: CheckedFlight): string {
  const { flightId, verdict, counts, findings, images } = checked;
  const all = [...findings, ...images.flatMap((image) => image.findings)];
  const rows = all
    .slice(0, MAX_SHOWN)
    // Texts of files are quoted in them, and a terminal would obey what stands there.
    .map(({ severity, subject, code, message }) =>
      [severity, subject, code, message].map(printableName),
    );
  const rest = all.length - rows.length;
  return [
    ...(rows.length === 0
      ? []
      : [tableWords([['SEVERITY', 'SUBJECT', 'CODE', 'MESSAGE'], ...rows])]),
    ...(rest > 0 ? [`and ${rest} more: see --json`] : []),
    ...statedWords(checked),
    `Flight ${flightId}: ${verdict.replaceAll('_', ' ')}, ${counts.usable} of ${counts.images} images are usable${counts.excluded === undefined ? '' : `, ${counts.excluded} are left out`}`,
  ].join('\n');
}

/** What was stated beside the images, and what came of it. */
function statedWords({ settings, statistics }: CheckedFlight): string[] {
  const { boundary } = statistics;
  const stated = settings === undefined ? [] : statedValues(settings);
  return [
    ...stated.map(({ path, value, origin }) =>
      printableName(`Stated in ${origin}: ${path} = ${value.slice(0, MAX_VALUE)}`),
    ),
    ...(boundary === undefined ? [] : [`Area of interest: ${boundaryWords(boundary)}`]),
  ];
}
