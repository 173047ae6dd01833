import { type StoredImage, storedImageSchema } from '../../contracts/images.ts';
import type { ResultImage } from '../draw/run-page.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { inlineImages } from '../../platform/inline-images.ts';

/** What browsers show. */
const SHOWN = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** Sheets and thumbnails are part of a page; what is larger is named there. */
const MAX_BYTES = 2e6;
/** Of all pictures of a page, so that it opens at once. */
const MAX_TOTAL_BYTES = 16e6;

/** Every image that a value names, each once, in its order; those of lists after those that stand alone. */
export function imagesIn(value: unknown): ResultImage[] {
  const found = new Map<string, ResultImage>();
  const visit = (inner: unknown, isListed: boolean) => {
    if (typeof inner !== 'object' || inner === null) return;
    const parsed = storedImageSchema.safeParse(inner);
    if (!parsed.success) {
      for (const each of Object.values(inner)) visit(each, isListed || Array.isArray(inner));
      return;
    }
    const image = { ...parsed.data, isListed };
    const known = found.get(image.sha256);
    if (known === undefined || (known.isListed && !isListed)) found.set(image.sha256, image);
  };
  visit(value, false);
  const images = [...found.values()];
  return [...images.filter((each) => !each.isListed), ...images.filter((each) => each.isListed)];
}

/** Reads the images that a page can hold as `data:` addresses, by SHA-256; what the run removed is not there. */
export async function inlinePictures(
  store: ArtifactStore,
  images: readonly StoredImage[],
): Promise<Map<string, string>> {
  let total = 0;
  const small: { name: string; ref: StoredImage }[] = [];
  for (const ref of images) {
    const { sha256: name, bytes, mediaType } = ref;
    if (bytes > MAX_BYTES || !SHOWN.has(mediaType) || total + bytes > MAX_TOTAL_BYTES) continue;
    if (!(await store.has(ref))) continue;
    total += bytes;
    small.push({ name, ref });
  }
  return inlineImages(store, small);
}
