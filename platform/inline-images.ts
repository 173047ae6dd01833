import type { ArtifactRef } from '../contracts/artifacts.ts';
import type { ArtifactStore } from './artifact-store.ts';

/** Pictures of one page: it stays a file that opens at once, whatever the size of the flight. */
const MAX_PICTURES = 200;

/** Reads small pictures as `data:` addresses, by name, so that a page is one file and needs no network. */
export async function inlineImages(
  store: ArtifactStore,
  pictures: readonly { name: string; ref: ArtifactRef | null }[],
): Promise<Map<string, string>> {
  const inlined = new Map<string, string>();
  for (const { name, ref } of pictures) {
    if (inlined.size >= MAX_PICTURES) break;
    if (ref === null) continue;
    const bytes = await store.readBytes(ref);
    inlined.set(name, `data:${ref.mediaType};base64,${bytes.toString('base64')}`);
  }
  return inlined;
}
