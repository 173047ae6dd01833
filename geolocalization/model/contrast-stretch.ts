/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the loop around it. */
const { max, min, round } = Math;
const { isFinite } = Number;

/** Share of the values that is cut off at either end. */
const CUT = 0.02;
/** Values that the cuts are estimated from: enough for a picture, and sorted in a few milliseconds. */
const SAMPLES = 50_000;
const GREY = 128;

/**
 * Turns values of any range into bytes for a picture: of each band the middle 96 % are spread over black
 * to white. A pixel that is not finite, or holds the nodata value in all of its bands, is black and has no
 * say; a band of one value is grey.
 *
 * @param values row-major, `channels` a pixel.
 * @param bands the channels to show, one or three.
 * @returns row-major, one byte for each of `bands` a pixel; null when no pixel holds data.
 *
 * @example
 * stretchToBytes({ values: [-9999, 10, 20], channels: 1, bands: [0], nodata: -9999 }); // [0, 0, 255]
 */
export function stretchToBytes(picture: {
  values: ArrayLike<number>;
  channels: number;
  bands: readonly number[];
  nodata: number | null;
}): Uint8Array | null {
  const { values, channels, bands, nodata } = picture;
  const pixels = Math.floor(values.length / channels);
  const data = new Uint32Array(pixels);
  let count = 0;
  for (let pixel = 0; pixel < pixels; pixel++) {
    if (holdsData(values, pixel * channels, bands, nodata)) data[count++] = pixel;
  }
  if (count === 0) return null;
  const bytes = new Uint8Array(pixels * bands.length);
  bands.forEach((band, index) => {
    const [low, high] = cuts(data.subarray(0, count), (pixel) => values[pixel * channels + band]!);
    for (let at = 0; at < count; at++) {
      const pixel = data[at]!;
      const share = (values[pixel * channels + band]! - low) / (high - low);
      bytes[pixel * bands.length + index] = high > low ? round(255 * min(1, max(0, share))) : GREY;
    }
  });
  return bytes;
}

/** All of the bands finite, and one of them another value than nodata. */
function holdsData(
  values: ArrayLike<number>,
  first: number,
  bands: readonly number[],
  nodata: number | null,
): boolean {
  let isSeen = false;
  for (const band of bands) {
    const value = values[first + band]!;
    if (!isFinite(value)) return false;
    if (value !== nodata) isSeen = true;
  }
  return isSeen;
}

function cuts(data: Uint32Array, valueOf: (pixel: number) => number): [number, number] {
  const step = Math.max(1, Math.floor(data.length / SAMPLES));
  const sample = Float64Array.from({ length: Math.ceil(data.length / step) }, (_, index) =>
    valueOf(data[index * step]!),
  ).sort();
  const last = sample.length - 1;
  const [low, high] = [sample[Math.round(CUT * last)]!, sample[Math.round((1 - CUT) * last)]!];
  // Few values that differ, such as a mask, may lie outside both cuts.
  return low < high ? [low, high] : [sample[0]!, sample[last]!];
}
