import { createLandscape, type Season } from './landscape.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { floor, max, min } = Math;

/** What one satellite image shows, and where its file says that it lies. EPSG:32632, meters. */
export interface SceneDesign {
  seed: number;
  season: Season;
  columns: number;
  rows: number;
  pixelMeters: number;
  /** Outer corner of the first pixel, as the file states it. */
  west: number;
  north: number;
  /** How far the content lies from where the file says: positive is too far east, too far north. */
  shiftEast: number;
  shiftNorth: number;
}

/** A summer image whose georeference is wrong by a known shift. */
export const SAMPLE_SCENE: SceneDesign = {
  seed: 4711,
  season: 'summer',
  columns: 1024,
  rows: 1024,
  pixelMeters: 10,
  west: 681_000,
  north: 5_335_560,
  shiftEast: 3.7,
  shiftNorth: -2.2,
};

/** The same ground in autumn, rightly placed, on a grid of its own, and wider than the scene. */
export const SAMPLE_REFERENCE: SceneDesign = {
  ...SAMPLE_SCENE,
  season: 'autumn',
  columns: 1100,
  rows: 1100,
  west: 680_617,
  north: 5_335_934,
  shiftEast: 0,
  shiftNorth: 0,
};

/** Black pixels for the whole scene, shared between threads. */
export function createScenePixels(design: SceneDesign): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(design.columns * design.rows * 3));
}

/**
 * Paints the rows from `firstRow` up to but not including `endRow`; the mean of 2 x 2 samples a pixel.
 *
 * @param pixels row-major from the northwest, red, green, blue.
 */
export function paintScene(
  pixels: Uint8Array,
  design: SceneDesign,
  firstRow: number,
  endRow: number,
): void {
  const landscape = createLandscape(design.seed, design.season);
  const color = new Float64Array(3);
  const sum = new Float64Array(3);
  for (let i = firstRow * design.columns; i < endRow * design.columns; i++) {
    sum.fill(0);
    for (let part = 0; part < 4; part++) {
      const column = (i % design.columns) + 0.25 + 0.5 * (part % 2);
      const row = floor(i / design.columns) + 0.25 + 0.5 * (part >> 1);
      const east = design.west + column * design.pixelMeters - design.shiftEast;
      landscape(east, design.north - row * design.pixelMeters - design.shiftNorth, color);
      for (let c = 0; c < 3; c++) sum[c]! += color[c]!;
    }
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = max(0, min(255, sum[c]! / 4 + 0.5));
  }
}
