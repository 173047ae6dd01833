import { z } from 'zod';

const positive = z.number().positive();
const triple = z.tuple([z.number(), z.number(), z.number()]);

/** How a segmentation network wants its picture, and how its answer is to be read. */
export const modelProfileSchema = z.object({
  /** Side of the square that the picture is squeezed into, pixels. */
  size: z.number().int().min(32).max(4096),
  /** What samples are divided by: the largest of the picture, or 255. */
  scale: z.enum(['max', '255']),
  mean: triple,
  std: z.tuple([positive, positive, positive]),
  /** Name or position of the output that is the mask. */
  output: z.union([z.string(), z.number().int().nonnegative()]).default(0),
  activation: z.enum(['none', 'sigmoid']).default('none'),
  /** Whether the mask is stretched to the whole range from 0 to 1. */
  normalize: z.enum(['minmax', 'none']).default('minmax'),
});

export type ModelProfile = z.infer<typeof modelProfileSchema>;

const imageNet = {
  mean: [0.485, 0.456, 0.406] as [number, number, number],
  std: [0.229, 0.224, 0.225] as [number, number, number],
};
const centered = {
  mean: [0.5, 0.5, 0.5] as [number, number, number],
  std: [1, 1, 1] as [number, number, number],
};
const plainAnswer = { output: 0, activation: 'none', normalize: 'minmax' } as const;

/**
 * Profiles of families of networks that people have.
 *
 * Source: the sessions of the program rembg, which pins the same files.
 */
export const knownProfiles = {
  u2net: { size: 320, scale: 'max', ...imageNet, ...plainAnswer },
  isnet: { size: 1024, scale: 'max', ...centered, ...plainAnswer },
  birefnet: { size: 1024, scale: 'max', ...imageNet, ...plainAnswer, activation: 'sigmoid' },
  rmbg: { size: 1024, scale: 'max', ...imageNet, ...plainAnswer },
  ben: { size: 1024, scale: 'max', ...centered, ...plainAnswer },
} as const satisfies Record<string, ModelProfile>;

export type KnownProfile = keyof typeof knownProfiles;

/**
 * Samples as the network wants them: three planes, red first.
 *
 * @param rgb interleaved, 0 to 255, `size` x `size` pixels.
 */
export function networkInput(rgb: Uint8Array, { size, scale, mean, std }: ModelProfile) {
  const pixels = size * size;
  const planes = new Float32Array(3 * pixels);
  const largest = scale === 'max' ? largestOf(rgb) : 255;
  for (let channel = 0; channel < 3; channel++) {
    const plane = channel * pixels;
    for (let i = 0; i < pixels; i++) {
      planes[plane + i] = (rgb[3 * i + channel]! / largest - mean[channel]!) / std[channel]!;
    }
  }
  return planes;
}

/** A black picture is divided by almost nothing, not by 0. */
function largestOf(rgb: Uint8Array): number {
  let largest = 1e-6;
  for (const sample of rgb) if (sample > largest) largest = sample;
  return largest;
}
