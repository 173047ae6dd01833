/** A run of consecutive items of a page. */
export interface Slice {
  from: number;
  count: number;
}

/** Cuts `total` items into slices of `size`, the last one shorter. */
export function cutIntoSlices(total: number, size: number): Slice[] {
  return Array.from({ length: Math.ceil(total / size) }, (_, index) => ({
    from: index * size,
    count: Math.min(size, total - index * size),
  }));
}

/**
 * Images per batch of pixel work: some seconds to a minute of work. Small flights get small batches,
 * so that several workers find something to do.
 */
export function pixelBatchSize(imageCount: number): number {
  return Math.min(25, Math.max(5, Math.ceil(imageCount / 16)));
}
