import { z } from 'zod';
import { orientedViewSchema } from './orientation-plan.ts';

const kindSchema = z.enum(['in strip', 'across strips']);

/** Two images that show the same ground, each above level ground at height 0. */
export const imagePairSchema = z.object({
  first: orientedViewSchema,
  second: orientedViewSchema,
  kind: kindSchema,
});
export type ImagePair = z.infer<typeof imagePairSchema>;
export const imagePairsSchema = z.object({ pairs: z.array(imagePairSchema) });

/** How two images put the same ground apart: the second minus the first, meters. */
export const tieDisplacementSchema = z.object({
  first: z.string(),
  second: z.string(),
  kind: kindSchema,
  east: z.number(),
  north: z.number(),
  /** Peak to sidelobe ratio; 0 where nothing could be compared. */
  psr: z.number(),
});
export type TieDisplacement = z.infer<typeof tieDisplacementSchema>;
export const tieDisplacementsSchema = z.object({ ties: z.array(tieDisplacementSchema) });

const figures = {
  pairs: z.number().int(),
  accepted: z.number().int(),
};
/** Displacements of one kind of pairs, meters; or why they were not measurable. */
const relativeFiguresSchema = z.discriminatedUnion('measurable', [
  z.object({
    measurable: z.literal(true),
    ...figures,
    share: z.number(),
    medianEast: z.number(),
    medianNorth: z.number(),
    nmadEast: z.number(),
    nmadNorth: z.number(),
    rms: z.number(),
    perImage: z.number(),
  }),
  z.object({ measurable: z.literal(false), ...figures, reason: z.string() }),
]);

/** What overlapping images say of each other, without any control. */
export const relativeAccuracySchema = z.object({
  inStrip: relativeFiguresSchema,
  acrossStrips: relativeFiguresSchema,
  ties: z.array(tieDisplacementSchema),
  claim: z.string(),
});
export type RelativeStatement = z.infer<typeof relativeAccuracySchema>;
