import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SceneCompanion } from '../../contracts/geolocalization.ts';
import { isIdentity } from '../model/affine.ts';
import { UnreadableRpc } from '../model/rpc/rational-polynomials.ts';
import { parseRpc } from '../model/rpc/parse-rpc.ts';
import type { SceneHeader } from '../model/scene-header.ts';
import { definitionIn, epsgIn } from '../model/stated-definition.ts';
import { parseWorldFile } from '../model/world-file.ts';
import { companionKind } from '../model/companion-names.ts';

/** Real ones have some kilobytes; what is longer is something else. */
export const MAX_BYTES = 4e6;
/** A folder with more files is not searched: a scene has its companions beside it by name. */
export const MAX_FILES = 100_000;

export interface CompanionPath {
  kind: SceneCompanion['kind'];
  name: string;
  path: string;
}

/** Files beside a scene that may tell its place, in order of name. */
export async function companionsOf(path: string): Promise<CompanionPath[]> {
  const folder = dirname(path);
  const names = await readdir(folder);
  const found: CompanionPath[] = [];
  for (const name of names.slice(0, MAX_FILES).sort()) {
    const kind = companionKind(basename(path), name);
    if (kind === null) continue;
    const companion = join(folder, name);
    const entry = await stat(companion);
    if (entry.isFile() && entry.size <= MAX_BYTES) found.push({ kind, name, path: companion });
  }
  return found;
}

/** A header with what the files beside the scene add; what the file itself says counts before it. */
export async function withCompanions(
  header: SceneHeader,
  companions: readonly CompanionPath[],
): Promise<SceneHeader> {
  let known = header;
  for (const { kind, name, path } of companions) {
    const text = await readFile(path, 'latin1');
    if (kind === 'rpc') known = withRpc(known, name, text);
    if (kind === 'world-file') known = withWorldFile(known, name, text);
    if (kind === 'projection') known = withProjection(known, name, text);
  }
  return known;
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

function withProjection(header: SceneHeader, name: string, text: string): SceneHeader {
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
