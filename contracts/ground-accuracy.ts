import { z } from 'zod';
import { observationResidualSchema, residualFiguresSchema } from './image-control.ts';

const count = z.number().int().nonnegative();
const meters = z.number();

const axisSchema = z.object({
  n: count,
  mean: meters,
  standardDeviation: meters.nullable(),
  rmse: meters,
  median: meters,
  nmad: meters,
});

const statisticsSchema = z.object({
  n: count,
  east: axisSchema,
  north: axisSchema,
  up: axisSchema.nullable(),
  rmseHorizontal: meters,
  rmseVertical: meters.nullable(),
  rmse3d: meters.nullable(),
});

const percentilesSchema = z.object({
  ce90: meters,
  ce95: meters,
  le90: meters.nullable(),
  le95: meters.nullable(),
  empirical: z.object({
    ce90: meters,
    ce95: meters,
    le90: meters.nullable(),
    le95: meters.nullable(),
  }),
  nssda: z.object({
    horizontal: meters,
    formula: z.enum(['equal axes', 'average of axes', 'empirical']),
    axisRatio: z.number(),
    vertical: meters.nullable(),
  }),
});

const intervalSchema = z.object({ lower: meters, upper: meters });

const gateSchema = z.object({
  verdict: z.enum(['pass', 'review', 'fail']),
  reasons: z.array(z.string()),
  numbers: z.array(
    z.object({
      direction: z.enum(['horizontal', 'vertical']),
      classMeters: meters,
      points: count,
      rmse: meters,
      interval: intervalSchema,
      bias: meters,
    }),
  ),
});

/** A distinct point: the mean of its observations, and where its rays meet. Meters, product minus reference. */
export const pointAccuracySchema = z.object({
  point: z.string(),
  role: z.enum(['control', 'check']),
  observations: count,
  east: meters,
  north: meters,
  /** Of the place where rays meet; null where they do not, with the reason. */
  up: meters.nullable(),
  raysEast: meters.nullable(),
  raysNorth: meters.nullable(),
  rays: count,
  rayAngleDegrees: z.number().nullable(),
  rayPixels: z.number().nullable(),
  /** One sigma of the place where rays meet, from the pointing alone. */
  raySigmas: z.tuple([meters, meters, meters]).readonly().nullable(),
  reason: z.string().nullable(),
  /** WGS84, degrees; where it was surveyed. */
  longitude: z.number(),
  latitude: z.number(),
});
export type PointAccuracy = z.infer<typeof pointAccuracySchema>;

const suspectSchema = z.object({
  point: z.string(),
  image: z.string(),
  radial: meters,
  /** Null where all other residuals are equal: then no number says how far it stands out. */
  robustZ: z.number().nullable(),
  because: z.string(),
});

/** A constant shift and turn of all records, as estimated from control, and what it is worth. */
const boresightSchema = z.object({
  /** How the camera sits turned in its mount, degrees about its axes right, down and forward. */
  turnDegrees: z.tuple([z.number(), z.number(), z.number()]).readonly(),
  /** Recorded minus true position, meters east, north, up. */
  bias: z.tuple([meters, meters, meters]).readonly(),
  focalScale: z.number(),
  /** One sigma of the seven, in this order: degrees, meters, share. */
  sigmas: z.array(z.number()),
  /** What of it is no accident, in words. */
  significant: z.array(z.string()),
  entangled: z.array(
    z.object({ between: z.tuple([z.string(), z.string()]), correlation: z.number() }),
  ),
  snooped: z.array(z.object({ point: z.string(), image: z.string(), standardized: z.number() })),
  controlPoints: z.array(z.string()),
  checkPoints: z.array(z.string()),
  rmsPixelsBefore: z.number(),
  rmsPixelsAfter: z.number(),
  isWorthwhile: z.boolean(),
  /** RMSE of the length over observations of the points that took no part, before and after. */
  checkRmseBefore: meters.nullable(),
  checkRmseAfter: meters.nullable(),
  claims: z.array(z.string()),
});

/** What all images are off by along their heading, as the delay of the camera that it would take. */
const triggerDelaySchema = z.object({
  alongMeters: meters,
  /** Positive when the images were taken later than recorded. */
  seconds: z.number(),
  images: count,
  /** Lines were flown both ways, so that it is no shift of all positions. */
  isToAndFro: z.boolean(),
});

/** What surveyed points say of a flight. Meters; product minus reference. */
export const groundAccuracySchema = z.object({
  method: z.literal('direct'),
  /** Of single observations, for diagnosis. */
  observations: z.object({
    all: residualFiguresSchema.nullable(),
    /** Without those that lie outside their image. */
    inImage: residualFiguresSchema.nullable(),
    withoutSuspects: residualFiguresSchema.nullable(),
  }),
  residuals: z.array(observationResidualSchema.extend({ used: z.boolean() })),
  points: z.array(pointAccuracySchema),
  statistics: statisticsSchema.nullable(),
  statisticsWithoutSuspects: statisticsSchema.nullable(),
  percentiles: percentilesSchema.nullable(),
  intervals: z.object({
    horizontal: intervalSchema.nullable(),
    vertical: intervalSchema.nullable(),
  }),
  survey: z.object({ horizontal: meters.nullable(), vertical: meters.nullable() }),
  suspects: z.array(suspectSchema),
  patterns: z.array(
    z.object({
      kind: z.enum(['pointing', 'point', 'pose']),
      point: z.string().nullable(),
      image: z.string().nullable(),
      words: z.string(),
    }),
  ),
  swappedNames: z.array(
    z.object({
      point: z.string(),
      fits: z.string(),
      rmseAsNamed: meters,
      rmseSwapped: meters,
    }),
  ),
  unusable: z.array(z.object({ point: z.string(), image: z.string(), reason: z.string() })),
  heights: z.enum(['ellipsoidal', 'msl', 'takeoff']).nullable(),
  heightOffset: z
    .object({ meters, nmad: meters, points: count, isTakenOff: z.boolean() })
    .nullable(),
  turnedImages: z.record(z.string(), z.number()),
  verticalNotAssessed: z.string().nullable(),
  gate: gateSchema,
  suggestedClasses: z.object({ high: meters, standard: meters, visual: meters }).nullable(),
  /** Null where there is none, or no speed is recorded; not there in older reports. */
  triggerDelay: triggerDelaySchema.nullable().optional(),
  boresight: z.union([boresightSchema, z.object({ reason: z.string() })]),
  claims: z.array(z.string()),
});
export type GroundAccuracy = z.infer<typeof groundAccuracySchema>;
