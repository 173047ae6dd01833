import { z } from 'zod';
import { artifactRefSchema } from './artifacts.ts';

/** Formats that image tasks write. */
export const imageFormatSchema = z.enum(['jpeg', 'png', 'webp', 'tiff']);

export type ImageFormat = z.infer<typeof imageFormatSchema>;

/** An image of the artifact store, as the steps of a flow hand it on: a reference, never pixels. */
export const storedImageSchema = artifactRefSchema.extend({
  /** What people call it: the file name that it came with. */
  name: z.string().min(1).max(255),
  /** Pixels, as stored; an orientation tag may turn the image when it is shown. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

export type StoredImage = z.infer<typeof storedImageSchema>;
