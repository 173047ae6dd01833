import type { SampleShot } from './flaws.ts';
import { type FlightDesign, groundExtent } from './flight-design.ts';
import { type GroundTexture, paintGround } from './ground-texture.ts';
import type { LocalPoint } from './local-frame.ts';
import { paintScene, type SceneDesign } from './scene.ts';
import { createRelief } from './terrain.ts';
import { writeShot } from './write-image.ts';

/** A piece of the sample set that a thread can make alone. Ground comes before the images on it. */
export type RenderTask =
  | {
      kind: 'ground';
      design: FlightDesign;
      ground: GroundTexture;
      targets: readonly LocalPoint[];
      firstRow: number;
      endRow: number;
    }
  | { kind: 'image'; design: FlightDesign; ground: GroundTexture; shot: SampleShot; path: string }
  | { kind: 'scene'; design: SceneDesign; pixels: Uint8Array; firstRow: number; endRow: number };

/** Runs in a thread of the pool; files and the shared ground are its only results. */
export default async function render(task: RenderTask): Promise<void> {
  switch (task.kind) {
    case 'ground':
      return paintGround(task.ground, task.design, task.targets, task.firstRow, task.endRow);
    case 'image': {
      const relief = createRelief(task.design.seed, groundExtent(task.design));
      return writeShot(task.path, task.shot, task.design, task.ground, relief);
    }
    case 'scene':
      return paintScene(task.pixels, task.design, task.firstRow, task.endRow);
  }
}
