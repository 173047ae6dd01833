import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import { findingSchema } from './findings.ts';
import { statedSettingsSchema } from './flight-settings.ts';

const count = z.number().int().nonnegative();

/** Images of a flight by what became of them. */
const flightCountsSchema = z.object({
  images: count,
  /** Without an error. */
  usable: count,
  /** With one. */
  failed: count,
  /** Left out by `flight.json`, and neither of the others; there where it leaves out any. */
  excluded: count.optional(),
});

/** One image of a flight, and where it is fetched from: an absolute path, a URL, or a member of an archive there. */
export const imageSourceSchema = z.object({
  /** Unique in the flight: the path below the flight's folder, or the last part of the URL. */
  name: z.string(),
  location: z.string(),
  /** Name of the member, where the location is an archive. */
  member: z.string().optional(),
  /** The archive as it lies in the artifact store, where its location is an address. */
  archive: artifactRefSchema.optional(),
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
  /** SHA-256 of the 64 x 64 luminance thumbnail: equal for copies that were only saved with other tags. */
  pixelHash: z.string().optional(),
  /** 64 bits in hexadecimal, whether brightness rises to the right: alike for images that look alike. */
  differenceHash: z.string().optional(),
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

/** Lens model of the camera, in pixels of the stored image; distortion as OpenCV has it. */
export const imageCalibrationSchema = z.object({
  focalX: z.number(),
  focalY: z.number(),
  /** From the center of the upper-left pixel. */
  centerX: z.number(),
  centerY: z.number(),
  k1: z.number(),
  k2: z.number(),
  k3: z.number(),
  p1: z.number(),
  p2: z.number(),
  /** `stated` is by a person, in the request or in `flight.json`. */
  source: z.enum(['dewarp', 'calibrated', 'stated']),
});
export type ImageCalibration = z.infer<typeof imageCalibrationSchema>;

/** Which of several exposures of one moment an image is; they share one position. */
export const imageBandSchema = z.object({
  /** Of the capture: equal for all its bands. */
  capture: z.string().nullable(),
  name: z.string().nullable(),
  index: z.number().nullable(),
});
export type ImageBand = z.infer<typeof imageBandSchema>;

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
  measures: pixelMeasuresSchema.nullable(),
  thumbnail: artifactRefSchema.nullable(),
  /** Grey JPEG of at most 640 pixels a side, as stored and not turned; there when the pixels were read. */
  preview: artifactRefSchema.nullable().optional(),
  serial: z.string().nullable().optional(),
  /** Size that the camera wrote into its tags; another than the stored one when the image was made smaller. */
  originalWidth: count.nullable().optional(),
  originalHeight: count.nullable().optional(),
  exposureSeconds: z.number().nullable().optional(),
  fNumber: z.number().nullable().optional(),
  iso: z.number().nullable().optional(),
  /** Over ground as the aircraft records it, meters a second. */
  groundSpeed: z.number().nullable().optional(),
  /** UTC as the receiver wrote it, ISO 8601. */
  gpsTime: z.string().nullable().optional(),
  calibration: imageCalibrationSchema.nullable().optional(),
  lens: z.enum(['perspective', 'fisheye']).nullable().optional(),
  band: imageBandSchema.nullable().optional(),
  focalMillimeters: z.number().nullable().optional(),
  /** How a JPEG is coded: chroma sampling and quantization tables. */
  coding: z.string().nullable().optional(),
  /** Between its EXIF and its XMP position, meters; there where it has both. */
  positionsApart: z.number().optional(),
  /** Between its capture and the last change of its file, minutes; there where its tags say both. */
  changedAfterMinutes: z.number().optional(),
  /** How its thumbnail fits when turned best, and as it is: correlations; there where it has one. */
  thumbnailTurn: z
    .object({ turnDegrees: count, asStored: z.number(), turned: z.number() })
    .optional(),
});
export type ImageDescription = z.infer<typeof imageDescriptionSchema>;

/** One image of the manifest: what it is, whether it may be used, and why not. */
export const flightImageSchema = z.object({
  name: z.string(),
  file: artifactRefSchema.nullable(),
  description: imageDescriptionSchema.nullable(),
  usable: z.boolean(),
  findings: z.array(findingSchema),
  /** Of `image_groups.txt`. */
  group: z.string().optional(),
});
export type FlightImage = z.infer<typeof flightImageSchema>;
export const flightImagesSchema = z.object({ images: z.array(flightImageSchema) });

export const flightVerdictSchema = z.enum(['accepted', 'accepted_with_warnings', 'rejected']);

/** A sight of a surveyed point; what cannot be used says why. */
export const controlObservationSchema = z.object({
  /** As the flight calls the image; as the file calls it where the flight has none of that name. */
  image: z.string(),
  /** Pixels of the stored image, from the center of the upper-left pixel. */
  u: z.number(),
  v: z.number(),
  doubt: z.enum(['image_missing', 'outside_image']).optional(),
});

/** A surveyed point and where it was seen. */
export const controlPointSchema = z.object({
  name: z.string(),
  /** A check point never takes part in an adjustment. */
  role: z.enum(['control', 'check']),
  /** Coordinates as the file has them, in the system that it states. */
  crs: z.string(),
  x: z.number(),
  y: z.number(),
  z: z.number().nullable(),
  /** WGS84, degrees. */
  latitude: z.number(),
  longitude: z.number(),
  observations: z.array(controlObservationSchema),
});
export type ControlPoint = z.infer<typeof controlPointSchema>;

/** Images that were taken one after the other on one line. */
export const flightStripSchema = z.object({
  id: count,
  /** Of the line flown, degrees clockwise from true north; null for a single image. */
  heading: z.number().nullable(),
  images: z.array(z.string()),
});
export type FlightStrip = z.infer<typeof flightStripSchema>;

const spread = z
  .object({ n: count, minimum: z.number(), median: z.number(), maximum: z.number() })
  .nullable();

/** How the footprints of a flight lie upon each other. */
export const flightGeometrySchema = z.object({
  /** Origin of the level frame that geometry was computed in; the height is that of the ground, null when unknown. */
  origin: z.object({
    latitude: z.number(),
    longitude: z.number(),
    height: z.number().nullable(),
  }),
  /** Share of the smaller footprint that consecutive images of a strip both see. */
  forwardOverlap: spread,
  /** The best share with an image of a parallel strip. */
  sideOverlap: spread,
  /** Square root of a footprint's area over its pixels, meters. */
  gsd: spread,
  tiltDegrees: spread,
  /** Share of the hull of all footprints that at least so many images see. */
  coverage: z.array(z.object({ images: count, share: z.number() })),
  /** Share of the ground below the flight that fewer images see than `minImagesOnGround` of its thresholds. */
  holeShare: z.number().nullable(),
  /** Exposures by what their height above the ground is taken from; there where a ground model or its altitude is. */
  heightsFrom: z
    .object({
      groundModel: count,
      /** There where `flight.json` states how high the ground lies. */
      statedGround: count.optional(),
      takeOff: count,
      levelGround: count,
    })
    .optional(),
});
export type FlightGeometry = z.infer<typeof flightGeometrySchema>;

/** How much of the area of interest the images see, by their footprints. */
export const boundaryCoverageSchema = z.object({
  file: z.string(),
  areaSquareMeters: z.number(),
  /** Share of the area that at least so many images see; empty when not one footprint is known. */
  coverage: z.array(z.object({ images: count, share: z.number() })),
  /** Images whose footprint lies wholly outside. */
  imagesOutside: count,
});
export type BoundaryCoverage = z.infer<typeof boundaryCoverageSchema>;

/** What comparing neighbors pixel by pixel showed of how images are turned. */
export const orientationTestSchema = z.object({
  /** Images of which at least one neighbor fits as recorded. */
  fitting: count,
  /** Images that fit only when turned. */
  turned: count,
  /** Compared, and nothing fits: trees, water, walls. */
  undecided: count,
  /** Without a neighbor, pixels or geometry. */
  untested: count,
});
export type OrientationTest = z.infer<typeof orientationTestSchema>;

/** A ground model that came with images which lie in no folder, kept beside them. */
export const groundModelSchema = z.object({
  file: artifactRefSchema,
  /** As it is called there. */
  name: z.string(),
  /** What a `.prj` file of the same name states. */
  system: z.string().optional(),
});
export type GroundModel = z.infer<typeof groundModelSchema>;

/** The flight as ingestion hands it on. Its images stand in parts of at most `PAGE_SIZE`, each a file of its own. */
export const flightManifestSchema = z.object({
  schemaVersion: z.literal(1),
  flightId: z.string(),
  thresholds: z.record(z.string(), z.number()),
  counts: flightCountsSchema,
  /** What the request and `flight.json` state; there when one of them states something. */
  settings: statedSettingsSchema.optional(),
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
    /** Of the camera beside the receiver, from images that have both times. */
    clock: z
      .object({
        images: count,
        /** The zone that the camera shows, minutes ahead of UTC. */
        zoneMinutes: z.number(),
        /** What its clock is ahead beyond that. */
        aheadSeconds: z.number(),
        nmadSeconds: z.number(),
      })
      .nullable()
      .optional(),
    geometry: flightGeometrySchema.nullable().optional(),
    orientation: orientationTestSchema.nullable().optional(),
    groups: z.array(z.object({ group: z.string(), images: count })).optional(),
    /** Exposures of one moment in several bands. */
    multiBandCaptures: count.optional(),
    /** Of `boundary.geojson`. */
    boundary: boundaryCoverageSchema.optional(),
  }),
  strips: z.array(flightStripSchema).optional(),
  control: z.array(controlPointSchema).optional(),
  groundModel: groundModelSchema.optional(),
  parts: z.array(artifactRefSchema),
  findings: z.array(findingSchema),
  verdict: flightVerdictSchema,
});
export type FlightManifest = z.infer<typeof flightManifestSchema>;

/** What the ingestion workflow returns: small, whatever the size of the flight. */
export const ingestedFlightSchema = z.object({
  manifest: artifactRefSchema,
  parts: z.array(artifactRefSchema),
  partSizes: z.array(count),
  counts: flightCountsSchema,
  verdict: flightVerdictSchema,
  capturedFrom: z.string().nullable(),
});
export type IngestedFlight = z.infer<typeof ingestedFlightSchema>;
