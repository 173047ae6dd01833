import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ImageOrigin } from '../../contracts/automation.ts';
import { InvalidInput } from '../../contracts/failures.ts';
import type { SceneSource } from '../activities.ts';
import { openScene } from './open-scene.ts';

/** Files that are taken for scenes. */
const sceneExtensions = new Set('.tif .tiff .gtiff .jpg .jpeg .png .webp .jp2'.split(' '));
const MAX_DEPTH = 3;

/** Every scene of a request, in code-unit order of name. A list names paths below its own folder, or addresses. */
export async function listSceneSources(
  { kind, location }: ImageOrigin,
  options: { allowPrivateAddresses: boolean; signal: AbortSignal },
): Promise<SceneSource[]> {
  switch (kind) {
    case 'folder': {
      const paths: string[] = [];
      await collect(location, MAX_DEPTH, paths);
      return inOrder(paths.map((path) => ({ name: nameBelow(location, path), location: path })));
    }
    case 'file':
      return [{ name: basename(location), location }];
    case 'url':
      return [{ name: nameOfUrl(location), location }];
    case 'list':
      return inOrder(sourcesOf(await readFile(location, 'utf8'), location));
    case 'url-list':
      return inOrder(sourcesOf(await text(await openScene(location, options)), location));
  }
}

async function collect(folder: string, depth: number, found: string[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() && depth > 0) await collect(path, depth - 1, found);
    if (entry.isFile() && sceneExtensions.has(extname(entry.name).toLowerCase())) found.push(path);
  }
}

function sourcesOf(content: string, listLocation: string): SceneSource[] {
  const entries = content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return entries.map((entry) => {
    if (isAddress(entry)) return { name: nameOfUrl(entry), location: entry };
    if (isAddress(listLocation)) {
      return { name: entry, location: new URL(entry, listLocation).href };
    }
    const path = resolve(dirname(listLocation), entry);
    const name = nameBelow(dirname(listLocation), path);
    if (name.startsWith('..')) {
      throw new InvalidInput(
        `Cannot read list "${listLocation}" as it names a file outside its own folder: "${entry}"`,
      );
    }
    return { name, location: path };
  });
}

function nameBelow(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

function isAddress(entry: string): boolean {
  return /^https?:\/\//i.test(entry);
}

function nameOfUrl(url: string): string {
  if (!URL.canParse(url))
    throw new InvalidInput(`Cannot read the address "${url}": it is not valid`);
  const { pathname, hostname } = new URL(url);
  return basename(pathname) || hostname;
}

function inOrder(sources: SceneSource[]): SceneSource[] {
  return sources.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
