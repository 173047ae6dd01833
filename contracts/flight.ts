import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import { controlSheetSchema } from './control-sheet.ts';
import { findingSchema } from './findings.ts';

const count = z.number().int().nonnegative();

/** One image of a flight, and where it is fetched from: an absolute path or a URL. */
export const imageSourceSchema = z.object({
  /** Unique in the flight: the path below the flight's folder, or the last part of the URL. */
  name: z.string(),
  location: z.string(),
});
export type ImageSource = z.infer<typeof imageSourceSchema>;

/** A page of sources, at most `PAGE_SIZE`, in order of name. */
export const imageListingPageSchema = z.object({ sources: z.array(imageSourceSchema) });

/** One image after fetching: its file, or the finding that says why there is none. */
export const fetchedImageSchema = z.object({
  name: z.string(),
  file: artifactRefSchema.nullable(),
  findings: z.array(findingSchema),
});
export type FetchedImage = z.infer<typeof fetchedImageSchema>;
export const fetchedBatchSchema = z.object({ images: z.array(fetchedImageSchema) });

/** Sharpness and exposure of one image, from one full decode. Luminance is 0 (black) to 1. */
export const pixelMeasuresSchema = z.object({
  /** Perceptual blur metric (Crete): 0 sharp, 1 featureless. */
  blur: z.number(),
  laplacianVariance: z.number(),
  meanLuminance: z.number(),
  percentile1: z.number(),
  percentile99: z.number(),
  /** Share of pixels at most 5/255. */
  clipLow: z.number(),
  /** Share of pixels at least 250/255. */
  clipHigh: z.number(),
  /** Of the 256-bin histogram, bits. */
  entropy: z.number(),
});
export type PixelMeasures = z.infer<typeof pixelMeasuresSchema>;

/** WGS84, degrees; altitude in meters above a datum that consumer receivers do not state. */
export const imagePositionSchema = z.object({
  latitude: z.number(),
  longitude: z.number(),
  altitude: z.number().nullable(),
  /** `file` is a position file beside the images. */
  source: z.enum(['exif', 'xmp', 'file']),
  /** One sigma as the receiver states it, meters; null when it does not. */
  sdHorizontal: z.number().nullable(),
  sdVertical: z.number().nullable(),
  rtkFlag: z.number().nullable(),
  /** There when the tags lack N or S, E or W: the signs are then those that fit the flight best. */
  hemisphere: z.literal('assumed').optional(),
});
export type ImagePosition = z.infer<typeof imagePositionSchema>;

/** Gimbal record, degrees: yaw clockwise from true north, pitch -90 at nadir. */
export const imageAttitudeSchema = z.object({
  yaw: z.number(),
  pitch: z.number(),
  roll: z.number(),
});
export type ImageAttitude = z.infer<typeof imageAttitudeSchema>;

/**
 * The lens as its calibration states it, in pixels of the stored image; distortion in the order of Brown's
 * model as OpenCV has it. All zero where the camera has taken it out already.
 */
export const imageLensSchema = z.object({
  model: z.enum(['perspective', 'fisheye']),
  focalX: z.number().nullable(),
  focalY: z.number().nullable(),
  /** The principal point; null where it is not stated. */
  centerX: z.number().nullable(),
  centerY: z.number().nullable(),
  k1: z.number(),
  k2: z.number(),
  k3: z.number(),
  p1: z.number(),
  p2: z.number(),
  source: z.enum(['dewarp', 'dewarped', 'calibrated', 'model']),
});
export type ImageLens = z.infer<typeof imageLensSchema>;

export const imageDescriptionSchema = z.object({
  format: z.string(),
  width: count,
  height: count,
  orientation: count.nullable(),
  make: z.string().nullable(),
  model: z.string().nullable(),
  /** Local ISO time as the camera wrote it, without zone. */
  capturedAt: z.string().nullable(),
  position: imagePositionSchema.nullable(),
  attitude: imageAttitudeSchema.nullable(),
  /** Above the take-off point, meters. */
  relativeAltitude: z.number().nullable(),
  focalPixels: z.number().nullable(),
  focalSource: z.string().nullable(),
  /** Not there where no calibration is stated. */
  lens: imageLensSchema.nullable().optional(),
  /** Width as the camera took it, pixels, before anyone made the file smaller. */
  originalWidth: z.number().nullable().optional(),
  measures: pixelMeasuresSchema.nullable(),
  thumbnail: artifactRefSchema.nullable(),
});
export type ImageDescription = z.infer<typeof imageDescriptionSchema>;

/** One image of the manifest: what it is, whether it may be used, and why not. */
export const flightImageSchema = z.object({
  name: z.string(),
  file: artifactRefSchema.nullable(),
  description: imageDescriptionSchema.nullable(),
  usable: z.boolean(),
  findings: z.array(findingSchema),
});
export type FlightImage = z.infer<typeof flightImageSchema>;
export const flightImagesSchema = z.object({ images: z.array(flightImageSchema) });

export const flightVerdictSchema = z.enum(['accepted', 'accepted_with_warnings', 'rejected']);

/** The flight as ingestion hands it on. Its images stand in parts of at most `PAGE_SIZE`, each a file of its own. */
export const flightManifestSchema = z.object({
  schemaVersion: z.literal(1),
  flightId: z.string(),
  thresholds: z.record(z.string(), z.number()),
  counts: z.object({ images: count, usable: count, failed: count }),
  statistics: z.object({
    blurMedian: z.number().nullable(),
    blurNmad: z.number().nullable(),
    positions: count,
    /** The file that positions were taken from, where it was not the tags. */
    positionFile: z.string().nullable().optional(),
    capturedFrom: z.string().nullable(),
    capturedTo: z.string().nullable(),
    cameras: z.array(z.object({ camera: z.string(), images: count })),
    /** WGS84 bounding box of the positions: west, south, east, north. */
    bounds: z.array(z.number()).nullable(),
  }),
  parts: z.array(artifactRefSchema),
  /** Lists of surveyed points; not there when there are none. */
  control: z.array(controlSheetSchema).optional(),
  findings: z.array(findingSchema),
  verdict: flightVerdictSchema,
});
export type FlightManifest = z.infer<typeof flightManifestSchema>;

/** What the ingestion workflow returns: small, whatever the size of the flight. */
export const ingestedFlightSchema = z.object({
  manifest: artifactRefSchema,
  parts: z.array(artifactRefSchema),
  partSizes: z.array(count),
  counts: z.object({ images: count, usable: count, failed: count }),
  verdict: flightVerdictSchema,
  capturedFrom: z.string().nullable(),
});
export type IngestedFlight = z.infer<typeof ingestedFlightSchema>;
