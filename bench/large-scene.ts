import { open, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWindowThreads } from '../geolocalization/io/window-threads.ts';
import { SAMPLE_SCENE, type SceneDesign } from '../samples/scene.ts';
import { encodeScene } from '../samples/scene-file.ts';
import { compareScene } from '../test/geolocalization/support/compare-scene.ts';

/**
 * Memory and time of a comparison of large scenes with a known shift of whole pixels, threads included.
 * `node dist/bench/large-scene.js [side] [warp]`, by default 20,000 pixels: two files of 1.2 GB each; with
 * `warp` a third of 1.6 GB is written, the scene resampled onto the map of the reference.
 */
const side = Number(process.argv[2] ?? 20_000);
const isWarped = process.argv[3] === 'warp';
const SHIFT = { x: 37, y: -21 };

const folder = await mkdtemp(join(tmpdir(), 'skyloom-large-'));
try {
  const [reference, scene] = [join(folder, 'reference.tif'), join(folder, 'scene.tif')];
  await writeTextured(reference, { x: 0, y: 0 });
  await writeTextured(scene, SHIFT);
  const before = process.resourceUsage().maxRSS;
  const start = performance.now();
  const cpu = process.cpuUsage();
  const home = join(folder, 'home');
  await mkdir(home);
  const { registration } = await compareScene(home, { scene, reference }, { isWarped });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { status, shiftPixels, windows } = registration;
  const shift =
    shiftPixels === null ? 'none' : `${shiftPixels.x.toFixed(3)} ${shiftPixels.y.toFixed(3)}`;
  console.log(`${side} x ${side} pixels, truth ${SHIFT.x} ${SHIFT.y}: ${status}, shift ${shift}`);
  console.log(
    `${windows.agreeing} of ${windows.compared} windows agree; ${((user + system) / 1e6).toFixed(1)} s of CPU time, ${seconds.toFixed(1)} s in all`,
  );
  const { warpedFile } = registration;
  if (isWarped) console.log(`warped copy: ${warpedFile?.bytes ?? 0} bytes`);
  const peak = process.resourceUsage().maxRSS;
  console.log(
    `peak memory ${(peak / 1024).toFixed(0)} MB (${(before / 1024).toFixed(0)} MB before)`,
  );
} finally {
  await closeWindowThreads();
  await rm(folder, { recursive: true, force: true });
}

/** A scene of patches of three sizes, written row by row. */
async function writeTextured(path: string, shift: { x: number; y: number }): Promise<void> {
  const design: SceneDesign = { ...SAMPLE_SCENE, columns: side, rows: side };
  // Without pixels it is a header alone; they stand in one run behind.
  const header = encodeScene(new Uint8Array(), design);
  const file = await open(path, 'w');
  try {
    await file.write(header);
    const row = Buffer.alloc(3 * side);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) row.fill(tone(x - shift.x, y - shift.y), 3 * x, 3 * x + 3);
      await file.write(row);
    }
  } finally {
    await file.close();
  }
}

function tone(x: number, y: number): number {
  return (hash(x >> 5, y >> 5) & 127) + (hash(x >> 3, y >> 3) & 63) + (hash(x >> 1, y >> 1) & 31);
}

function hash(x: number, y: number): number {
  let value = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1);
  value = Math.imul(value ^ (value >>> 15), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 8;
}
