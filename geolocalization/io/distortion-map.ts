import type { JudgedLook, RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import { isGeographic } from '../../platform/coordinate-systems.ts';
import type { Position } from '../../maths/map-projection.ts';
import { toMap } from '../model/affine.ts';
import {
  cellsOver,
  type DistortionField,
  distortionField,
  distortionFigures,
} from '../model/registration/distortion-field.ts';
import { groundDisplacement } from '../model/registration/ground-displacement.ts';
import { residualOf, type ShiftModel } from '../model/registration/shift-model.ts';
import { tiledTiff } from './write-tiled-tiff.ts';

/** Fewer windows that agree show no field: as many as a scene needs to be located. */
const LEAST_INLIERS = 6;
/** Sides of the tiles of a TIFF are multiples of this. */
const TILE_UNIT = 16;

/** A file, and what is in it in a few numbers. */
export interface DistortionMap extends ReturnType<typeof distortionFigures> {
  bytes: Uint8Array;
}

/**
 * What is left of the shifts of the agreeing windows after the model of a scene, as a coarse GeoTIFF of two
 * bands in the map of the reference: meters on the ground by which content of the corrected scene still
 * lies too far east, and north. Cells without agreeing windows nearby are NaN.
 *
 * @param toGround from the center of a pixel of the comparison's grid.
 * @returns null when fewer than six windows agree.
 */
export async function distortionMap(
  { grid }: Pick<RegistrationPlan, 'grid'>,
  { model, tiePoints }: Pick<JudgedLook, 'tiePoints'> & { model: ShiftModel },
  toGround: (x: number, y: number) => Position | null,
): Promise<DistortionMap | null> {
  const residuals = tiePoints.flatMap((point) => {
    if (!point.isInlier) return [];
    const { at } = point;
    const left = residualOf(model, point);
    const [truth, seen] = [toGround(at.x, at.y), toGround(at.x + left.x, at.y + left.y)];
    if (truth === null || seen === null) return [];
    const { eastMeters: east, northMeters: north } = groundDisplacement(truth, seen);
    return [{ at, east, north }];
  });
  if (residuals.length < LEAST_INLIERS) return null;
  const field = distortionField(residuals, cellsOver(tiePoints.map(({ at }) => at)));
  return { ...distortionFigures(field), bytes: await asTiff(field, grid) };
}

async function asTiff(
  { first, side, columns, rows, east, north }: DistortionField,
  { map, transform }: RegistrationPlan['grid'],
): Promise<Uint8Array> {
  // From the middle of the first cell to its corner, and from the center of a pixel to its corner.
  const [x, y] = toMap(transform, first.x + 0.5 - side / 2, first.y + 0.5 - side / 2);
  const [, perColumn, perRow, , downColumn, downRow] = transform;
  const design = {
    width: columns,
    height: rows,
    bands: 2,
    format: 3,
    bits: 32,
    nodata: Number.NaN,
    transform: [x, perColumn * side, perRow * side, y, downColumn * side, downRow * side],
    map: 'epsg' in map ? { epsg: map.epsg, isGeographic: await isGeographic(map) } : null,
    tile: Math.ceil(Math.max(columns, rows) / TILE_UNIT) * TILE_UNIT,
    bandNames: ['east, meters', 'north, meters'],
  } as const;
  const bands = [Float32Array.from(east), Float32Array.from(north)];
  const chunks: Uint8Array[] = [];
  // It is one tile, so that all rows are asked for at once.
  for await (const chunk of tiledTiff(design, () => Promise.resolve(bands))) chunks.push(chunk);
  return Buffer.concat(chunks);
}
