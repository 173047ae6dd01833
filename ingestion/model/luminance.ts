import { LEVELS } from './exposure.ts';

/** Pixels as they come out of a decoder: row-major, interleaved, one or three channels. */
export interface PixelBlock {
  samples: Uint8Array | Uint16Array;
  width: number;
  height: number;
  /** 1 is grey; of 3 the order is red, green, blue. */
  channels: number;
}

// BT.601 weights in 1/65536; they add up to 65536, so that white stays white.
const RED = 19595;
const GREEN = 38470;
const BLUE = 7471;
const UNIT = 65536;

/** Luminance Y = 0.299 R + 0.587 G + 0.114 B of each pixel, 0 to 1, in the order of the block. */
export function luminanceOf({ samples, width, height, channels }: PixelBlock): Float64Array {
  const scale = 1 / fullScaleOf(samples);
  const values = new Float64Array(width * height);
  if (channels < 3) {
    for (let i = 0; i < values.length; i++) values[i] = samples[i * channels]! * scale;
    return values;
  }
  for (let i = 0, at = 0; i < values.length; i++, at += channels) {
    values[i] = weighted(samples, at) * (scale / UNIT);
  }
  return values;
}

/** How often each of 256 levels of luminance occurs; values between two levels count for the nearer. */
export function luminanceHistogram(block: PixelBlock): Uint32Array {
  const { samples, channels } = block;
  const histogram = new Uint32Array(LEVELS);
  const end = block.width * block.height * channels;
  // 65535 is 257 x 255, so both depths meet the same levels.
  const levels = (LEVELS - 1) / fullScaleOf(samples) / UNIT;
  for (let at = 0; at < end; at += channels) {
    const value = channels < 3 ? samples[at]! * UNIT : weighted(samples, at);
    histogram[(value * levels + 0.5) | 0]!++;
  }
  return histogram;
}

function weighted(samples: Uint8Array | Uint16Array, at: number): number {
  return samples[at]! * RED + samples[at + 1]! * GREEN + samples[at + 2]! * BLUE;
}

function fullScaleOf(samples: Uint8Array | Uint16Array): number {
  return samples instanceof Uint16Array ? 65535 : 255;
}
