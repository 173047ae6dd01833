import { z } from 'zod';
import { cameraGeometrySchema } from './camera-geometry.ts';

const exactSum = z.array(z.number()).readonly();
const vector = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** One observation of a surveyed point against where the image puts it: product minus reference. */
export const observationResidualSchema = z.object({
  point: z.string(),
  image: z.string(),
  /** Observed minus projected, pixels. */
  du: z.number(),
  dv: z.number(),
  /** On the ground, meters. */
  east: z.number(),
  north: z.number(),
  radial: z.number(),
  along: z.number(),
  across: z.number(),
  rayAngleDegrees: z.number(),
  isHeightSurveyed: z.boolean(),
  isInImage: z.boolean(),
});

const residualSumsSchema = z.object({
  n: z.number().int(),
  east: exactSum,
  north: exactSum,
  eastEast: exactSum,
  northNorth: exactSum,
  eastNorth: exactSum,
  pixelsSquared: exactSum,
  greatest: z.number(),
});

export const residualFiguresSchema = z.object({
  n: z.number().int(),
  meanEast: z.number(),
  meanNorth: z.number(),
  rmseEast: z.number(),
  rmseNorth: z.number(),
  rmseRadial: z.number(),
  rmsePixels: z.number(),
  greatest: z.number(),
});

/** Camera and pose that the residuals of an image were computed with: meters, and pixels. */
const geometrySchema = z.object({
  camera: cameraGeometrySchema,
  pose: z.object({ center: vector, rotation: z.tuple([vector, vector, vector]).readonly() }),
});

/** What surveyed points say of one image. */
export const imageControlSchema = z.object({
  residuals: z.array(
    observationResidualSchema.extend({ pixel: z.tuple([z.number(), z.number()]).readonly() }),
  ),
  unusable: z.array(z.object({ point: z.string(), image: z.string(), reason: z.string() })),
  sums: residualSumsSchema,
  sumsWithoutSuspects: residualSumsSchema,
  figures: residualFiguresSchema.nullable(),
  /** Radial RMSE over what was expected; above 3 the image is an outlier. */
  normalized: z.number().nullable(),
  geometry: geometrySchema.nullable(),
  /** As recorded, meters a second; not there in results of older versions. */
  groundSpeed: z.number().nullable().optional(),
});
export type ImageControl = z.infer<typeof imageControlSchema>;
