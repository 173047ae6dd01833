import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { inlineImages } from '../../platform/inline-images.ts';
import type { OverlayPictures } from '../model/registration-section.ts';
import type { SceneOfReport } from '../model/scenes-report.ts';

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
