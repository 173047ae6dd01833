import { z } from 'zod';
import {
  cameraOverrideSchema,
  gateRequestSchema,
  heightsSchema,
} from '../../contracts/assessment.ts';
import { findingSchema } from '../../contracts/findings.ts';
import { groundModelSchema } from '../../contracts/flight.ts';

const vector = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** Meters along the plumb line that camera heights are above those of the control points. */
export const heightOffsetSchema = z.object({
  meters: z.number(),
  nmad: z.number(),
  points: z.number().int(),
  /** Too large for an error: then it can only be another datum. */
  isTakenOff: z.boolean(),
});

/**
 * What all images of a flight are assessed by: the frame, the heights, the control. Made once, before the
 * first image, so that each image can be assessed by itself.
 */
export const assessmentPlanSchema = z.object({
  schemaVersion: z.literal(1),
  /** Of the flight's frame: meters east, north, up of here. */
  origin: z.object({
    latitudeDegrees: z.number(),
    longitudeDegrees: z.number(),
    heightMeters: z.number(),
  }),
  /** What heights are above; null when nobody said. */
  heights: heightsSchema.nullable(),
  /** Taken off every camera's height: the geoid, or an offset that was estimated. */
  takenOffHeights: z.number(),
  /** Estimated where the datum is not known. */
  heightOffset: heightOffsetSchema.nullable(),
  /** Height of level ground where an image does not know its own height above it. */
  groundUp: z.number().nullable(),
  /** Path of a ground model. */
  dem: z.string().nullable(),
  /** The one that came with the images, where none is named. */
  groundModel: groundModelSchema.optional(),
  camera: cameraOverrideSchema,
  gate: gateRequestSchema,
  /** Horizontal RMSE to judge by, meters. */
  classHorizontal: z.number().nullable(),
  classVertical: z.number().nullable(),
  points: z.array(
    z.object({
      name: z.string(),
      position: vector,
      isHeightKnown: z.boolean(),
      role: z.enum(['control', 'check']),
    }),
  ),
  /** By name of the image. */
  observations: z.record(
    z.string(),
    z.array(z.object({ point: z.string(), pixel: z.tuple([z.number(), z.number()]).readonly() })),
  ),
  /** Images that were turned after they were taken, degrees; their observed pixels are turned back above. */
  turned: z.record(z.string(), z.number()),
  /** Observations that name no image of the flight, or one that was left out. */
  unused: z.array(z.object({ point: z.string(), image: z.string(), reason: z.string() })),
  /** Why there is no control, when there is none. */
  noControl: z.string().nullable(),
  findings: z.array(findingSchema),
});
export type AssessmentPlan = z.infer<typeof assessmentPlanSchema>;
export type PlannedPoint = AssessmentPlan['points'][number];
