import { averageGrid, type GreyRaster } from './grey-raster.ts';

/** Pixels below which a thumbnail shows nothing. */
const LEAST_SIDE = 16;

type Shape = Pick<GreyRaster, 'width' | 'height'>;

/** How a thumbnail lies to its image. */
export interface ThumbnailTurn {
  /** Degrees clockwise by which the thumbnail fits best. */
  turnDegrees: number;
  /** Correlation as it is, and turned, -1 to 1. */
  asStored: number;
  turned: number;
}

/**
 * Compares an image with the thumbnail that its camera wrote, as stored and turned. A program that turns an
 * image often leaves its thumbnail behind.
 *
 * Quarter turns are tried where one is upright and the other lies. Thumbnails of wide images have bars above
 * and below: what the shape of the image leaves over is cut off.
 *
 * @param image its stored shape, and its pixels averaged over a grid.
 * @returns the turn that fits best; null when the thumbnail fits as it is, or nothing can be said.
 */
export function thumbnailTurn(
  { grid, ...image }: { width: number; height: number; grid: GreyRaster },
  thumbnail: GreyRaster,
): ThumbnailTurn | null {
  if (Math.min(thumbnail.width, thumbnail.height) < LEAST_SIDE) return null;
  const reference = Float64Array.from(grid.samples);
  const correlationAt = (degrees: number) => {
    const fitted = cutToShape(turned(thumbnail, degrees), image);
    return correlation(reference, averageGrid(fitted, grid.width, grid.height));
  };
  const isUpright = ({ width, height }: Shape) => height > width;
  const quarters = isUpright(image) === isUpright(thumbnail) ? [] : [90, 270];
  const asStored = correlationAt(0);
  const [best] = [180, ...quarters]
    .map((turnDegrees) => ({ turnDegrees, asStored, turned: correlationAt(turnDegrees) }))
    .sort((a, b) => b.turned - a.turned);
  return best !== undefined && best.turned > asStored ? best : null;
}

/** @param degrees clockwise: 0, 90, 180 or 270. */
function turned({ width, height, samples }: GreyRaster, degrees: number): GreyRaster {
  if (degrees === 0) return { width, height, samples };
  if (degrees === 180) return { width, height, samples: Uint8Array.from(samples).reverse() };
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = degrees === 90 ? [height - 1 - y, x] : [y, width - 1 - x];
      out[row * height + column] = samples[y * width + x]!;
    }
  }
  return { width: height, height: width, samples: out };
}

/** The middle of a raster that has the shape of another. */
function cutToShape({ width, height, samples }: GreyRaster, shape: Shape): GreyRaster {
  const aspect = shape.width / shape.height;
  const columns = Math.max(1, Math.min(width, Math.round(height * aspect)));
  const rows = Math.max(1, Math.min(height, Math.round(width / aspect)));
  const [left, top] = [(width - columns) >> 1, (height - rows) >> 1];
  const cut = new Uint8Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    const from = (top + y) * width + left;
    cut.set(samples.subarray(from, from + columns), y * columns);
  }
  return { width: columns, height: rows, samples: cut };
}

/** Pearson's; 0 where one of both is level. */
function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) =>
    values.reduce((sum, each) => sum + each, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [da, db] = [a[i]! - meanA, b[i]! - meanB];
    both += da * db;
    squaresA += da * da;
    squaresB += db * db;
  }
  const scale = Math.sqrt(squaresA * squaresB);
  return scale === 0 ? 0 : both / scale;
}
