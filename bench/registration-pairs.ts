import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeArrayBuffer } from 'geotiff';
import { readRaster } from '../geolocalization/io/read-raster.ts';
import { cutRaster, type Raster } from '../maths/raster.ts';
import { reduceRaster } from '../maths/resample.ts';
import { SAMPLE_REFERENCE, SAMPLE_SCENE } from '../samples/scene.ts';
import { writeScene } from '../test/support/scene-pair.ts';

/** Two files, and by how many pixels content of the target is off: right and down. */
export interface KnownPair {
  reference: string;
  target: string;
  truth: { x: number; y: number };
}

/** Pairs that are judged together. */
export interface Series {
  name: string;
  pairs: KnownPair[];
  /** False where all truths lack one and the same unknown shift, as photographs of two dates do. */
  isTruthWhole: boolean;
  /** Pixels of the windows that a grid of this series has, and from one to the next. */
  window: number;
  step: number;
}

const FACTOR = 5;
const PIXEL_METERS = 25;

/**
 * Means of 5 x 5 pixels of an aerial photograph, cut some pixels further: all shifts of fifths of a pixel
 * along both axes, exact whatever the photograph shows.
 *
 * What is left to either side is mostly what the means alias, which depends on where both were cut: fewer
 * shifts, such as a diagonal of them with one reference, say more about that cut than about who compares.
 * Of six diagonals on one date, each with a reference cut elsewhere, AROSICS erred by 0.0035 to 0.0090 px
 * and this side by 0.0008 to 0.0035.
 */
export async function photographSeries(
  folder: string,
  name: string,
  paths: { reference: string; target: string },
): Promise<Series> {
  const home = join(folder, name.replaceAll(' ', '-'));
  const reference = join(home, 'reference.tif');
  await writeRaster(reference, blockMeans(await readRaster(paths.reference), 0, 0));
  const source = await readRaster(paths.target);
  const pairs: KnownPair[] = [];
  for (let down = 0; down < FACTOR; down++) {
    for (let right = 0; right < FACTOR; right++) {
      const target = join(home, `target-${right}-${down}.tif`);
      await writeRaster(target, blockMeans(source, right, down));
      pairs.push({ reference, target, truth: { x: -right / FACTOR, y: -down / FACTOR } });
    }
  }
  const isTruthWhole = paths.reference === paths.target;
  return { name, pairs, isTruthWhole, window: 64, step: 16 };
}

/** The sample scene against its reference of another season, whose grid is its own. */
export async function generatedSeries(folder: string): Promise<Series> {
  const [reference, target] = [join(folder, 'made', 'a.tif'), join(folder, 'made', 'b.tif')];
  await writeScene(reference, SAMPLE_REFERENCE);
  await writeScene(target, SAMPLE_SCENE);
  const { shiftEast, shiftNorth, pixelMeters } = SAMPLE_SCENE;
  const truth = { x: shiftEast / pixelMeters, y: -shiftNorth / pixelMeters };
  const pairs = [{ reference, target, truth }];
  return { name: 'generated', pairs, isTruthWhole: true, window: 128, step: 96 };
}

function blockMeans(raster: Raster, right: number, down: number): Raster {
  const window = { x: 10 + right, y: 10 + down, width: 900, height: 690 };
  return reduceRaster(cutRaster(raster, window), FACTOR);
}

async function writeRaster(path: string, { width, height, values }: Raster): Promise<void> {
  const file = writeArrayBuffer(Float32Array.from(values), {
    width,
    height,
    ModelPixelScale: [PIXEL_METERS, PIXEL_METERS, 0],
    ModelTiepoint: [0, 0, 0, 486_000, 5_209_000, 0],
    GTModelTypeGeoKey: 1,
    GTRasterTypeGeoKey: 1,
    ProjectedCSTypeGeoKey: 26914,
    GeographicTypeGeoKey: 4269,
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, new Uint8Array(file as ArrayBuffer));
}
