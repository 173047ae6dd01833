import { resampleRaster } from '../../maths/resample.ts';
import type { Raster } from '../../maths/raster.ts';
import { encodeScene } from '../../samples/scene-file.ts';
import { SAMPLE_SCENE } from '../../samples/scene.ts';
import { writeFile } from 'node:fs/promises';
import { withoutPlace } from './scene-pair.ts';
import { type PatchScene, patchPixels } from './tiled-reference.ts';

/** A square scene of a patchy ground, turned and scaled about its first corner. */
export interface TurnedScene {
  /** Meters of its first corner from that of the ground. */
  east: number;
  south: number;
  /** Clockwise. */
  degrees: number;
  /** Size of its pixels in those of the ground. */
  scale: number;
  side: number;
  /** By how much its georeference is off, meters; null for a scene that states no place. */
  statedOff: { east: number; north: number } | null;
}

/** Pixels of ground around what a scene shows, for the resampling. */
const MARGIN = 8;

/** Writes such a scene. It states a north-up place, so that only one that is not turned can state any. */
export async function writeTurnedScene(
  path: string,
  ground: PatchScene,
  { east, south, degrees, scale, side, statedOff }: TurnedScene,
): Promise<void> {
  const { pixelMeters } = ground;
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const reach = Math.ceil(Math.SQRT2 * scale * side) + MARGIN;
  const around = {
    columns: 2 * reach,
    rows: 2 * reach,
    pixelMeters,
    west: ground.west + east - reach * pixelMeters,
    north: ground.north - south + reach * pixelMeters,
  };
  const colors = patchPixels(around);
  const values = Float64Array.from({ length: 4 * reach * reach }, (_, pixel) => colors[3 * pixel]!);
  const land: Raster = { width: 2 * reach, height: 2 * reach, values, valid: null };
  const seen = resampleRaster(land, { width: side, height: side }, (x, y) => {
    const [u, v] = [scale * (x + 0.5), scale * (y + 0.5)];
    return { x: reach + c * u - s * v - 0.5, y: reach + s * u + c * v - 0.5 };
  });
  const pixels = new Uint8Array(3 * side * side);
  seen.values.forEach((value, pixel) => {
    const tone = Math.max(0, Math.min(255, Math.round(value)));
    pixels.fill(tone, 3 * pixel, 3 * pixel + 3);
  });
  const design = {
    ...SAMPLE_SCENE,
    columns: side,
    rows: side,
    pixelMeters: pixelMeters * scale,
    west: ground.west + east + (statedOff?.east ?? 0),
    north: ground.north - south + (statedOff?.north ?? 0),
  };
  const file = encodeScene(pixels, design);
  await writeFile(path, statedOff === null ? withoutPlace(file) : file);
}
