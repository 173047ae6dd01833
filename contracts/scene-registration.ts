import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import { sceneFindingSchema } from './scene-finding.ts';
import {
  controlModelSchema,
  geotransformSchema,
  groundControlSchema,
  mapNameSchema,
} from './scene-placement.ts';

const count = z.number().int().nonnegative();
const pixels = z.object({ x: z.number(), y: z.number() });

/** Of the bands of a file, in micrometers; null where it does not tell. */
export const wavelengthsSchema = z.array(z.number().nullable());

/** Bands of both sides, counted from 0 in what was read of them, and their wavelengths in micrometers. */
export const comparedBandsSchema = z.object({
  scene: z.array(count),
  reference: z.array(count),
  wavelengths: z.object({ scene: z.number(), reference: z.number() }),
});

/**
 * LOCATED: chance does not explain it. WEAK: it might. NO_MATCH: it does. NOT_COMPARABLE: there was nothing
 * to compare. UNLOCATED: the scene does not say where to look, and no search has found it.
 */
export const registrationStatusSchema = z.enum([
  'LOCATED',
  'WEAK',
  'NO_MATCH',
  'NOT_COMPARABLE',
  'UNLOCATED',
]);

/** One file that a scene is compared with. */
export const referenceFileSchema = z.object({
  name: z.string(),
  file: artifactRefSchema,
  transform: geotransformSchema,
  map: mapNameSchema,
  width: count,
  height: count,
  bands: z.array(count),
  /** Of all bands of the file. */
  wavelengths: wavelengthsSchema.optional(),
  /** A mask of it in a file of its own: 0 where it holds no data. */
  mask: artifactRefSchema.optional(),
  /** Of pixels without data, when a file beside it says so. */
  nodata: z.number().optional(),
  /** Root mean square error in meters, where a catalog states it. */
  statedErrorMeters: z.number().optional(),
  /** What was read of a larger file elsewhere: its columns and rows, and how many pixels make one here. */
  part: z
    .object({ x: count, y: count, width: count, height: count, reduction: z.number() })
    .optional(),
});
export type ReferenceFile = z.infer<typeof referenceFileSchema>;

/** How far content lies from where its own georeference puts it, on the ground. */
export const groundDisplacementSchema = z.object({
  eastMeters: z.number(),
  northMeters: z.number(),
  lengthMeters: z.number(),
  /** Clockwise from north; null when the length is 0. */
  azimuthDegrees: z.number().nullable(),
});

/** Where a scene lies against its reference, and how well that is known. */
export const sceneRegistrationSchema = z.object({
  schemaVersion: z.literal(1),
  status: registrationStatusSchema,
  /** One sentence. */
  reason: z.string(),
  /** Files that the scene was compared with, the most overlapping first. */
  references: z.array(
    z.object({
      name: z.string(),
      /** Of what was compared with: of a file elsewhere that is the part that was read. */
      sha256: z.string(),
      part: referenceFileSchema.shape.part,
      statedErrorMeters: referenceFileSchema.shape.statedErrorMeters,
    }),
  ),
  /** Expected number of places as good as this one by chance; null when nothing was compared. */
  falseAlarms: z.number().nullable(),
  falseAlarmWords: z.string(),
  /** When the scene was looked for elsewhere than where it states. */
  search: z
    .object({
      /** How many places were tried. */
      places: z.number(),
      isFound: z.boolean(),
      /** How its pixels lie against what it states, when it was found and states a place. */
      departure: z
        .object({
          /** Clockwise, -180 to 180. */
          turnDegrees: z.number(),
          /** Their size over the stated one. */
          scale: z.number(),
          /** Whether one of the two is seen as in a mirror. */
          isMirrored: z.boolean(),
        })
        .nullable()
        .optional(),
    })
    .nullable()
    .optional(),
  /** What the comparison found wrong with what the scene states. */
  findings: z.array(sceneFindingSchema).optional(),
  /** Outline of a located scene by its corrected georeference, as GeoJSON, WGS84. */
  correctedFootprint: z
    .object({
      type: z.literal('MultiPolygon'),
      coordinates: z.array(z.array(z.array(z.tuple([z.number(), z.number()])))),
    })
    .nullable()
    .optional(),
  /** By that georeference, of a scene that a search has found elsewhere than it states. */
  correctedPlace: z
    .object({
      center: z.tuple([z.number(), z.number()]).nullable(),
      gsd: z.object({ column: z.number(), row: z.number() }).nullable(),
      areaSquareMeters: z.number().nullable(),
    })
    .optional(),
  /** Of the scene and its first reference, when wavelengths decided which are compared. */
  comparedBands: comparedBandsSchema.optional(),
  /** The grid that both were compared on. */
  grid: z
    .object({
      map: mapNameSchema,
      transform: geotransformSchema,
      width: count,
      height: count,
      pixelMeters: z.object({ column: z.number(), row: z.number() }),
      isTargetResampled: z.boolean(),
    })
    .nullable(),
  model: z.enum(['translation', 'similarity', 'affine', 'polynomial']).nullable(),
  /** Row-major 2 x 3: where content at a pixel of the grid (from pixel centers) is found by the scene's georeference. */
  matrix: z.array(z.number()).length(6).nullable(),
  /** Pixels of the grid, right and down, at the middle of the tie points. */
  shiftPixels: pixels.nullable(),
  displacement: groundDisplacementSchema.nullable(),
  standardErrorMeters: z.number().nullable(),
  /** Of the corrected place on the ground: the standard error together with the largest that the references state. */
  groundErrorMeters: z.number().optional(),
  windows: z.object({ compared: count, skipped: count, accepted: count, agreeing: count }),
  residuals: z.object({
    rmsBeforePixels: z.number().nullable(),
    rmsAfterPixels: z.number().nullable(),
    rmsBeforeMeters: z.number().nullable(),
    rmsAfterMeters: z.number().nullable(),
  }),
  circularError90: z.object({ pixels: z.number(), meters: z.number() }).nullable(),
  /** Of the corrected scene against this reference: CE90 of half a pixel is good, of one usable. */
  quality: z.enum(['good', 'usable', 'poor']).nullable(),
  /** Pixels that were left when the correction was applied and the windows compared again. */
  remainingPixels: z.number().nullable(),
  similarityBefore: z.number().nullable(),
  similarityAfter: z.number().nullable(),
  /** The scene's transform that puts its content where the reference has it; its pixels stay as they are. */
  correctedTransform: geotransformSchema.nullable(),
  /** The map of that transform, of a scene that a search has found; else it is the one that the scene states. */
  correctedMap: mapNameSchema.nullable().optional(),
  /** For a scene with rational polynomials: what has to be added to a projected pixel. */
  correctedBias: z
    .object({
      samplePixels: z.number(),
      linePixels: z.number(),
      rmsBefore: z.number(),
      rmsAfter: z.number(),
      rmsLeaveOneOut: z.number().nullable(),
    })
    .nullable(),
  /** For a scene that control points place by a model that six numbers cannot hold: both, moved in their map. */
  correctedControl: z
    .object({ model: controlModelSchema, points: z.array(groundControlSchema) })
    .optional(),
  tiePoints: artifactRefSchema.nullable(),
  worldFile: artifactRefSchema.nullable(),
  correctedFile: artifactRefSchema.nullable(),
  /** With its pixels resampled onto the reference's map, when the request wants that. */
  warpedFile: artifactRefSchema.nullable().optional(),
  /** What the model leaves over the compared ground, of a located scene; not in documents of older versions. */
  distortion: z
    .object({
      /** A GeoTIFF of two bands: meters by which content still lies too far east, and north. */
      file: artifactRefSchema,
      /** Of the lengths in its cells. */
      rmsMeters: z.number(),
      largestMeters: z.number(),
      /** How many hold a value. */
      cells: count,
    })
    .optional(),
  overlays: z
    .object({ before: artifactRefSchema, after: artifactRefSchema, caption: z.string() })
    .nullable(),
  /** For the drawing of arrows and the histogram: pixels of the grid. */
  arrows: z.array(
    z.object({
      x: z.number(),
      y: z.number(),
      shiftX: z.number(),
      shiftY: z.number(),
      residual: z.number().nullable(),
      isInlier: z.boolean(),
    }),
  ),
});
export type SceneRegistration = z.infer<typeof sceneRegistrationSchema>;
