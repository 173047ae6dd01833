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
]);
export type ScenePlacement = z.infer<typeof scenePlacementSchema>;
