import { z } from 'zod';
import { verdictSchema } from './automation.ts';
import { artifactRefSchema } from './artifacts.ts';
import { findingSchema } from './findings.ts';
import { groundAccuracySchema } from './ground-accuracy.ts';
import { bundleStatementSchema } from './bundle.ts';
import { relativeAccuracySchema } from './relative-pairs.ts';

/** Where a figure comes from; figures of different origin are never mixed. */
export const figureOriginSchema = z.enum([
  /** As the files state it. */
  'recorded',
  /** Measured in the pixels. */
  'pixels',
  /** Computed from recorded positions, attitudes and heights. */
  'geometry',
  /** Expected of the records, not measured. */
  'expectation',
  /** Of surveyed points against the records as they are. */
  'control',
  /** Of overlapping images against each other. */
  'relative',
  /** After a constant shift and turn of the records was estimated. */
  'boresight',
  /** After a bundle adjustment. */
  'adjustment',
]);

/** One figure with its unit and origin; null where it cannot be given, with the reason in `note`. */
export const figureSchema = z.object({
  name: z.string(),
  title: z.string(),
  value: z.number().nullable(),
  unit: z.enum(['m', 'px', 'deg', '1', 'count']),
  origin: figureOriginSchema,
  /** What it rests on: images, points or observations. */
  n: z.number().int().nullable(),
  note: z.string().nullable(),
});
export type ReportFigure = z.infer<typeof figureSchema>;

/** One image as the report shows it. Lengths in meters, angles in degrees, residuals in meters and pixels. */
export const reportImageSchema = z.object({
  name: z.string(),
  usable: z.boolean(),
  gsd: z.number().nullable(),
  tiltDegrees: z.number().nullable(),
  expectedSigma: z.number().nullable(),
  blur: z.number().nullable(),
  meanLuminance: z.number().nullable(),
  overlapWithNext: z.number().nullable(),
  observations: z.number().int(),
  rmseRadial: z.number().nullable(),
  rmsePixels: z.number().nullable(),
  normalized: z.number().nullable(),
  findings: z.array(z.string()),
  reasons: z.array(z.string()),
});
export type ReportImage = z.infer<typeof reportImageSchema>;

/** Share of the flown ground that at least so many images see. */
const coverageShareSchema = z.object({ images: z.number().int(), share: z.number() });

/** The accuracy report of a flight: everything that its page shows, for programs. */
export const flightReportDocumentSchema = z.object({
  schemaVersion: z.literal(1),
  kind: z.literal('flight-accuracy-report'),
  flightId: z.string(),
  verdict: verdictSchema,
  reasons: z.array(z.string()),
  conventions: z.object({
    residuals: z.string(),
    pixels: z.string(),
    frame: z.string(),
    units: z.string(),
  }),
  counts: z.object({
    images: z.number().int(),
    usable: z.number().int(),
    failed: z.number().int(),
    /** Left out by a flight's own file; there where it leaves out any. */
    excluded: z.number().int().optional(),
  }),
  figures: z.array(figureSchema),
  /** What surveyed points say; null where the flight was not assessed. */
  ground: groundAccuracySchema.nullable(),
  /** What overlapping images say of each other; null where they were not compared. */
  relative: relativeAccuracySchema.nullable(),
  /** What a bundle adjustment found; null where none was asked for. */
  bundle: bundleStatementSchema.nullable(),
  coverage: z.object({ cellMeters: z.number(), shares: z.array(coverageShareSchema) }).nullable(),
  images: z.array(reportImageSchema),
  findings: z.array(findingSchema),
  claims: z.array(z.string()),
  manifest: artifactRefSchema,
  accuracy: artifactRefSchema.nullable(),
});
export type FlightReportDocument = z.infer<typeof flightReportDocumentSchema>;
