import sharp, { type OverlayOptions } from 'sharp';

interface Size {
  width: number;
  height: number;
}

export interface MontageOptions {
  direction: 'across' | 'down';
  /** Between two pictures, pixels. */
  gap: number;
  background: string;
}

/** How large the whole gets, pixels. */
export function montageSize(
  parts: readonly Size[],
  { direction, gap }: Pick<MontageOptions, 'direction' | 'gap'>,
): Size {
  const [along, other] = axesOf(direction);
  const length = parts.reduce((sum, size) => sum + size[along], gap * (parts.length - 1));
  const breadth = Math.max(...parts.map((size) => size[other]));
  return direction === 'across'
    ? { width: length, height: breadth }
    : { width: breadth, height: length };
}

function axesOf(direction: MontageOptions['direction']) {
  return direction === 'across' ? (['width', 'height'] as const) : (['height', 'width'] as const);
}

/**
 * Joins pictures at their own scale, each in the middle of the other axis.
 *
 * @returns PNG.
 */
export async function montage(
  parts: readonly Uint8Array[],
  { direction, gap, background }: MontageOptions,
): Promise<Buffer> {
  const sizes = await Promise.all(
    parts.map(async (part) => {
      const { width, height } = await sharp(part, { limitInputPixels: false }).metadata();
      return { width, height };
    }),
  );
  const whole = montageSize(sizes, { direction, gap });
  const [along, other] = axesOf(direction);
  let place = 0;
  const layers = parts.map((part, index): OverlayOptions => {
    const size = sizes[index]!;
    const across = (whole[other] - size[other]) >> 1;
    const at = direction === 'across' ? { left: place, top: across } : { left: across, top: place };
    place += size[along] + gap;
    return { input: Buffer.from(part), ...at };
  });
  return sharp({ create: { ...whole, channels: 3, background } })
    .composite(layers)
    .removeAlpha()
    .png({ compressionLevel: 1 })
    .toBuffer();
}
