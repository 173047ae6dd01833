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
  const isData = (pixel: number): boolean => {
    const shown = bands.map((band) => values[pixel * channels + band]!);
    return shown.every(Number.isFinite) && shown.some((value) => value !== nodata);
  };
  const data = Array.from({ length: pixels }, (_, pixel) => pixel).filter(isData);
  if (data.length === 0) return null;
  const bytes = new Uint8Array(pixels * bands.length);
  bands.forEach((band, index) => {
    const [low, high] = cuts(data, (pixel) => values[pixel * channels + band]!);
    for (const pixel of data) {
      const share = (values[pixel * channels + band]! - low) / (high - low);
      bytes[pixel * bands.length + index] =
        high > low ? Math.round(255 * Math.min(1, Math.max(0, share))) : GREY;
    }
  });
  return bytes;
}

function cuts(data: readonly number[], valueOf: (pixel: number) => number): [number, number] {
  const step = Math.max(1, Math.floor(data.length / SAMPLES));
  const sample = Float64Array.from({ length: Math.ceil(data.length / step) }, (_, index) =>
    valueOf(data[index * step]!),
  ).sort();
  const last = sample.length - 1;
  const [low, high] = [sample[Math.round(CUT * last)]!, sample[Math.round((1 - CUT) * last)]!];
  // Few values that differ, such as a mask, may lie outside both cuts.
  return low < high ? [low, high] : [sample[0]!, sample[last]!];
}
