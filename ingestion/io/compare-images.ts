import type { ComparedImage, Comparison } from '../../contracts/orientation-plan.ts';
import { compareOrientations, type OrientedPicture } from '../model/orientation-hypotheses.ts';
import { decodeGrey } from './image-pixels.ts';

/** Previews are much smaller. */
const MAX_PREVIEW_PIXELS = 1e6;

/** What a thread is given: whom to compare, and where their pictures lie. */
export interface ComparisonTask {
  comparison: Comparison;
  /** Preview of the image and of its neighbors, in their order. */
  previews: Uint8Array[];
}

/** Compares an image with its neighbors. Runs in a thread: the loops would hold up heartbeats. */
export async function compareImages({
  comparison: { image, neighbors },
  previews,
}: ComparisonTask): Promise<ComparedImage> {
  const [own, ...others] = previews;
  const open = async (
    view: Comparison['image'],
    preview: Uint8Array,
  ): Promise<OrientedPicture> => ({
    view,
    pixels: await decodeGrey(preview, MAX_PREVIEW_PIXELS),
  });
  return compareOrientations(
    await open(image, own!),
    neighbors.map((view, index) => () => open(view, others[index]!)),
  );
}
