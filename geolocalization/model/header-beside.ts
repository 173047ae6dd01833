import type { SceneCompanion } from '../../contracts/geolocalization.ts';
import { cornersOf } from '../../maths/raster.ts';
import { type Geotransform, isIdentity, toMap } from './affine.ts';
import { parseAuxiliary } from './auxiliary-file.ts';
import { inPixels } from './control/control-geometry.ts';
import { parseRpc } from './rpc/parse-rpc.ts';
import { UnreadableRpc } from './rpc/rational-polynomials.ts';
import type { SceneHeader } from './scene-header.ts';
import { definitionIn, epsgIn, unitWithoutSize } from './stated-definition.ts';
import { parseWorldFile } from './world-file.ts';

/** A small file beside a scene and what stands in it. */
export interface CompanionText {
  kind: Exclude<SceneCompanion['kind'], 'mask'>;
  name: string;
  text: string;
}

/** What says most comes first: an auxiliary file has a transform and its map. */
const ORDER: readonly CompanionText['kind'][] = ['auxiliary', 'rpc', 'world-file', 'projection'];

/** Pixels: less is rounding. */
const SAME_PIXELS = 0.01;

/**
 * A header with what the files beside the scene add. Where both say something, an auxiliary file counts
 * before the scene's own tags, as it is written where those cannot be changed; the tags count before all others.
 *
 * Source: GDAL, configuration option GDAL_GEOREF_SOURCES, of which PAM, INTERNAL, WORLDFILE is the usual value.
 */
export function withCompanions(
  header: SceneHeader,
  companions: readonly CompanionText[],
): SceneHeader {
  const sorted = companions.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  let known = header;
  for (const { kind, name, text } of sorted) {
    if (kind === 'auxiliary') known = withAuxiliary(known, name, text);
    if (kind === 'rpc') known = withRpc(known, name, text);
    if (kind === 'world-file') known = withWorldFile(known, name, text);
    if (kind === 'projection') known = withDefinition(known, name, text);
  }
  return known;
}

/** Whether a file beside the scene could say where it lies: it lacks a transform, or the name of its map. */
export function lacksPlace({ transform, crs, rpc, groundControl }: SceneHeader): boolean {
  if (rpc !== null) return false;
  const hasTransform = transform !== null && !isIdentity(transform);
  const hasMap = crs.kind === 'epsg' || crs.kind === 'definition';
  return !hasMap || !(hasTransform || groundControl.length > 0);
}

function withAuxiliary(header: SceneHeader, name: string, text: string): SceneHeader {
  const { transform, definition, rpc, nodata, control, controlDefinition } = parseAuxiliary(text);
  let known = header;
  if (transform !== null && !isIdentity(transform)) {
    const off = pixelsApart(header, transform);
    if (off === null || off > SAME_PIXELS) {
      const which = `that of "${name}", which is used as GDAL does`;
      known = { ...contradicted(header, off, which), transform, transformSource: 'auxiliary-file' };
    }
  }
  if (definition !== null) known = withDefinition(known, name, definition, true);
  if (control.length > 0) {
    known = { ...known, groundControl: control, controlSource: 'auxiliary-file' };
    const isPlaced = known.transform !== null && !isIdentity(known.transform);
    if (controlDefinition !== null && definition === null && !isPlaced) {
      known = withDefinition(known, name, controlDefinition, true);
    }
  }
  if (rpc !== null) known = withRpc(known, name, rpc);
  return nodata.length === 0 ? known : withNodata(known, name, nodata);
}

/** The first band's: pixels are read by one value for all bands. */
function withNodata(header: SceneHeader, name: string, values: readonly number[]): SceneHeader {
  const [nodata] = values as [number];
  const warnings = [...header.warnings];
  if (values.some((value) => !Object.is(value, nodata))) {
    warnings.push(
      `"${name}" has values for missing data that differ between bands: ${nodata} is used for all`,
    );
  }
  const contradictions = [...header.contradictions];
  if (header.nodata !== null && !Object.is(header.nodata, nodata)) {
    contradictions.push(
      `its own value for missing data is ${header.nodata}, and that of "${name}" is ${nodata}, which is used as GDAL does`,
    );
  }
  return { ...header, nodata, nodataSource: 'auxiliary-file', warnings, contradictions };
}

/** By how many of its own pixels another transform differs at a corner; null for one that has none. */
function pixelsApart(header: SceneHeader, other: Geotransform): number | null {
  const { transform: own, width, height } = header;
  if (own === null || isIdentity(own) || width === null || height === null) return null;
  const [, a, b, , d, e] = own;
  const off = cornersOf({ width, height }).map(([column, row]) => {
    const [from, to] = [toMap(own, column, row), toMap(other, column, row)];
    const [x, y] = inPixels([a, b, d, e], [to[0] - from[0], to[1] - from[1]])!;
    return Math.hypot(x, y);
  });
  return Math.max(...off);
}

function contradicted(header: SceneHeader, off: number | null, which: string): SceneHeader {
  if (off === null || !(off > SAME_PIXELS)) return header;
  const words = `its own transform differs by up to ${Number(off.toPrecision(3))} px from ${which}`;
  return { ...header, contradictions: [...header.contradictions, words] };
}

function withRpc(header: SceneHeader, name: string, text: string): SceneHeader {
  if (header.rpc !== null) return header;
  try {
    return { ...header, rpc: { model: parseRpc(text), source: name } };
  } catch (error) {
    if (!(error instanceof UnreadableRpc)) throw error;
    // XML beside a scene is mostly about something else.
    if (/\.xml$/i.test(name) && /form is not known/.test(error.message)) return header;
    return { ...header, rpcFaults: [...header.rpcFaults, `${error.message} in "${name}"`] };
  }
}

function withWorldFile(header: SceneHeader, name: string, text: string): SceneHeader {
  const isPlaced = header.transform !== null && !isIdentity(header.transform);
  const transform = parseWorldFile(text);
  if (isPlaced) {
    if (transform === null || header.transformSource !== 'file') return header;
    const which = `that of the world file "${name}", which is not used`;
    return contradicted(header, pixelsApart(header, transform), which);
  }
  if (transform === null) {
    const warning = `the world file "${name}" has to hold six numbers that span an area`;
    return { ...header, warnings: [...header.warnings, warning] };
  }
  return { ...header, transform, transformSource: 'world-file' };
}

/** @param isFirst whether it counts before what the file itself names. */
function withDefinition(
  header: SceneHeader,
  name: string,
  text: string,
  isFirst = false,
): SceneHeader {
  const isNamed = header.crs.kind === 'epsg' || header.crs.kind === 'definition';
  if (isNamed && !isFirst) return header;
  const definition = definitionIn(text);
  const code = definition === null ? epsgNamed(text) : epsgIn(definition);
  if (code !== null) {
    const { crs, contradictions } = header;
    if (crs.kind === 'epsg' && crs.code === code) return header;
    const words = `it names EPSG:${crs.kind === 'epsg' ? crs.code : ''}, and "${name}" EPSG:${code}, which is used as GDAL does`;
    return {
      ...header,
      crs: { kind: 'epsg', code },
      crsSource: 'projection-file',
      contradictions: crs.kind === 'epsg' ? [...contradictions, words] : contradictions,
    };
  }
  if (definition === null) {
    const warning = `"${name}" names no coordinate reference system that is understood`;
    return { ...header, warnings: [...header.warnings, warning] };
  }
  const unit = unitWithoutSize(definition);
  if (unit !== null) {
    const warning = `the reference system in "${name}" is not used as its unit "${unit}" states no size`;
    return { ...header, warnings: [...header.warnings, warning] };
  }
  // Without a code nothing tells whether it is the same system in other words, so the code stays.
  if (isNamed) return header;
  const crsName = /"([^"]+)"/.exec(definition)?.[1] ?? null;
  return {
    ...header,
    crs: { kind: 'definition', definition, name: crsName },
    crsSource: 'projection-file',
  };
}

function epsgNamed(text: string): number | null {
  const code = /^\s*EPSG:(\d{4,6})\s*$/i.exec(text)?.[1];
  return code === undefined ? null : Number(code);
}
