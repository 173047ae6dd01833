import { z } from 'zod';
import {
  type AssessmentRequest,
  cameraOverrideSchema,
  gateRequestSchema,
  heightsSchema,
} from './assessment.ts';
import { type ChangedThresholds, changedThresholdsSchema } from './flight-thresholds.ts';

/** Rows of images to leave out, and images of a row; a flight has no more. */
const MAX_LEFT_OUT = 10_000;
const DAY_SECONDS = 86_400;
/** A clock that was never set begins in some year of the last century. */
const MAX_CLOCK_SECONDS = 100 * 366 * DAY_SECONDS;

/** Without what terminals would obey, or what would show as something else. */
const text = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(
    /^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u,
    'it may hold no control characters',
  );
/** Each is compared with every image. */
const MAX_PATTERNS = 100;

/** Images that a person leaves out, and why. A name may hold `*` for any characters. */
export const leftOutImagesSchema = z.strictObject({
  images: z.union([text, z.array(text).min(1).max(MAX_LEFT_OUT)]),
  reason: text,
});
export type LeftOutImages = z.infer<typeof leftOutImagesSchema>;

/**
 * What `flight.json` beside the images may state. Fields that a request has, too, have its names and meaning;
 * the others are facts of a flight that no request knows.
 */
export const flightSettingsSchema = z.strictObject({
  thresholds: changedThresholdsSchema.optional(),
  camera: cameraOverrideSchema.optional(),
  heights: heightsSchema.optional(),
  accuracyClass: z.number().min(1e-6).max(1e6).optional(),
  gate: gateRequestSchema.optional(),
  /** Of the coordinates of files that name no system: `EPSG:n`, words such as `WGS84 UTM 32N`, PROJ or WKT. */
  crs: z.string().trim().min(1).max(8000).optional(),
  /** Of level ground, in the datum of the positions. */
  groundAltitudeMeters: z.number().min(-12_000).max(9000).optional(),
  /** What the camera's clock was ahead of the time of the place; taken off every time of capture. */
  clockAheadSeconds: z.number().min(-MAX_CLOCK_SECONDS).max(MAX_CLOCK_SECONDS).optional(),
  /** Added to every recorded yaw: of a compass that is turned in its mount, or points to magnetic north. */
  yawOffsetDegrees: z.number().min(-360).max(360).optional(),
  exclude: z
    .array(leftOutImagesSchema)
    .max(MAX_LEFT_OUT)
    .refine((rows) => patternsIn(rows) <= MAX_PATTERNS, {
      message: `at most ${MAX_PATTERNS} names may hold *`,
    })
    .optional(),
});

function patternsIn(rows: readonly LeftOutImages[]): number {
  return rows.flatMap(({ images }) => images).filter((name) => name.includes('*')).length;
}

export type FlightSettings = z.infer<typeof flightSettingsSchema>;

/** Who stated a value: the request wins over the file, and the file over what the images record. */
export const settingOriginSchema = z.enum(['request', 'file']);

/** What was stated about a flight, and by whom, after the request won where both said something. */
export const statedSettingsSchema = z.object({
  values: flightSettingsSchema,
  /** By the path of a value, such as `camera.focalPixels`. */
  from: z.record(z.string(), settingOriginSchema),
});
export type StatedSettings = z.infer<typeof statedSettingsSchema>;

/** The part of a request that a flight's own file may state as well. */
export type RequestedSettings = Pick<
  AssessmentRequest,
  'camera' | 'heights' | 'accuracyClass' | 'gate'
> & { thresholds?: ChangedThresholds | undefined };
