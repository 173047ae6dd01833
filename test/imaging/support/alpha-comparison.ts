import sharp from 'sharp';

/** Alpha of a cut-out, or grey of a stored alpha, 0 to 255. */
export async function alphaOf(file: Uint8Array): Promise<Uint8Array> {
  const { hasAlpha } = await sharp(file).metadata();
  const image = hasAlpha ? sharp(file).extractChannel('alpha') : sharp(file).toColourspace('b-w');
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return info.channels === 1 ? data : data.filter((_, i) => i % info.channels === 0);
}

/** How far an alpha is from the truth: overlap of what is seen, mean difference of 1, largest of 255. */
export function compareAlpha(found: Uint8Array, truth: Uint8Array) {
  if (found.length !== truth.length) {
    throw new RangeError(`Cannot compare ${found.length} pixels with ${truth.length}`);
  }
  let [both, any, sum, largest] = [0, 0, 0, 0];
  for (let i = 0; i < truth.length; i++) {
    const difference = Math.abs(found[i]! - truth[i]!);
    sum += difference;
    largest = Math.max(largest, difference);
    const [a, b] = [found[i]! > 127, truth[i]! > 127];
    if (a && b) both++;
    if (a || b) any++;
  }
  return { iou: any === 0 ? 1 : both / any, mae: sum / truth.length / 255, largest };
}
