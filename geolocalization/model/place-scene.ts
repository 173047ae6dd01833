import type { ControlAccuracy, SceneLocation } from '../../contracts/geolocalization.ts';
import type { SceneFinding } from '../../contracts/scene-finding.ts';
import type { ScenePlacement } from '../../contracts/scene-placement.ts';
import { cornersOf } from '../../maths/raster.ts';
import type { Position } from '../../maths/map-projection.ts';
import { areaSquareMeters } from './area.ts';
import { footprintThrough, type MultiPolygon, roundDegrees } from './footprint.ts';
import { sampleDistanceThrough } from './ground-sample-distance.ts';

/** What places a scene, and how. */
export interface FoundPlace {
  /** What it is placed by, such as `EPSG:32632`. */
  words: string;
  /** From columns and rows, counted from the outer corner of the first pixel. */
  toGround: (column: number, row: number) => Position | null;
  placement: ScenePlacement;
  warnings: readonly string[];
  findings: readonly SceneFinding[];
  statedAccuracyMeters?: number | null;
  /** Of ground control points. */
  control?: ControlAccuracy;
}

/** The place of a scene on the ground: outline, middle, size of its pixels. */
export function placeScene(
  known: SceneLocation,
  { width, height }: { width: number; height: number },
  found: FoundPlace,
): SceneLocation {
  const { toGround } = found;
  const { geometry, droppedPoints } = footprintThrough(width, height, toGround);
  const warnings = [...known.warnings, ...found.warnings];
  const findings = [...(known.findings ?? []), ...found.findings];
  if (geometry === null) {
    const fault = `states ${found.words}, in which its outline does not reach the ground`;
    return { ...unlocatedScene({ ...known, warnings, findings }, fault), droppedPoints };
  }
  const figures = figuresOf(geometry, { width, height }, toGround);
  if (droppedPoints > 0) {
    const message = `${droppedPoints} points of the outline do not reach the ground and are left out`;
    warnings.push(message);
    findings.push({ code: 'OUTLINE_NOT_ON_GROUND', severity: 'warning', message });
  }
  if (
    geometry.coordinates.some(([ring]) => ring?.some(([, latitude]) => Math.abs(latitude) > 90))
  ) {
    const message = 'its outline has latitudes beyond a pole';
    findings.push({ code: 'LATITUDE_OUT_OF_RANGE', severity: 'error', message });
  }
  return {
    ...known,
    status: 'stated',
    reason: `Scene "${known.name}" states ${[found.words, ...inWords(toGround(width / 2, height / 2), figures.gsd)].join(', ')}`,
    geotransform:
      found.placement.kind === 'affine' ? [...found.placement.transform] : known.geotransform,
    footprint: geometry,
    ...figures,
    gsdAtCorners: cornersOf({ width: width - 1, height: height - 1 }).map(([column, row]) =>
      roundedDistance(sampleDistanceThrough(column + 0.5, row + 0.5, toGround)),
    ),
    droppedPoints,
    warnings,
    placement: found.placement,
    findings,
    statedAccuracyMeters: found.statedAccuracyMeters ?? null,
    ...(found.control === undefined ? {} : { control: found.control }),
  };
}

/** The middle of a scene, the size of its pixels there and its area, rounded to what is no noise. */
export function figuresOf(
  outline: MultiPolygon,
  { width, height }: { width: number; height: number },
  toGround: (column: number, row: number) => Position | null,
): Pick<SceneLocation, 'center' | 'gsd' | 'areaSquareMeters'> {
  const center = toGround(width / 2, height / 2);
  const gsd = sampleDistanceThrough(width / 2, height / 2, toGround);
  return {
    center: center === null ? null : [roundDegrees(wrap(center[0])), roundDegrees(center[1])],
    gsd: roundedDistance(gsd),
    areaSquareMeters: Math.round(areaSquareMeters(outline) * 100) / 100,
  };
}

/** @param fault the rest of the sentence that starts with `Scene "x" `. */
export function unlocatedScene(known: SceneLocation, fault: string): SceneLocation {
  return { ...known, status: 'unlocated', reason: `Scene "${known.name}" ${fault}` };
}

function inWords(center: Position | null, gsd: SceneLocation['gsd']): string[] {
  const words: string[] = [];
  if (gsd !== null)
    words.push(`${Number(Math.sqrt(gsd.column * gsd.row).toPrecision(3))} m pixels`);
  if (center !== null) {
    const [longitude, latitude] = [wrap(center[0]), center[1]];
    const northing = `${Math.abs(latitude).toFixed(5)} ${latitude < 0 ? 'S' : 'N'}`;
    const easting = `${Math.abs(longitude).toFixed(5)} ${longitude < 0 ? 'W' : 'E'}`;
    words.push(`center ${northing} ${easting}`);
  }
  return words;
}

function wrap(longitude: number): number {
  return longitude > 180 || longitude < -180
    ? longitude - 360 * Math.round(longitude / 360)
    : longitude;
}

function roundedDistance(gsd: SceneLocation['gsd']): SceneLocation['gsd'] {
  return gsd === null ? null : { column: roundMeters(gsd.column), row: roundMeters(gsd.row) };
}

/** To a micrometer: what lies below is noise. */
function roundMeters(meters: number): number {
  return Math.round(meters * 1e6) / 1e6;
}
