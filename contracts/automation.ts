import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import {
  assessmentRequestSchema,
  cameraOverrideSchema,
  gateRequestSchema,
  heightsSchema,
} from './assessment.ts';
import { changedThresholdsSchema } from './flight-thresholds.ts';

const longitude = z.number().min(-180).max(180);
const latitude = z.number().min(-90).max(90);
/** West, south, east, north, degrees; west is greater than east across the antimeridian (RFC 7946, 5.2). */
const searchAreaSchema = z
  .tuple([longitude, latitude, longitude, latitude])
  .refine(([, south, , north]) => south < north, {
    message: 'it has to be west, south, east, north with south below north',
  })
  .refine(([west, , east]) => west < east || (west > east && east + 360 - west < 180), {
    message:
      'it has to be west, south, east, north with west below east, or above it across the antimeridian, such as 179, -18, -179, -16',
  });
const text = z.string().trim().min(1);
const name = text.max(200);

const flightFields = [
  'dem',
  'control',
  'checkPoints',
  'heights',
  'accuracyClass',
  'camera',
  'gate',
] as const;
const sceneFields = ['reference', 'searchArea', 'warp'] as const;

/** Fields that are accepted but not carried out for a type of images; the result names them as not evaluated. */
export const deferredFields = {
  Navad: sceneFields,
  Satellite: [...sceneFields, ...flightFields],
} as const;

/**
 * One request as clients send it, after its keys have been brought to camelCase.
 *
 * Only the first two are needed: `imagePath` is a folder, an image, a zip archive, an http(s) or s3 address,
 * or a list file of them.
 */
export const automationRequestSchema = z.object({
  imagePath: text.max(4096),
  imageType: z.enum(['Navad', 'Satellite']),
  jobId: name.optional(),
  tenant: name.optional(),
  force: z.boolean().optional(),
  /** Ends after ingestion: a flight is examined, and nothing is assessed. */
  checkOnly: z.boolean().optional(),
  /** Limits of the flight's verdict that differ from the defaults; all are kept in its manifest. */
  thresholds: changedThresholdsSchema.optional(),
  reference: text.optional(),
  /** Of scenes that are located: also a copy whose pixels are resampled onto the reference's map. */
  warp: z.boolean().optional(),
  /** Of scenes that state no place: where in the reference they are looked for. */
  searchArea: searchAreaSchema.optional(),
  dem: text.optional(),
  control: text.optional(),
  checkPoints: text.optional(),
  heights: heightsSchema.optional(),
  accuracyClass: z.number().min(1e-6).max(1e6).optional(),
  camera: cameraOverrideSchema.optional(),
  gate: gateRequestSchema.optional(),
});

export type AutomationRequest = z.infer<typeof automationRequestSchema>;

export type ImageType = AutomationRequest['imageType'];

/**
 * Where the images come from, found and checked. `location` is an absolute path or a URL; that of a bucket
 * is `s3://bucket/prefix`, which may be one object, too.
 */
export const imageOriginSchema = z.object({
  kind: z.enum(['folder', 'file', 'list', 'url', 'url-list', 'archive', 'bucket']),
  location: z.string(),
});

export type ImageOrigin = z.infer<typeof imageOriginSchema>;

/** A request that has been checked: nothing in it needs to be doubted any more. */
export const admittedRequestSchema = z.object({
  imageType: z.enum(['Navad', 'Satellite']),
  jobId: z.string(),
  tenant: z.string(),
  origin: imageOriginSchema,
  force: z.boolean(),
  /** Not there in requests that were admitted by an older version. */
  checkOnly: z.boolean().optional(),
  thresholds: changedThresholdsSchema.optional(),
  /** How a flight is to be judged; not there in requests that were admitted by an older version. */
  assessment: assessmentRequestSchema.optional(),
  /** Of scenes: what they are compared with, a file or a folder of files. */
  reference: imageOriginSchema.optional(),
  /** Of scenes: heights of the ground above the ellipsoid. */
  dem: imageOriginSchema.optional(),
  /** Of scenes that state no place: where they are looked for. */
  searchArea: searchAreaSchema.optional(),
  /** Of scenes: whether a resampled copy is wanted. */
  warp: z.boolean().optional(),
  /** Owner of everything that the run writes to the artifact store, and the name of its folder of results. */
  runKey: z.string(),
  notEvaluated: z.array(z.string()),
});

export type AdmittedRequest = z.infer<typeof admittedRequestSchema>;

/** Of a flight `pass review fail`; of a scene the rest: `stated` means by the file alone. */
export const verdictSchema = z.enum([
  'pass',
  'review',
  'fail',
  'stated',
  'unlocated',
  'located',
  'weak',
  'no-match',
  'not-comparable',
]);

export type Verdict = z.infer<typeof verdictSchema>;

/** What a run gives back: words for people, numbers for programs, references to the documents. */
export const automationResultSchema = z.object({
  imageType: z.enum(['Navad', 'Satellite']),
  jobId: z.string(),
  message: z.string(),
  verdict: verdictSchema,
  counts: z.object({
    images: z.number().int(),
    usable: z.number().int(),
    failed: z.number().int(),
    /** Left out by a flight's own file; there where it leaves out any. */
    excluded: z.number().int().optional(),
  }),
  /** SHA-256 of the result document: equal for equal input, whatever happened on the way. */
  digest: z.string(),
  documents: z.record(z.string(), artifactRefSchema),
  runKey: z.string(),
  notEvaluated: z.array(z.string()),
});

export type AutomationResult = z.infer<typeof automationResultSchema>;
