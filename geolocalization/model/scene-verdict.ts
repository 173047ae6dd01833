import type { Ground, Position, ToGround } from '../../maths/map-projection.ts';
import type { LocatedScene, SceneLocation, SceneVerdict } from '../../contracts/geolocalization.ts';
import type { MapName } from '../../contracts/scene-placement.ts';
import { countsPixelsOnly, type Geotransform, isIdentity, toMap } from './affine.ts';
import { areaSquareMeters } from './area.ts';
import { footprintOf, roundDegrees } from './footprint.ts';
import { groundSampleDistance } from './ground-sample-distance.ts';

/** Which coordinate reference system a file names. */
export type StatedCrs =
  | { kind: 'none' }
  | { kind: 'epsg'; code: number }
  /** WKT or a PROJ string that stands for itself. */
  | { kind: 'definition'; definition: string; name: string | null }
  | { kind: 'user-defined'; name: string | null };

/** What the header of an image says; the pixels are not looked at. */
export interface SceneHeader {
  width: number | null;
  height: number | null;
  bands: number | null;
  transform: Geotransform | null;
  crs: StatedCrs;
  hasRationalPolynomials: boolean;
  /** Ground control points: tiepoints that make no transform. */
  controlPoints: number;
  nodata: number | null;
  warnings: string[];
}

type SceneFile = Pick<SceneLocation, 'name' | 'file'>;

/** A scene that cannot be read: `fault` is the rest of a sentence, such as `as it is not a TIFF file`. */
export function unreadableScene(scene: SceneFile, fault: string): SceneLocation {
  return {
    ...blank(scene),
    status: 'unreadable',
    reason: `Cannot read scene "${scene.name}" ${fault}`,
  };
}

/**
 * Where a scene lies by its own header.
 *
 * A transform without a reference system is no location, and neither is one that only counts pixels.
 *
 * @param ground of the system that the header names; null when it names none.
 */
export function judgeScene(
  scene: SceneFile,
  header: SceneHeader,
  ground: Ground | null,
): SceneLocation {
  const { width, height, bands, transform, crs } = header;
  const known: SceneLocation = {
    ...blank(scene),
    width,
    height,
    bands,
    crs: crsWords(crs),
    geotransform: transform === null ? null : [...transform],
    warnings: header.warnings,
  };
  const fault = whatIsMissing(header, ground);
  if (fault !== null) return unlocated(known, fault);
  if (transform === null || width === null || height === null) {
    return unlocated(known, 'has no georeference');
  }
  if (ground === null || 'fault' in ground) return unlocated(known, 'has no reference system');
  return place(
    { ...known, warnings: [...known.warnings, ...ground.warnings] },
    {
      transform,
      width,
      height,
      toGround: ground.toGround,
      map: crs.kind === 'epsg' ? { epsg: crs.code } : mapBy(crs),
    },
  );
}

function crsWords(crs: StatedCrs): string | null {
  if (crs.kind === 'epsg') return `EPSG:${crs.code}`;
  return crs.kind === 'definition' ? (crs.name ?? crs.definition.slice(0, 80)) : null;
}

function mapBy(crs: StatedCrs): MapName {
  return { definition: crs.kind === 'definition' ? crs.definition : '' };
}

/** From the best to the worst that can become of a scene that is compared with a reference. */
const comparedVerdicts = ['LOCATED', 'WEAK', 'NOT_COMPARABLE', 'NO_MATCH', 'UNLOCATED'] as const;
const verdictNames = {
  LOCATED: 'located',
  WEAK: 'weak',
  NO_MATCH: 'no-match',
  NOT_COMPARABLE: 'not-comparable',
  UNLOCATED: 'unlocated',
} as const;

/** `stated` when there are scenes and each of them is; with a reference, what became of the worst. */
export function verdictOf(
  scenes: readonly Pick<LocatedScene, 'status' | 'registrationStatus'>[],
): SceneVerdict {
  const compared = scenes.flatMap(({ registrationStatus }) => registrationStatus ?? []);
  if (compared.length > 0) {
    const ranks = compared.map((status) => comparedVerdicts.indexOf(status));
    const worst = comparedVerdicts[Math.max(...ranks)]!;
    return verdictNames[worst];
  }
  return scenes.length > 0 && scenes.every(({ status }) => status === 'stated')
    ? 'stated'
    : 'unlocated';
}

/** The rest of the sentence that starts with `Scene "x" `; null when nothing is missing. */
function whatIsMissing(header: SceneHeader, ground: Ground | null): string | null {
  const { transform, crs } = header;
  const isMeaningful =
    transform !== null &&
    !(crs.kind === 'none' ? countsPixelsOnly(transform) : isIdentity(transform));
  if (isMeaningful && (crs.kind === 'epsg' || crs.kind === 'definition')) {
    return ground !== null && 'fault' in ground ? ground.fault : null;
  }
  if (header.hasRationalPolynomials) {
    return 'has rational polynomial coefficients, which this version does not evaluate';
  }
  if (isMeaningful && crs.kind === 'none') {
    return 'has a transform but names no coordinate reference system';
  }
  if (isMeaningful && crs.kind === 'user-defined') {
    const name = crs.name === null ? '' : ` "${crs.name}"`;
    return `names a user-defined coordinate reference system${name}, and an EPSG code is needed`;
  }
  if (header.controlPoints > 0) {
    const points = header.controlPoints === 1 ? 'point' : 'points';
    return `has ${header.controlPoints} ground control ${points} and no transform, and this version evaluates none`;
  }
  if (transform !== null) return 'has no georeference: its transform only counts pixels';
  return 'has no georeference';
}

function place(
  known: SceneLocation,
  raster: {
    transform: Geotransform;
    width: number;
    height: number;
    toGround: ToGround;
    map: MapName;
  },
): SceneLocation {
  const { transform, width, height, toGround } = raster;
  const { geometry, droppedPoints } = footprintOf(transform, width, height, toGround);
  if (geometry === null) {
    return {
      ...unlocated(known, `states ${known.crs}, in which its outline does not reach the ground`),
      droppedPoints,
    };
  }
  const center = toGround(...toMap(transform, width / 2, height / 2));
  const gsd = groundSampleDistance(transform, width / 2, height / 2, toGround);
  return {
    ...known,
    status: 'stated',
    reason: `Scene "${known.name}" states ${[known.crs, ...inWords(center, gsd)].join(', ')}`,
    footprint: geometry,
    center: center === null ? null : [roundDegrees(wrap(center[0])), roundDegrees(center[1])],
    gsd: gsd === null ? null : { column: roundMeters(gsd.column), row: roundMeters(gsd.row) },
    areaSquareMeters: Math.round(areaSquareMeters(geometry) * 100) / 100,
    droppedPoints,
    placement: {
      kind: 'affine',
      source: 'file',
      transform: [...transform],
      map: raster.map,
    },
    warnings: [
      ...known.warnings,
      ...(droppedPoints === 0
        ? []
        : [`${droppedPoints} points of the outline do not reach the ground and are left out`]),
    ],
  };
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

function unlocated(known: SceneLocation, fault: string): SceneLocation {
  return { ...known, status: 'unlocated', reason: `Scene "${known.name}" ${fault}` };
}

function blank({ name, file }: SceneFile): SceneLocation {
  return {
    schemaVersion: 1,
    name,
    file,
    status: 'unlocated',
    reason: '',
    width: null,
    height: null,
    bands: null,
    crs: null,
    geotransform: null,
    footprint: null,
    center: null,
    gsd: null,
    areaSquareMeters: null,
    droppedPoints: 0,
    warnings: [],
  };
}

function wrap(longitude: number): number {
  return longitude > 180 || longitude < -180
    ? longitude - 360 * Math.round(longitude / 360)
    : longitude;
}

/** To a micrometer: what lies below is noise. */
function roundMeters(meters: number): number {
  return Math.round(meters * 1e6) / 1e6;
}
