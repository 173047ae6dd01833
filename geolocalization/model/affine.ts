/**
 * Six numbers in GDAL's order: X = g0 + g1 column + g2 row, Y = g3 + g4 column + g5 row, where column and
 * row count from the outer corner of the first pixel.
 */
export type Geotransform = readonly [number, number, number, number, number, number];

/** What the tags of a GeoTIFF say about the raster's place in its map; null where a tag is missing. */
export interface AffineTags {
  /** ModelPixelScale, 33550. */
  pixelScale: readonly number[] | null;
  /** ModelTiepoint, 33922: six numbers a point, column row depth X Y Z. */
  tiepoints: readonly number[] | null;
  /** ModelTransformation, 34264: 4 x 4, row-major. */
  transformation: readonly number[] | null;
  /** GTRasterType 2: coordinates name the center of a pixel, not its corner. */
  isPixelPoint: boolean;
}

/**
 * The affine transform that the tags state, corner-based whatever the raster type is.
 *
 * A scale counts before a matrix, as in GDAL, and rows run south whatever its sign is. A tiepoint list
 * without a scale is control, not a transform.
 *
 * @returns null when there is none, or none that can be used: not finite, or without area.
 */
export function affineFromTags(tags: AffineTags): Geotransform | null {
  const stated = fromScale(tags) ?? fromMatrix(tags.transformation);
  if (stated === null || !stated.every(Number.isFinite) || !hasArea(stated)) return null;
  return tags.isPixelPoint ? shiftByHalfPixel(stated) : stated;
}

/**
 * Whether the transform only counts pixels: the identity, or a step of one with an offset. Software that
 * cuts windows out of unreferenced images leaves such transforms behind.
 */
export function countsPixelsOnly([, g1, g2, , g4, g5]: Geotransform): boolean {
  return g1 === 1 && g2 === 0 && g4 === 0 && Math.abs(g5) === 1;
}

/** (0, 1, 0, 0, 0, 1): what many libraries write when they know of no transform. */
export function isIdentity(g: Geotransform): boolean {
  return countsPixelsOnly(g) && g[0] === 0 && g[3] === 0 && g[5] === 1;
}

/** Where a point of the raster lies in the map; (0.5, 0.5) is the center of the first pixel. */
export function toMap(g: Geotransform, column: number, row: number): [x: number, y: number] {
  return [g[0] + g[1] * column + g[2] * row, g[3] + g[4] * column + g[5] * row];
}

function fromScale({ pixelScale, tiepoints }: AffineTags): Geotransform | null {
  const [scaleX = 0, scaleY = 0] = pixelScale ?? [];
  if (scaleX === 0 || scaleY === 0 || tiepoints === null || tiepoints.length < 6) return null;
  const [column, row, , x, y] = tiepoints as [number, number, number, number, number];
  const stepY = -Math.abs(scaleY);
  return [x - column * scaleX, scaleX, 0, y - row * stepY, 0, stepY];
}

function fromMatrix(matrix: AffineTags['transformation']): Geotransform | null {
  if (matrix === null || matrix.length < 8) return null;
  const [m0, m1, , m3, m4, m5, , m7] = matrix as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return [m3, m0, m1, m7, m4, m5];
}

function hasArea([, g1, g2, , g4, g5]: Geotransform): boolean {
  return g1 * g5 - g2 * g4 !== 0;
}

function shiftByHalfPixel(g: Geotransform): Geotransform {
  const [x, y] = toMap(g, -0.5, -0.5);
  return [x, g[1], g[2], y, g[4], g[5]];
}
