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
  name: string;
  reference: string;
  target: string;
  truth: { x: number; y: number };
  /** Of pairs whose truth is known but for a constant, as both are of other dates. */
  series: string | null;
  local: boolean;
}

const FACTOR = 5;
const PIXEL_METERS = 25;

/**
 * Means of 5 x 5 pixels of an aerial photograph, cut a pixel further each time: shifts of fifths of a
 * pixel that are exact, whatever the photograph shows.
 */
export async function photographPairs(
  folder: string,
  name: string,
  paths: { reference: string; target: string },
): Promise<KnownPair[]> {
  const reference = join(folder, name.replace(' ', '-'), 'reference.tif');
  await writeRaster(reference, blockMeans(await readRaster(paths.reference), 0));
  const source = await readRaster(paths.target);
  const pairs: KnownPair[] = [];
  for (let step = 0; step < 8; step++) {
    const target = join(folder, name.replace(' ', '-'), `target-${step}.tif`);
    await writeRaster(target, blockMeans(source, step));
    const truth = { x: -step / FACTOR, y: step / FACTOR };
    pairs.push({
      name: `${name} ${step}/5 px`,
      reference,
      target,
      truth,
      series: name,
      local: false,
    });
  }
  return pairs;
}

/** The sample scene against its reference of another season, whose grid is its own. */
export async function generatedPair(folder: string): Promise<KnownPair> {
  const [reference, target] = [join(folder, 'made', 'a.tif'), join(folder, 'made', 'b.tif')];
  await writeScene(reference, SAMPLE_REFERENCE);
  await writeScene(target, SAMPLE_SCENE);
  const { shiftEast, shiftNorth, pixelMeters } = SAMPLE_SCENE;
  const truth = { x: shiftEast / pixelMeters, y: -shiftNorth / pixelMeters };
  return { name: 'generated 1024 px', reference, target, truth, series: null, local: false };
}

function blockMeans(raster: Raster, step: number): Raster {
  const window = { x: 10 + step, y: 10 + 8 - step, width: 900, height: 690 };
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
