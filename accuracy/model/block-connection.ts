import type { BundleBlock, TiePoint } from './bundle-block.ts';

/** Tie points that two images must share to hold together. */
const LEAST_SHARED = 6;

/**
 * Groups of images that hold together by tie points, the largest first; each group in ascending order.
 *
 * @param images how many there are; an image without enough tie points is a group of its own.
 */
export function connectedImages(images: number, tiePoints: readonly TiePoint[]): number[][] {
  const shared = new Map<number, number>();
  for (const { observations } of tiePoints) {
    const seenBy = [...new Set(observations.map(({ image }) => image))].toSorted((a, b) => a - b);
    seenBy.forEach((a, index) => {
      for (const b of seenBy.slice(index + 1)) {
        shared.set(a * images + b, (shared.get(a * images + b) ?? 0) + 1);
      }
    });
  }
  const parent = Array.from({ length: images }, (_, index) => index);
  const rootOf = (image: number): number => {
    let root = image;
    while (parent[root] !== root) root = parent[root]!;
    return root;
  };
  for (const [key, count] of shared) {
    if (count < LEAST_SHARED) continue;
    const [a, b] = [rootOf(Math.floor(key / images)), rootOf(key % images)];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  const groups = new Map<number, number[]>();
  for (const image of parent.keys()) {
    const root = rootOf(image);
    groups.set(root, [...(groups.get(root) ?? []), image]);
  }
  return [...groups.values()].toSorted((a, b) => b.length - a.length || a[0]! - b[0]!);
}

/** The part of a block that can be adjusted, and what is left out of it. */
export interface ConnectedPart {
  block: BundleBlock;
  /** Names of images without enough ties to the part. */
  leftOut: string[];
}

/** The normal equations of more images take too long in one step of a workflow. */
const MOST_IMAGES = 200;
const LEAST_IMAGES = 3;

/**
 * The largest group of images that hold together, as a block of its own.
 *
 * @returns a reason instead when it is too small, too large, or less than half of the images: the
 * adjustment would then not speak for the flight. The groups are named.
 */
export function connectedPart(block: BundleBlock): ConnectedPart | { reason: string } {
  const groups = connectedImages(block.images.length, block.tiePoints);
  const [largest = []] = groups;
  const nameOf = (image: number) => block.images[image]!.name;
  if (largest.length < LEAST_IMAGES || 2 * largest.length < block.images.length) {
    const named = groups.map((group) => `${nameOf(group[0]!)} and ${group.length - 1} more`);
    return { reason: `the images fall apart into ${groups.length} groups: ${named.join('; ')}` };
  }
  if (largest.length > MOST_IMAGES) {
    return { reason: `at most ${MOST_IMAGES} images can be adjusted: found ${largest.length}` };
  }
  const numbers = new Map(largest.map((image, index) => [image, index]));
  const tiePoints = block.tiePoints.flatMap(({ observations, ...rest }): TiePoint[] => {
    const within = observations.flatMap(({ image, pixel }) => {
      const number = numbers.get(image);
      return number === undefined ? [] : [{ image: number, pixel }];
    });
    // One ray to a surveyed point says something; to another, nothing.
    const needed = rest.surveyed === undefined ? 2 : 1;
    return within.length < needed ? [] : [{ ...rest, observations: within }];
  });
  return {
    block: {
      camera: block.camera,
      images: largest.map((image) => block.images[image]!),
      tiePoints,
    },
    leftOut: groups.slice(1).flat().map(nameOf).toSorted(),
  };
}
