import { z } from 'zod';

const normalization = { offset: z.number(), scale: z.number() };
const imageAxis = z.object({
  ...normalization,
  numerator: z.array(z.number()),
  denominator: z.array(z.number()),
});

/** A map: an EPSG code, or a PROJ string or WKT that stands for itself. */
export const mapNameSchema = z.union([
  z.object({ epsg: z.number().int() }),
  z.object({ definition: z.string() }),
]);
export type MapName = z.infer<typeof mapNameSchema>;

/** Six numbers in GDAL's order, from the outer corner of the first pixel. */
export const geotransformSchema = z.tuple([
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
  z.number(),
]);

/** A pixel, from the outer corner of the first one, and where it lies in a map. */
export const groundControlSchema = z.object({
  column: z.number(),
  row: z.number(),
  x: z.number(),
  y: z.number(),
});
export type GroundControl = z.infer<typeof groundControlSchema>;

/** One coordinate of the map: constant + perU u + perV v + the sum of weights d^2 ln d^2. */
const splineAxis = z.object({
  constant: z.number(),
  perU: z.number(),
  perV: z.number(),
  weights: z.array(z.number()),
});

/** From columns and rows to a map, where no six numbers can tell it. */
export const controlModelSchema = z.discriminatedUnion('kind', [
  /** Row-major 3 x 3: (column, row, 1) to a multiple of (x, y, 1). */
  z.object({ kind: z.literal('projective'), matrix: z.array(z.number()).length(9) }),
  z.object({
    kind: z.literal('thin-plate-spline'),
    /** u = (column - origin.column) / scale, v alike. */
    origin: z.object({ column: z.number(), row: z.number() }),
    scale: z.number(),
    /** As u and v: d is the distance to each. */
    anchors: z.array(z.tuple([z.number(), z.number()])),
    x: splineAxis,
    y: splineAxis,
  }),
]);
export type ControlModel = z.infer<typeof controlModelSchema>;

/** How the pixels of a scene and the ground belong together, whole enough to compute with. */
export const scenePlacementSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('affine'),
    /** Where the transform comes from. */
    source: z.enum(['file', 'auxiliary-file', 'world-file', 'control-points', 'search']),
    transform: geotransformSchema,
    map: mapNameSchema,
  }),
  z.object({
    kind: z.literal('rpc'),
    /** Where the coefficients come from: `tag`, or the ending of the file beside the scene. */
    source: z.string(),
    /** Of this file's own pixels, the offset of a chip taken off already; see `RationalPolynomials`. */
    model: z.object({
      line: imageAxis,
      sample: imageAxis,
      latitude: z.object(normalization),
      longitude: z.object(normalization),
      height: z.object(normalization),
      errorBiasMeters: z.number().nullable(),
      errorRandomMeters: z.number().nullable(),
    }),
    /** Meters above the ellipsoid that pixels are taken to lie at, where no height model says better. */
    heightMeters: z.number(),
  }),
  z.object({
    kind: z.literal('control'),
    /** Where the points come from. */
    source: z.enum(['file', 'auxiliary-file']),
    model: controlModelSchema,
    /** Those that it was fitted to. */
    points: z.array(groundControlSchema),
    map: mapNameSchema,
  }),
]);
export type ScenePlacement = z.infer<typeof scenePlacementSchema>;
