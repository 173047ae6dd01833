import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { CheckedFlight } from '../contracts/checked-flight.ts';
import { readSettings } from '../platform/configuration.ts';
import { withClient } from '../starter/find-server.ts';
import { type Stack, startStack } from '../starter/stack.ts';
import { peakMemory } from './peak-memory.ts';
import { usualSpacing, wideSpacing, writeSurveyFlight } from '../test/support/survey-flight.ts';

/**
 * A whole check of a large flight through a real server: time, memory of every process, and the histories that it
 * leaves. `node dist/bench/large-flight.js [images] [wide]`: with `wide` no images are compared with their
 * neighbors, which of such small ones takes longer than all else.
 */
const images = Number(process.argv[2] ?? 5_000);
const spacing = process.argv[3] === 'wide' ? wideSpacing : usualSpacing;
const program = fileURLToPath(new URL('../../bin/skyloom.mjs', import.meta.url));
/** Lines that lie wide apart are no fault here. */
const limits = [
  'forwardOverlapWarning',
  'forwardOverlapError',
  'sideOverlapWarning',
  'sideOverlapError',
].flatMap((name) => ['--threshold', `${name}=0.01`]);
const SAMPLE_MS = 2_000;
/** The manifest of the largest flight, as text. */
const MAX_OUTPUT_BYTES = 1e9;

const scratch = await mkdtemp(join(tmpdir(), 'skyloom-bench-'));
try {
  const flight = join(scratch, 'flight');
  const writing = await seconds(() => writeSurveyFlight(flight, images, spacing));
  console.log(`${images} images written in ${writing.toFixed(0)} s`);
  await measure(flight);
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function measure(flight: string): Promise<void> {
  const home = join(scratch, 'home');
  const settings = readSettings({ ...process.env, SKYLOOM_HOME: home });
  const stack = await startStack({ settings, port: 0, uiPort: 0, remark: () => undefined });
  const peaks = new Map<string, number>();
  const sampling = setInterval(() => void samplePeaks(stack, peaks), SAMPLE_MS);
  const shown = new Set<string>();
  try {
    let checked: CheckedFlight | undefined;
    const time = await seconds(async () => {
      checked = await check(flight, home, shown);
    });
    const { verdict, counts, findings } = checked!;
    const found = [...findings, ...checked!.images.flatMap((image) => image.findings)].map(
      ({ code, severity }) => `${code} (${severity})`,
    );
    console.log(
      `${counts.images} images in ${time.toFixed(0)} s, ${((time / counts.images) * 1000).toFixed(1)} ms each`,
    );
    console.log(`verdict ${verdict}, ${counts.usable} usable; findings: ${tally(found)}`);
    console.log(`orientation: ${JSON.stringify(checked!.statistics.orientation)}`);
    for (const [name, bytes] of peaks) {
      console.log(`peak of ${name.padEnd(18)} ${(bytes / 1e6).toFixed(0).padStart(6)} MB`);
    }
    await printHistories(stack);
    console.log(
      `progress was shown in ${shown.size} lines, such as ${JSON.stringify([...shown].slice(0, 40).filter((_, index) => index % 8 === 0))}`,
    );
    console.log(
      `size of the server's database ${((await bytesIn(home, /^temporal.*\.db/)) / 1e6).toFixed(0)} MB`,
    );
  } finally {
    clearInterval(sampling);
    await stack.stop();
  }
}

async function check(flight: string, home: string, shown: Set<string>): Promise<CheckedFlight> {
  const running = promisify(execFile)(
    process.execPath,
    [program, 'check', flight, '--json', ...limits],
    {
      env: { ...process.env, SKYLOOM_HOME: home },
      maxBuffer: MAX_OUTPUT_BYTES,
    },
  );
  running.child.stderr?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split(/[\r\n]+/))
      if (line.trim() !== '') shown.add(line.trim());
  });
  // A flight that is rejected ends with another code, and is printed all the same.
  const { stdout } = await running.catch((error: { stdout?: string; message: string }) => {
    if (error.stdout === undefined || error.stdout === '') throw new Error(error.message);
    return { stdout: error.stdout };
  });
  return JSON.parse(stdout) as CheckedFlight;
}

/** Resident memory as Linux counts it; elsewhere nothing is known. */
async function samplePeaks(stack: Stack, peaks: Map<string, number>): Promise<void> {
  const pids = [...stack.workers].map(([kind, worker]) => [`worker ${kind}`, worker.pid] as const);
  for (const [name, pid] of [...pids, ['server', stack.serverPid()] as const]) {
    if (pid === null || pid === undefined) continue;
    peaks.set(name, Math.max(peaks.get(name) ?? 0, (await peakMemory(pid)) ?? 0));
  }
}

async function printHistories(stack: Stack): Promise<void> {
  await withClient(stack.access, async (client) => {
    const byType = new Map<string, { runs: number; events: number; bytes: number }>();
    for await (const run of client.workflow.list()) {
      const description = await client.workflow.getHandle(run.workflowId, run.runId).describe();
      const known = byType.get(run.type) ?? { runs: 0, events: 0, bytes: 0 };
      byType.set(run.type, {
        runs: known.runs + 1,
        events: Math.max(known.events, description.historyLength),
        bytes: Math.max(known.bytes, description.historySize ?? 0),
      });
    }
    for (const [type, { runs, events, bytes }] of byType) {
      console.log(
        `${type}: ${runs} runs, at most ${events} events and ${(bytes / 1e6).toFixed(2)} MB`,
      );
    }
  });
}

async function bytesIn(folder: string, pattern: RegExp): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  let bytes = 0;
  for (const name of names.filter((each) => pattern.test(each.split('/').at(-1)!))) {
    bytes += (await stat(join(folder, name))).size;
  }
  return bytes;
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ') || 'none';
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}
