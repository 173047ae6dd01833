import { z } from 'zod';

/** What is wrong, or remarkable, about one image, file or flight. Codes are stable: clients branch on them. */
export const findingCodeSchema = z.enum([
  'ALTITUDE_OUTLIER',
  'ATTITUDE_MISSING',
  'BLURRED',
  'CAMERA_MISMATCH',
  'CONTROL_CONFLICT',
  'CRS_MISSING',
  'CRS_UNKNOWN',
  'DECODE_TIMEOUT',
  'DOWNLOAD_FAILED',
  'DUPLICATE_CONTENT',
  'EDITED_IMAGE',
  'FILE_EMPTY',
  'FILE_MISSING',
  'FOCAL_UNKNOWN',
  'GCP_ROW_INVALID',
  'GEO_IMAGE_MISSING',
  'GEO_ROW_INVALID',
  'GPS_INVALID',
  'GPS_MISSING',
  'GPS_OUTLIER',
  'GPS_REF_MISSING',
  'GPS_SOURCES_DISAGREE',
  'GPS_ZERO',
  'GSD_SPREAD',
  'IMAGE_CORRUPT',
  'IMAGE_TOO_LARGE',
  'IMAGE_TRUNCATED',
  'NOT_AN_IMAGE',
  'OVEREXPOSED',
  'PATH_ESCAPE',
  'PIXELS_UNSUPPORTED',
  'POISONED',
  'RTK_NOT_FIXED',
  'SIZE_MISMATCH',
  'TIME_DUPLICATE',
  'TIME_MISSING',
  'TIME_NOT_MONOTONIC',
  'TOO_FEW_IMAGES',
  'TOO_MANY_ERRORS',
  'UNDEREXPOSED',
]);

export const findingSchema = z.object({
  code: findingCodeSchema,
  severity: z.enum(['info', 'warning', 'error']),
  scope: z.enum(['file', 'image', 'flight', 'control']),
  /** The image, file or flight that it is about. */
  subject: z.string(),
  message: z.string(),
  values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
});

export type FindingCode = z.infer<typeof findingCodeSchema>;
export type Finding = z.infer<typeof findingSchema>;

/** Errors of the file or its identity: the image leaves the fan-out. Other errors leave its geometry usable. */
export const excludingCodes: readonly FindingCode[] = [
  'ALTITUDE_OUTLIER',
  'CAMERA_MISMATCH',
  'DECODE_TIMEOUT',
  'DOWNLOAD_FAILED',
  'DUPLICATE_CONTENT',
  'FILE_EMPTY',
  'FILE_MISSING',
  'GPS_INVALID',
  'GPS_OUTLIER',
  'GPS_ZERO',
  'IMAGE_CORRUPT',
  'IMAGE_TOO_LARGE',
  'IMAGE_TRUNCATED',
  'NOT_AN_IMAGE',
  'POISONED',
  'SIZE_MISMATCH',
];
