import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import { findingSchema } from './findings.ts';
import { verdictSchema } from './automation.ts';
import { groundAccuracySchema } from './ground-accuracy.ts';
import { bundleStatementSchema } from './bundle.ts';
import { relativeAccuracySchema } from './relative-pairs.ts';
import { imageControlSchema } from './image-control.ts';

const count = z.number().int().nonnegative();

/** Ground sample distance, meters per pixel. */
export const groundSampleDistanceSchema = z.object({
  /** Height above ground over focal length, as for a level camera. */
  nominal: z.number(),
  /** Square root of the footprint's area over the number of pixels; null without an attitude record. */
  mean: z.number().nullable(),
  /** Of the pixel at the principal point, and of the corner pixel where it is largest. */
  principal: z.number().nullable().optional(),
  maximum: z.number().nullable().optional(),
});

/** What is known of one image's geometry and quality. A figure that cannot be given is null, with its reason. */
export const imageAccuracySchema = z.object({
  name: z.string(),
  usable: z.boolean(),
  gsd: groundSampleDistanceSchema.nullable(),
  heightAboveGround: z.number().nullable(),
  /** Angle between the optical axis and the plumb line, degrees. */
  tiltDegrees: z.number().nullable(),
  /** Corners of the image on the ground, WGS84 longitude and latitude, closed, counter-clockwise. */
  footprint: z.array(z.array(z.number())).nullable(),
  /** Expected horizontal error of direct georeferencing, one sigma, meters. */
  expectedSigma: z.number().nullable(),
  blur: z.number().nullable(),
  meanLuminance: z.number().nullable(),
  reasons: z.array(z.string()),
  /** What surveyed points say of it; not there in an image that shows none. */
  control: imageControlSchema.optional(),
  findings: z.array(findingSchema).optional(),
});
export type ImageAccuracy = z.infer<typeof imageAccuracySchema>;
export const imageAccuraciesSchema = z.object({ images: z.array(imageAccuracySchema) });

/** What an `AccuracyPageWorkflow` returns. */
export interface PageAccuracy {
  page: number;
  /** Null when the page could not be assessed; the reason is then given. */
  images: z.infer<typeof artifactRefSchema> | null;
  imageCount: number;
  reason: string | null;
}

const spreadSchema = z
  .object({ n: count, minimum: z.number(), median: z.number(), maximum: z.number() })
  .nullable();
export type Spread = z.infer<typeof spreadSchema>;

/** The accuracy of a flight, as far as it was shown. */
export const flightAccuracySchema = z.object({
  schemaVersion: z.literal(1),
  flightId: z.string(),
  imagesAssessed: count,
  imagesUnassessed: count,
  gsd: spreadSchema,
  tiltDegrees: spreadSchema,
  expectedSigma: spreadSchema,
  blur: spreadSchema,
  meanLuminance: spreadSchema,
  /** Of distinct surveyed points, meters; null where none was evaluated. */
  rmseHorizontal: z.number().nullable(),
  /** What surveyed points say of the flight; null where there are none. */
  ground: groundAccuracySchema.nullable().optional(),
  /** What overlapping images say of each other; null where they were not compared. */
  relative: relativeAccuracySchema.nullable().optional(),
  /** What a bundle adjustment found; null where none was asked for. */
  bundle: bundleStatementSchema.nullable().optional(),
  parts: z.array(artifactRefSchema),
  findings: z.array(findingSchema),
  verdict: verdictSchema,
  reasons: z.array(z.string()),
});
export type FlightAccuracy = z.infer<typeof flightAccuracySchema>;

/** What the accuracy workflow returns. */
export const assessedFlightSchema = z.object({
  accuracy: artifactRefSchema,
  verdict: verdictSchema,
  rmseHorizontal: z.number().nullable(),
  reasons: z.array(z.string()),
});
export type AssessedFlight = z.infer<typeof assessedFlightSchema>;
