import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import { orientedViewSchema } from './orientation-plan.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** An image of a block: where its pixels are, and its pose as recorded. */
export const bundleViewSchema = z.object({
  /** Above level ground at height 0, turned as the stored pixels are. */
  view: orientedViewSchema.omit({ preview: true }),
  file: artifactRefSchema,
  /** Degrees that the stored pixels are turned by against the record. */
  turnDegrees: z.number(),
  /** Meters east, north, up of the flight's origin; camera axes to these. */
  pose: z.object({ center: triple, rotation: z.tuple([triple, triple, triple]) }),
  sdPosition: triple,
});
export type BundleView = z.infer<typeof bundleViewSchema>;

/** What a bundle adjustment starts from. */
export const bundlePlanSchema = z.object({
  views: z.array(bundleViewSchema),
});
export type BundlePlan = z.infer<typeof bundlePlanSchema>;

/** One place as several images show it: pixels of the stored image, upright as the camera took it. */
export const matchedTieSchema = z.object({
  name: z.string(),
  observations: z.array(
    z.object({
      image: z.number().int(),
      pixel: z.tuple([z.number(), z.number()]),
    }),
  ),
});
export type MatchedTie = z.infer<typeof matchedTieSchema>;
export const matchedTiesSchema = z.object({ ties: z.array(matchedTieSchema) });

/** What a bundle adjustment found; doubts say why it should not be believed. */
export const bundleStatementSchema = z.union([
  z.object({ reason: z.string() }),
  z.object({
    images: z.number().int(),
    leftOutImages: z.array(z.string()),
    tiePoints: z.number().int(),
    observations: z.number().int(),
    leftOutObservations: z.number().int(),
    rmsPixels: z.number(),
    iterations: z.number().int(),
    hasConverged: z.boolean(),
    focalPixels: z.number(),
    /** By the longer side of the image. */
    focalRatio: z.number(),
    focalChange: z.number(),
    /** Adjusted minus recorded, root mean square, meters. */
    positionRms: triple,
    largestTurnDegrees: z.number(),
    turnedImages: z.array(z.string()),
    doubts: z.array(
      z.object({ code: z.enum(['CALIBRATION_IMPLAUSIBLE', 'BLOCK_WEAK']), words: z.string() }),
    ),
    /** Surveyed points that took part, and those that were held back; not there in older reports. */
    controlPoints: z.array(z.string()).optional(),
    checkPoints: z.array(z.string()).optional(),
    /** Of observations of surveyed points that took no part, before and after; meters. */
    checkRmseBefore: z.number().nullable(),
    checkRmseAfter: z.number().nullable(),
    claims: z.array(z.string()),
  }),
]);
export type BundleStatement = z.infer<typeof bundleStatementSchema>;
