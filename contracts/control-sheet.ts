import { z } from 'zod';

/** A surveyed point as its list states it, and where that is on the globe. */
export const sheetPointSchema = z.object({
  name: z.string(),
  /** Easting or longitude, northing or latitude, in the system of the list. */
  x: z.number(),
  y: z.number(),
  /** Null where no height was measured; meters above the datum of the list. */
  height: z.number().nullable(),
  /** WGS84, degrees. */
  longitude: z.number(),
  latitude: z.number(),
});
export type SheetPoint = z.infer<typeof sheetPointSchema>;

/** A point as it was found in an image: pixels as the list counts them, (0, 0) the center of the first. */
export const sheetObservationSchema = z.object({
  point: z.string(),
  image: z.string(),
  u: z.number(),
  v: z.number(),
});

/** A list of surveyed points and of where images show them. */
export const controlSheetSchema = z.object({
  file: z.string(),
  /** Check points never take part in an adjustment. */
  role: z.enum(['control', 'check']),
  /** The system of its coordinates, as the list states it. */
  crs: z.string(),
  points: z.array(sheetPointSchema),
  observations: z.array(sheetObservationSchema),
  /** Where the middle of the points would lie with x and y exchanged; null where that means nothing. */
  exchanged: z.object({ longitude: z.number(), latitude: z.number() }).nullable(),
});
export type ControlSheet = z.infer<typeof controlSheetSchema>;
