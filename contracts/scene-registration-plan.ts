import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import { geotransformSchema, mapNameSchema, scenePlacementSchema } from './scene-placement.ts';
import { comparedBandsSchema, referenceFileSchema } from './scene-registration.ts';

const count = z.number().int().nonnegative();
const pixels = z.object({ x: z.number(), y: z.number() });
const window = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: count,
  height: count,
});

/** What every batch of windows of a scene has to know: written once, before the first of them. */
export const registrationPlanSchema = z.object({
  schemaVersion: z.literal(1),
  /** Of both contents, so that what is drawn at random is the same in every run. */
  seed: z.string(),
  /** The first gives the grid. */
  references: z.array(referenceFileSchema).min(1),
  grid: z.object({
    map: mapNameSchema,
    transform: geotransformSchema,
    width: count,
    height: count,
    /** Pixels of the first reference that make one of the grid, along each axis. */
    reduction: count,
    /** Pixel of the first reference at which the grid starts. */
    origin: pixels,
    pixelMeters: z.object({ column: z.number(), row: z.number() }),
  }),
  target: z.object({
    file: artifactRefSchema,
    placement: scenePlacementSchema,
    width: count,
    height: count,
    bands: z.array(count),
    /** A mask of it in a file of its own: 0 where it holds no data. */
    mask: artifactRefSchema.optional(),
    /** Of pixels without data, when a file beside it says so. */
    nodata: z.number().optional(),
    /** False when its own pixels are those of the grid, but for a shift. */
    isResampled: z.boolean(),
  }),
  /** Of the target and the first reference, when wavelengths decided which are compared. */
  comparedBands: comparedBandsSchema.optional(),
  /** Heights for a scene with rational polynomials. */
  dem: referenceFileSchema.nullable(),
  /** Pixel (x, y) of the grid is (x + offset.x, y + offset.y) of what is read of the target. */
  offset: pixels,
  /** When the scene lies elsewhere than it states, or states nothing: the place is what a search found. */
  search: z.object({ places: z.number(), stated: scenePlacementSchema.nullable() }).optional(),
  /** How many places as large as one search were looked at. */
  places: z.number(),
  /** Whether the coarse look showed that no other place is as good; plans of older versions do not say. */
  isWithoutRivals: z.boolean().optional(),
  /** Where to look, one after the other until the scene is located. */
  looks: z.array(
    z.object({
      expected: pixels,
      windows: z.array(window),
      overlap: z.number(),
      searchRadius: z.number(),
    }),
  ),
});
export type RegistrationPlan = z.infer<typeof registrationPlanSchema>;

/** How a window of the target lies on the reference. */
const comparedWindowSchema = z.object({
  window,
  at: pixels,
  shift: pixels,
  ratio: z.number(),
  peakToSidelobe: z.number(),
  orientation: z.enum(['axis', 'direction']),
  roundTrip: z.number(),
  isAccepted: z.boolean(),
});

/** One window of a look and what it gave; the same shape for the check of a corrected scene. */
export const measuredWindowSchema = z.union([
  comparedWindowSchema.extend({
    similarityBefore: z.number().nullable().optional(),
    similarityAfter: z.number().nullable().optional(),
  }),
  z.object({ window, refusal: z.enum(['NO_DATA', 'FLAT']) }),
]);
export type MeasuredWindow = z.infer<typeof measuredWindowSchema>;

export const measuredWindowsSchema = z.object({ windows: z.array(measuredWindowSchema) });

const shiftModel = z.object({
  kind: z.enum(['translation', 'similarity', 'affine', 'polynomial']),
  center: pixels,
  radius: z.number(),
  x: z.array(z.number()),
  y: z.array(z.number()),
});

/** What the windows of a look agree on. */
export const judgedLookSchema = z.object({
  status: z.enum(['LOCATED', 'WEAK', 'NO_MATCH', 'NOT_COMPARABLE', 'UNLOCATED']),
  reason: z.string(),
  falseAlarms: z.number().nullable(),
  model: shiftModel.nullable(),
  shift: pixels.nullable(),
  compared: count,
  skipped: count,
  accepted: count,
  agreeing: count,
  standardError: z.number().nullable(),
  rmsBefore: z.number().nullable(),
  rmsAfter: z.number().nullable(),
  circularError90: z.number().nullable(),
  tiePoints: z.array(comparedWindowSchema.extend({ isInlier: z.boolean() })),
});
export type JudgedLook = z.infer<typeof judgedLookSchema>;
