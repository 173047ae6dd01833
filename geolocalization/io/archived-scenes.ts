import { basename, extname } from 'node:path';
import { InvalidInput } from '../../contracts/failures.ts';
import { upTo } from '../../platform/body-bytes.ts';
import { ArchiveRefused, listArchive, openMember } from '../../platform/archive.ts';
import {
  inOrderOfName,
  isAddress,
  isBucketAddress,
  type NamedSource,
} from '../../platform/image-sources.ts';
import { companionKind } from '../model/companion-names.ts';
import { MAGIC_BYTES, sceneFormatOf } from '../model/scene-format.ts';
import { type Beside, type CompanionBytes, mostBytes, tooLong } from './scene-companions.ts';
import { isInPlace, sceneExtensions } from './scene-files.ts';

/** A scene, which may be a member of the zip archive that lies at its location. */
export interface SceneSource extends NamedSource {
  member?: string;
}

/**
 * The scenes in a zip archive, in order of name: by their names and, where a name has no ending, by their
 * first bytes.
 *
 * @throws {InvalidInput} when it cannot be read.
 */
export async function listArchivedScenes(location: string): Promise<SceneSource[]> {
  if (isAddress(location) || isBucketAddress(location)) {
    throw new InvalidInput(
      `Cannot read scenes from "${location}" as an archive of scenes must be on the storage of the workers: bring it there, or give the addresses of its scenes`,
    );
  }
  try {
    const { members } = await listArchive(location);
    const scenes: SceneSource[] = [];
    for (const member of members) {
      if (isInPlace(member) && (await looksLikeScene(location, member))) {
        scenes.push({ name: member, location, member });
      }
    }
    return inOrderOfName(scenes);
  } catch (error) {
    if (!(error instanceof ArchiveRefused)) throw error;
    throw new InvalidInput(`Cannot read archive "${location}": ${error.message}`);
  }
}

async function looksLikeScene(location: string, member: string): Promise<boolean> {
  const ending = extname(member).toLowerCase();
  if (ending !== '') return sceneExtensions.has(ending);
  return sceneFormatOf(await upTo(MAGIC_BYTES, await openMember(location, member))) !== null;
}

/** Members beside a scene that may tell its place, or where it holds data, in order of name. */
export async function archivedCompanionsOf(
  location: string,
  scene: string,
): Promise<Beside<CompanionBytes>> {
  const folder = scene.slice(0, scene.lastIndexOf('/') + 1);
  const { members } = await listArchive(location);
  const beside: Beside<CompanionBytes> = { found: [], warnings: [] };
  for (const member of members) {
    const name = member.slice(folder.length);
    if (!member.startsWith(folder) || name.includes('/')) continue;
    const kind = companionKind(basename(scene), name);
    if (kind === null) continue;
    const bytes = await upTo(mostBytes(kind) + 1, await openMember(location, member));
    if (bytes.length > mostBytes(kind)) beside.warnings.push(tooLong(name, kind));
    else beside.found.push({ kind, name, bytes });
  }
  return beside;
}
