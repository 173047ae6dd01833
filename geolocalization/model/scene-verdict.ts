import type { LocatedScene, SceneLocation, SceneVerdict } from '../../contracts/geolocalization.ts';
import type { SceneFinding } from '../../contracts/scene-finding.ts';
import type { MapName } from '../../contracts/scene-placement.ts';
import type { Ground } from '../../maths/map-projection.ts';
import { countsPixelsOnly, type Geotransform, isIdentity, toMap } from './affine.ts';
import { affineFindings } from './affine-findings.ts';
import { placeByControl } from './control/place-by-control.ts';
import { type FoundPlace, placeScene, unlocatedScene } from './place-scene.ts';
import { chipOffset, shiftOrigin } from './rpc/chip-offset.ts';
import type { Terrain } from './rpc/locate-on-terrain.ts';
import { placeByRpc } from './rpc/place-by-rpc.ts';
import type { SceneHeader, StatedCrs } from './scene-header.ts';

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
 * Where a scene lies by its own header and the files beside it. In order of evidence: a transform with a
 * reference system, rational polynomials, ground control points, a world file.
 *
 * A transform without a reference system is no location, and neither is one that only counts pixels.
 *
 * @param ground of the system that the header names; null when it names none.
 * @param terrain for rational polynomials; without it pixels lie at the middle of the model's heights.
 */
export function judgeScene(
  scene: SceneFile,
  header: SceneHeader,
  ground: Ground | null,
  terrain?: Terrain,
): SceneLocation {
  const { width, height, bands, transform, crs } = header;
  const findings = [...rpcFindings(header), ...contradictionFindings(header)];
  const known: SceneLocation = {
    ...blank(scene),
    width,
    height,
    bands,
    crs: crsWords(crs),
    geotransform: transform === null ? null : [...transform],
    warnings: header.warnings,
    findings,
    ...nodataBeside(header),
    ...(header.wavelengths === null ? {} : { wavelengths: [...header.wavelengths] }),
  };
  if (width === null || height === null) return unlocatedScene(known, 'has no georeference');
  const size = { width, height };
  const isWorldFile = header.transformSource === 'world-file';
  const direct = (isWorldFile ? null : byTransform(header, ground)) ?? byRpc(header, size, terrain);
  const control = direct === null ? byControl(header, size, ground) : null;
  const place =
    direct ??
    (typeof control === 'string' ? null : control) ??
    (isWorldFile ? byTransform(header, ground) : null);
  if (place === null) {
    const told = { ...known, findings: [...findings, ...pointFindings(header)] };
    const fault = typeof control === 'string' ? control : whatIsMissing(header, ground);
    return unlocatedScene(told, fault);
  }
  return placeScene(known, size, place);
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

function byTransform(header: SceneHeader, ground: Ground | null): FoundPlace | null {
  const { transform, transformSource, crs, crsSource } = header;
  const map = mapOf(crs);
  if (transform === null || map === null || ground === null || 'fault' in ground) return null;
  if (!isMeaningful(transform, crs)) return null;
  const findings = affineFindings(transform);
  if (transformSource === 'world-file') {
    findings.push(info('WORLD_FILE_USED', 'its transform is that of a world file beside it'));
  }
  if (transformSource === 'auxiliary-file') {
    findings.push(info('AUXILIARY_FILE_USED', 'its transform is that of a file beside it'));
  }
  if (crsSource === 'projection-file') {
    findings.push(info('CRS_FROM_FILE_BESIDE', 'its reference system is that of a file beside it'));
  }
  return {
    words: crsWords(crs)!,
    toGround: (column, row) => ground.toGround(...toMap(transform, column, row)),
    placement: {
      kind: 'affine',
      source: transformSource,
      transform: [...transform],
      map,
    },
    warnings: ground.warnings,
    findings,
  };
}

function byRpc(
  { rpc, transform, crs }: SceneHeader,
  size: { width: number; height: number },
  terrain?: Terrain,
): FoundPlace | null {
  if (rpc === null) return null;
  const offset = crs.kind === 'none' ? chipOffset(transform) : { sample: 0, line: 0 };
  const place = placeByRpc(shiftOrigin(rpc.model, offset), rpc.source, size, terrain);
  if (offset.sample === 0 && offset.line === 0) return place;
  const words = `it is a chip that starts at sample ${offset.sample}, line ${offset.line} of its scene`;
  return { ...place, findings: [...place.findings, info('CHIP_OFFSET_APPLIED', words)] };
}

/** @returns a fault when there are points and they tell no place. */
function byControl(
  { groundControl, controlSource, crs }: SceneHeader,
  size: { width: number; height: number },
  ground: Ground | null,
): FoundPlace | string | null {
  const map = mapOf(crs);
  if (groundControl.length === 0 || map === null || ground === null || 'fault' in ground) {
    return null;
  }
  const { toGround, warnings } = ground;
  const control = { points: groundControl, source: controlSource };
  return placeByControl(control, size, { map, words: crsWords(crs)!, toGround, warnings });
}

function isMeaningful(transform: Geotransform, crs: StatedCrs): boolean {
  return !(crs.kind === 'none' ? countsPixelsOnly(transform) : isIdentity(transform));
}

/** The rest of the sentence that starts with `Scene "x" `. */
function whatIsMissing(header: SceneHeader, ground: Ground | null): string {
  const { transform, crs, groundControl } = header;
  const hasTransform = transform !== null && isMeaningful(transform, crs);
  if ((hasTransform || groundControl.length > 0) && ground !== null && 'fault' in ground) {
    return ground.fault;
  }
  if (hasTransform && crs.kind === 'none') {
    return 'has a transform but names no coordinate reference system';
  }
  if (hasTransform && crs.kind === 'user-defined') {
    const name = crs.name === null ? '' : ` "${crs.name}"`;
    return `names a user-defined coordinate reference system${name}, and an EPSG code or its definition is needed`;
  }
  if (groundControl.length > 0) {
    const points = groundControl.length === 1 ? 'point' : 'points';
    return `has ${groundControl.length} ground control ${points} and no transform, and names no coordinate reference system`;
  }
  if (header.rpcFaults.length > 0) return `has no usable georeference: ${header.rpcFaults[0]}`;
  if (transform !== null) return 'has no georeference: its transform only counts pixels';
  if (header.hasFlatTransform) {
    return 'has no georeference: the pixels of its transform have no area, or its numbers are not finite';
  }
  return 'has no georeference';
}

function rpcFindings({ rpcFaults }: SceneHeader): SceneFinding[] {
  return rpcFaults.map((message) => ({ code: 'RPC_UNREADABLE', severity: 'warning', message }));
}

function contradictionFindings({ contradictions }: SceneHeader): SceneFinding[] {
  return contradictions.map((message) => ({
    code: 'GEOREFERENCE_CONTRADICTED',
    severity: 'warning',
    message,
  }));
}

/** What a file beside the scene says; numbers that are none mark missing data by themselves. */
function nodataBeside({ nodata, nodataSource }: SceneHeader): Pick<SceneLocation, 'nodata'> {
  const isBeside = nodataSource === 'auxiliary-file' && nodata !== null && Number.isFinite(nodata);
  return isBeside ? { nodata } : {};
}

/** A camera's own position says where it was, and not where its pixels lie. */
function pointFindings({ point }: SceneHeader): SceneFinding[] {
  if (point === null) return [];
  const [longitude, latitude] = point.map((degrees) => degrees.toFixed(6));
  const message = `its EXIF names a point, longitude ${longitude}, latitude ${latitude}, which places none of its pixels: name a \`searchArea\` around it to look for it there`;
  return [info('EXIF_POINT_ONLY', message)];
}

function info(code: SceneFinding['code'], message: string): SceneFinding {
  return { code, severity: 'info', message };
}

function crsWords(crs: StatedCrs): string | null {
  if (crs.kind === 'epsg') return `EPSG:${crs.code}`;
  return crs.kind === 'definition' ? (crs.name ?? crs.definition.slice(0, 80)) : null;
}

function mapOf(crs: StatedCrs): MapName | null {
  if (crs.kind === 'epsg') return { epsg: crs.code };
  return crs.kind === 'definition' ? { definition: crs.definition } : null;
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
    placement: null,
    validFootprint: null,
    findings: [],
    statedAccuracyMeters: null,
  };
}
