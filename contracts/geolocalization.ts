import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import { sceneFindingSchema } from './scene-finding.ts';
import { scenePlacementSchema } from './scene-placement.ts';
import { registrationStatusSchema, wavelengthsSchema } from './scene-registration.ts';

const count = z.number().int().nonnegative();
const position = z.tuple([z.number(), z.number()]);

/** How well a model fits ground control points; pixels of the scene. */
export const controlAccuracySchema = z.object({
  model: z.enum(['affine', 'projective', 'thin-plate-spline']),
  points: count,
  /** At the points themselves: 0 when the model goes through all. */
  rmsPixels: z.number(),
  /** At points that the model is fitted without; null when it needs each, or is affine. */
  leaveOneOutPixels: z.number().nullable(),
});
export type ControlAccuracy = z.infer<typeof controlAccuracySchema>;

/** Where a scene lies by its own georeference, or the reason why it cannot be placed. */
export const sceneLocationSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string(),
  file: artifactRefSchema.nullable(),
  status: z.enum(['stated', 'unlocated', 'unreadable']),
  /** One sentence: what the file states, or what it lacks. */
  reason: z.string(),
  width: count.nullable(),
  height: count.nullable(),
  bands: count.nullable(),
  wavelengths: wavelengthsSchema.optional(),
  /** Such as `EPSG:32632`. */
  crs: z.string().nullable(),
  /** Six numbers in GDAL's order: X = g0 + g1 column + g2 row, Y = g3 + g4 column + g5 row, from the outer corner of the first pixel. */
  geotransform: z.array(z.number()).length(6).nullable(),
  /** GeoJSON MultiPolygon, WGS84 longitude and latitude, split at the antimeridian (RFC 7946). */
  footprint: z
    .object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) })
    .nullable(),
  center: position.nullable(),
  /** Ground distance of one pixel step, meters, at the center. */
  gsd: z.object({ column: z.number(), row: z.number() }).nullable(),
  /** The same at the pixels in the corners, around the scene from the first; null where it does not reach the ground. */
  gsdAtCorners: z.array(z.object({ column: z.number(), row: z.number() }).nullable()).optional(),
  areaSquareMeters: z.number().nullable(),
  /** Points of the outline that the projection could not bring to the ground. */
  droppedPoints: count,
  warnings: z.array(z.string()),
  /** What to compute with; null without a place. Not there in documents of older versions. */
  placement: scenePlacementSchema.nullable().optional(),
  /** Of the pixels that hold data, in the same form as the footprint; null when the file names no value for the others. */
  validFootprint: z
    .object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(position))) })
    .nullable()
    .optional(),
  findings: z.array(sceneFindingSchema).optional(),
  /** A mask of it in a file of its own: 0 where it holds no data. */
  mask: artifactRefSchema.optional(),
  /** Of pixels without data, when a file beside it says so; else its own header does. */
  nodata: z.number().optional(),
  /** One sigma, meters, as a sensor model states it; null when nothing is stated. */
  statedAccuracyMeters: z.number().nullable().optional(),
  /** Only when ground control points place it. */
  control: controlAccuracySchema.optional(),
});
export type SceneLocation = z.infer<typeof sceneLocationSchema>;

/** What was seen in the pixels of a scene. */
export const sceneAppearanceSchema = z.object({
  preview: artifactRefSchema.nullable(),
  reason: z.string().nullable(),
});
export type SceneAppearance = z.infer<typeof sceneAppearanceSchema>;

/** One scene in the order of names, its file brought to the artifact store. */
export interface FetchedScene {
  name: string;
  file: z.infer<typeof artifactRefSchema> | null;
  /** Why there is no file. */
  reason: string | null;
  /** Files beside it that may tell its place, or where it holds data. */
  companions?: SceneCompanion[];
  /** One sentence for each file beside it that could not be had. */
  warnings?: string[];
}

/** A file beside a scene, told by its name. */
export interface SceneCompanion {
  kind: 'rpc' | 'world-file' | 'projection' | 'auxiliary' | 'mask';
  name: string;
  file: z.infer<typeof artifactRefSchema>;
}

/** The georeferenced files of a request's reference, or of its height model, as a document. */
export const referenceCatalogueSchema = z.object({
  schemaVersion: z.literal(1),
  entries: z.array(
    z.object({
      name: z.string(),
      /** A path, or an http(s) or s3 address. */
      location: z.string(),
      /** Null for a file of a catalog that states where each lies: it is read when a scene overlaps it. */
      header: sceneLocationSchema.nullable(),
      footprint: sceneLocationSchema.shape.footprint,
      /** Of a file that had to be fetched whole, as its server sends no parts. */
      file: artifactRefSchema.nullable(),
      /** Root mean square error in meters, where a catalog states it. */
      statedErrorMeters: z.number().optional(),
    }),
  ),
  /** One sentence for each file that cannot serve. */
  refused: z.array(z.string()),
});
export type ReferenceCatalogue = z.infer<typeof referenceCatalogueSchema>;

export const locatedSceneSchema = z.object({
  location: artifactRefSchema,
  preview: artifactRefSchema.nullable(),
  name: z.string(),
  status: z.enum(['stated', 'unlocated', 'unreadable']),
  /** Only when the request gives a reference. */
  registration: artifactRefSchema.optional(),
  registrationStatus: registrationStatusSchema.optional(),
});
export type LocatedScene = z.infer<typeof locatedSceneSchema>;

/** What the geolocalization workflow returns. */
export interface LocatedScenes {
  scenes: LocatedScene[];
  verdict: SceneVerdict;
}

/** With a reference what became of the worst scene; else whether each has a place by its own file. */
export type SceneVerdict =
  'stated' | 'unlocated' | 'located' | 'weak' | 'no-match' | 'not-comparable';

/** Scenes in one request: a folder of more is refused, and split by its owner. */
export const MAX_SCENES = 200;
