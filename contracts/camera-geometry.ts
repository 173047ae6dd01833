import { z } from 'zod';

/** A camera as `maths/camera.ts` takes it: pixels of the stored image; distortion without a unit. */
export const cameraGeometrySchema = z.object({
  columns: z.number(),
  rows: z.number(),
  focalX: z.number(),
  focalY: z.number(),
  centerX: z.number(),
  centerY: z.number(),
  distortion: z.object({
    k1: z.number(),
    k2: z.number(),
    k3: z.number(),
    p1: z.number(),
    p2: z.number(),
  }),
});
