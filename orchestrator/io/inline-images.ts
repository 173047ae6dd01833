import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import type { OverlayPictures } from '../model/registration-section.ts';
import type { SceneOfReport } from '../model/scenes-report.ts';

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

/** Scenes whose overlays are part of the page: each has some 200 kB. */
const MAX_OVERLAYS = 50;

/** Reads the pictures of compared scenes, by the scene's name, as `inlineImages` does. */
export async function inlineOverlays(
  store: ArtifactStore,
  scenes: readonly SceneOfReport[],
): Promise<Map<string, OverlayPictures>> {
  const inlined = new Map<string, OverlayPictures>();
  for (const { name, registration } of scenes) {
    const overlays = registration?.overlays;
    if (!overlays || inlined.size >= MAX_OVERLAYS) continue;
    const pictures = await inlineImages(store, [
      { name: 'before', ref: overlays.before },
      { name: 'after', ref: overlays.after },
    ]);
    inlined.set(name, { before: pictures.get('before')!, after: pictures.get('after')! });
  }
  return inlined;
}
