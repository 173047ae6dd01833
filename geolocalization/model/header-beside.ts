import type { SceneCompanion } from '../../contracts/geolocalization.ts';
import { isIdentity } from './affine.ts';
import { parseAuxiliary } from './auxiliary-file.ts';
import { parseRpc } from './rpc/parse-rpc.ts';
import { UnreadableRpc } from './rpc/rational-polynomials.ts';
import type { SceneHeader } from './scene-header.ts';
import { definitionIn, epsgIn } from './stated-definition.ts';
import { parseWorldFile } from './world-file.ts';

/** A small file beside a scene and what stands in it. */
export interface CompanionText {
  kind: Exclude<SceneCompanion['kind'], 'mask'>;
  name: string;
  text: string;
}

/** What says most comes first: an auxiliary file has a transform and its map. */
const ORDER: readonly CompanionText['kind'][] = ['auxiliary', 'rpc', 'world-file', 'projection'];

/** A header with what the files beside the scene add; what the file itself says counts before it. */
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
  const { transform, definition, rpc, hasNodata, hasControl } = parseAuxiliary(text);
  let known = header;
  const hasOwn = header.transform !== null && !isIdentity(header.transform);
  if (transform !== null && !hasOwn) {
    known = { ...known, transform, transformSource: 'auxiliary-file' };
  }
  if (definition !== null) known = withDefinition(known, name, definition);
  if (rpc !== null) known = withRpc(known, name, rpc);
  const warnings = [...known.warnings];
  if (hasNodata && header.nodata === null) {
    warnings.push(
      `the value for missing data in "${name}" is not used: write it into the file, or give a mask`,
    );
  }
  if (hasControl && transform === null && !hasOwn) {
    warnings.push(`the ground control points in "${name}" are not used: write them into the file`);
  }
  return { ...known, warnings };
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
  if (header.transform !== null && !isIdentity(header.transform)) return header;
  const transform = parseWorldFile(text);
  if (transform === null) {
    const warning = `the world file "${name}" has to hold six numbers that span an area`;
    return { ...header, warnings: [...header.warnings, warning] };
  }
  return { ...header, transform, transformSource: 'world-file' };
}

function withDefinition(header: SceneHeader, name: string, text: string): SceneHeader {
  if (header.crs.kind === 'epsg' || header.crs.kind === 'definition') return header;
  const definition = definitionIn(text);
  const code = definition === null ? epsgNamed(text) : epsgIn(definition);
  if (code !== null)
    return { ...header, crs: { kind: 'epsg', code }, crsSource: 'projection-file' };
  if (definition === null) {
    const warning = `"${name}" names no coordinate reference system that is understood`;
    return { ...header, warnings: [...header.warnings, warning] };
  }
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
