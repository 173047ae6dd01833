import { z } from 'zod';
import { findingSchema } from './findings.ts';
import { controlPointSchema, groundModelSchema, imageAttitudeSchema } from './flight.ts';
import { statedSettingsSchema } from './flight-settings.ts';

/** Whether a file that lies beside images is their ground model, by its name. */
export function isGroundModel(path: string): boolean {
  return /(?:^|\/)dem\.tif$/i.test(path);
}

/** Where one image was taken, as a file beside the images says: WGS84 degrees, true north. */
export const filedPoseSchema = z.object({
  latitude: z.number(),
  longitude: z.number(),
  altitude: z.number().nullable(),
  /** Null when the file gives no angles. */
  attitude: imageAttitudeSchema.nullable(),
  sdHorizontal: z.number().nullable(),
  sdVertical: z.number().nullable(),
});
export type FiledPose = z.infer<typeof filedPoseSchema>;

/** Where the camera was released, and when by the clock of the receiver. */
export const captureEventSchema = z.object({
  /** Of any constant beginning: the week, the day, 1970. */
  seconds: z.number(),
  latitude: z.number(),
  longitude: z.number(),
  altitude: z.number().nullable(),
  sdHorizontal: z.number().nullable(),
  sdVertical: z.number().nullable(),
});
export type CaptureEvent = z.infer<typeof captureEventSchema>;

/** The area of interest of a flight: WGS84 degrees, longitude first. */
export const boundarySchema = z.object({
  file: z.string(),
  /** Each an outline and its holes; the first corner of a ring is not repeated. */
  polygons: z.array(z.array(z.array(z.tuple([z.number(), z.number()])))),
});
export type Boundary = z.infer<typeof boundarySchema>;

/** What the text files beside the images of a flight say. */
export const flightCompanionsSchema = z.object({
  /** The file that positions are taken from; null when there is none. */
  poseFile: z.string().nullable(),
  /** By name of the image, in lower case, with or without its extension. */
  poses: z.record(z.string(), filedPoseSchema),
  /** Camera events that name no images; there when no file gives positions by name. */
  events: z.object({ file: z.string(), events: z.array(captureEventSchema) }).optional(),
  /** Surveyed points, with the names that the file gives to images. */
  control: z.array(controlPointSchema).optional(),
  /** Group of an image, by its name in lower case. */
  groups: z.record(z.string(), z.string()).optional(),
  /** What `flight.json` and the request state; there when one of them states something. */
  settings: statedSettingsSchema.optional(),
  /** Of `boundary.geojson`. */
  boundary: boundarySchema.optional(),
  /** There where the images lie in an archive or a bucket: beside a folder it is read where it is. */
  groundModel: groundModelSchema.optional(),
  findings: z.array(findingSchema),
});
export type FlightCompanions = z.infer<typeof flightCompanionsSchema>;
