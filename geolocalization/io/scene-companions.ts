import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { SceneCompanion } from '../../contracts/geolocalization.ts';
import { companionKind } from '../model/companion-names.ts';
import type { CompanionText } from '../model/header-beside.ts';

/** Real ones have some kilobytes; what is longer is something else. */
const MAX_BYTES = 4e6;
/** A mask has a bit or a byte a pixel, mostly compressed. */
const MAX_MASK_BYTES = 256e6;
/** A folder with more files is not searched: a scene has its companions beside it by name. */
export const MAX_FILES = 100_000;

type Kind = SceneCompanion['kind'];

/** Something beside a scene by its name, and the scenes' own words about what could not be read. */
export interface Beside<Companion> {
  found: Companion[];
  /** One sentence each. */
  warnings: string[];
}

export interface CompanionPath {
  kind: Kind;
  name: string;
  path: string;
}

export interface CompanionBytes {
  kind: Kind;
  name: string;
  bytes: Buffer;
}

/** The longest that is read of a kind. */
export function mostBytes(kind: Kind): number {
  return kind === 'mask' ? MAX_MASK_BYTES : MAX_BYTES;
}

/** @returns a sentence. */
export function tooLong(name: string, kind: Kind): string {
  return `"${name}" beside it is not read as it is longer than ${mostBytes(kind)} bytes`;
}

/** Files beside a scene that may tell its place, or where it holds data, in order of name. */
export async function companionsOf(path: string): Promise<Beside<CompanionPath>> {
  const folder = dirname(path);
  const names = await readdir(folder);
  const beside: Beside<CompanionPath> = { found: [], warnings: [] };
  for (const name of names.slice(0, MAX_FILES).sort()) {
    const kind = companionKind(basename(path), name);
    if (kind === null) continue;
    const companion = join(folder, name);
    const entry = await stat(companion);
    if (!entry.isFile()) continue;
    if (entry.size > mostBytes(kind)) beside.warnings.push(tooLong(name, kind));
    else beside.found.push({ kind, name, path: companion });
  }
  return beside;
}

/** What stands in those that are texts. */
export async function textsOf(companions: readonly CompanionPath[]): Promise<CompanionText[]> {
  const texts: CompanionText[] = [];
  for (const { kind, name, path } of companions) {
    if (kind !== 'mask') texts.push({ kind, name, text: await readFile(path, 'latin1') });
  }
  return texts;
}
