import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { markFlaws, type SampleShot } from './flaws.ts';
import { type FlightDesign, groundExtent, SAMPLE_FLIGHT } from './flight-design.ts';
import { planFlight } from './flight-plan.ts';
import { placeControl, sightControl, writeControlList } from './ground-control.ts';
import { createTexture, type GroundTexture } from './ground-texture.ts';
import type { LocalPoint } from './local-frame.ts';
import { renderInThreads } from './render-pool.ts';
import type { RenderTask } from './render-worker.ts';
import { encodeScene } from './scene-file.ts';
import { createScenePixels, SAMPLE_REFERENCE, SAMPLE_SCENE, type SceneDesign } from './scene.ts';
import { createRelief } from './terrain.ts';
import { describeTruth } from './truth.ts';

/** Told after each piece: how many are done, of how many, and what the last one was. */
export type SampleProgress = (done: number, total: number, words: string) => void;

interface Scene {
  path: string;
  design: SceneDesign;
  pixels: Uint8Array;
}

/** Bands of rows that are painted at once, so that every thread has work until the end. */
const BANDS = 8;

/** Makes the whole set in an empty folder: a flight, a scene, its reference, and the truth. */
export async function makeSampleSet(folder: string, onProgress: SampleProgress): Promise<void> {
  const design = SAMPLE_FLIGHT;
  const shots = markFlaws(planFlight(design));
  const control = placeControl(design, createRelief(design.seed, groundExtent(design)));
  for (const name of ['flight/images', 'scene', 'scene-reference']) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
  const sightings = sightControl(design, shots, control);
  await writeFile(path.join(folder, 'flight/gcp_list.txt'), writeControlList(sightings, design));
  const truth = describeTruth(design, shots, control, SAMPLE_SCENE);
  await writeFile(path.join(folder, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);

  const ground = createTexture(design);
  const scenes = createScenes(folder);
  const painting = [...groundTasks(design, ground, control), ...scenes.flatMap(sceneTasks)];
  const images = imageTasks(folder, design, ground, shots);
  const total = painting.length + images.length;
  let done = 0;
  const onDone = (task: RenderTask) => onProgress(++done, total, inWords(task));
  await renderInThreads([painting, images], onDone);
  for (const scene of scenes) await writeFile(scene.path, encodeScene(scene.pixels, scene.design));
  await copyRepeated(folder, shots);
}

function createScenes(folder: string): Scene[] {
  const scene = (name: string, design: SceneDesign) => ({
    path: path.join(folder, name),
    design,
    pixels: createScenePixels(design),
  });
  return [
    scene('scene/scene.tif', SAMPLE_SCENE),
    scene('scene-reference/reference.tif', SAMPLE_REFERENCE),
  ];
}

function groundTasks(
  design: FlightDesign,
  ground: GroundTexture,
  targets: readonly LocalPoint[],
): RenderTask[] {
  return bands(ground.height).map((rows) => ({ kind: 'ground', design, ground, targets, ...rows }));
}

function sceneTasks({ design, pixels }: Scene): RenderTask[] {
  return bands(design.rows).map((rows) => ({ kind: 'scene', design, pixels, ...rows }));
}

function bands(rows: number): { firstRow: number; endRow: number }[] {
  const edge = (band: number) => Math.floor((rows * band) / BANDS);
  return Array.from({ length: BANDS }, (_, band) => ({
    firstRow: edge(band),
    endRow: edge(band + 1),
  }));
}

function imageTasks(
  folder: string,
  design: FlightDesign,
  ground: GroundTexture,
  shots: readonly SampleShot[],
): RenderTask[] {
  return shots
    .filter((shot) => shot.flaw !== 'copy')
    .map((shot) => ({ kind: 'image', design, ground, shot, path: imagePath(folder, shot) }));
}

async function copyRepeated(folder: string, shots: readonly SampleShot[]): Promise<void> {
  for (const [index, shot] of shots.entries()) {
    if (shot.flaw !== 'copy') continue;
    await copyFile(imagePath(folder, shots[index - 1]!), imagePath(folder, shot));
  }
}

const imagePath = (folder: string, shot: SampleShot) =>
  path.join(folder, 'flight/images', shot.name);

function inWords(task: RenderTask): string {
  return task.kind === 'image' ? `${task.shot.name} rendered` : `${task.kind} painted`;
}
