import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';
import { cameraGeometrySchema } from './camera-geometry.ts';

const triple = z.tuple([z.number(), z.number(), z.number()]);

/** An image in the frame of its flight, with the small grey picture that stands for its pixels. */
export const orientedViewSchema = z.object({
  name: z.string(),
  preview: artifactRefSchema,
  /** In pixels of the stored image. */
  camera: cameraGeometrySchema,
  /** Meters east, north, up of level ground; camera axes to these. */
  pose: z.object({ center: triple, rotation: z.tuple([triple, triple, triple]) }),
});
export type OrientedView = z.infer<typeof orientedViewSchema>;

/** An image and the neighbors that it is compared with, the likeliest to fit first. */
export const comparisonSchema = z.object({
  image: orientedViewSchema,
  neighbors: z.array(orientedViewSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;
export const comparisonsSchema = z.object({ comparisons: z.array(comparisonSchema) });

/** What the comparison of one image gave. */
export const comparedImageSchema = z.object({
  name: z.string(),
  /** A neighbor fits as both are recorded; otherwise every turn was tried. */
  fits: z.boolean(),
  evidence: z.array(
    z.object({
      first: z.string(),
      second: z.string(),
      firstTurn: z.number(),
      secondTurn: z.number(),
      psr: z.number(),
    }),
  ),
});
export type ComparedImage = z.infer<typeof comparedImageSchema>;
export const comparedImagesSchema = z.object({ images: z.array(comparedImageSchema) });
