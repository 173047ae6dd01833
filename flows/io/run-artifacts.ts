import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import type { ArtifactAccess } from '../build/task-context.ts';

type Named = Pick<ArtifactRef, 'sha256'>;

/** The artifacts of one run, as its tasks reach them: what is put is owned by the run. */
export function runArtifacts(store: ArtifactStore, owner: string): ArtifactAccess {
  async function remove(refs: readonly Named[]): Promise<number> {
    const owned = new Set(await store.owners.listOf(owner));
    let removed = 0;
    for (const sha256 of new Set(refs.map((ref) => ref.sha256))) {
      if (owned.has(sha256) && (await store.owners.release(owner, sha256)) > 0) removed++;
    }
    return removed;
  }
  return {
    open: ({ sha256 }) => store.readBytes({ sha256, bytes: 0, mediaType: '' }),
    fileOf: (ref) => store.fileOf(ref),
    put: (bytes, mediaType) => store.addBytes(owner, mediaType, bytes),
    putFile: (path, mediaType) => store.addFile(owner, mediaType, path),
    withScratchFile: (work) => store.withScratchFile(work),
    remove,
    removeAllBut: async (refs) => {
      const kept = new Set(refs.map(({ sha256 }) => sha256));
      return (await store.owners.releaseAllBut(owner, kept)).files;
    },
  };
}
