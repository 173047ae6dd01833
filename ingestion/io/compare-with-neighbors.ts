import type { ComparedImage, Comparison } from '../../contracts/orientation-plan.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { compareInThread } from './pixel-threads.ts';

/** Compares an image with its neighbors by their previews, which are small enough to be read at once. */
export async function compareWithNeighbors(
  comparison: Comparison,
  store: ArtifactStore,
  threads: number,
): Promise<ComparedImage> {
  const views = [comparison.image, ...comparison.neighbors];
  const previews = await Promise.all(views.map(({ preview }) => store.readBytes(preview)));
  return compareInThread({ comparison, previews }, threads);
}
