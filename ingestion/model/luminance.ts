import { LEVELS } from './exposure.ts';
import type { GreyRaster } from './grey-raster.ts';

/** Pixels as they come out of a decoder: row-major, interleaved, one or three channels. */
export interface PixelBlock {
  samples: Uint8Array | Uint16Array;
  width: number;
  height: number;
  /** 1 is grey, and 3 are red, green and blue; there are no others. */
  channels: number;
}

// BT.601 weights in 1/65536; they add up to 65536, so that white stays white.
const RED = 19595;
const GREEN = 38470;
const BLUE = 7471;
const UNIT = 65536;

/**
 * Luminance Y = 0.299 R + 0.587 G + 0.114 B of `width` pixels of a row, from column `left` on, 0 to 1.
 *
 * @param start where the first is written.
 */
export function writeLuminance(
  { samples, width: columns, channels }: PixelBlock,
  { row, left, width }: { row: number; left: number; width: number },
  to: Float64Array,
  start: number,
): void {
  const end = start + width;
  let at = (row * columns + left) * channels;
  if (channels < 3) {
    const scale = 1 / fullScaleOf(samples);
    for (let i = start; i < end; i++, at++) to[i] = samples[at]! * scale;
    return;
  }
  const unit = 1 / fullScaleOf(samples) / UNIT;
  for (let i = start; i < end; i++, at += 3) to[i] = weighted(samples, at) * unit;
}

/** The luminance as grey pixels of 8 bits; values between two levels become the nearer. */
export function greyOf(block: PixelBlock): GreyRaster {
  const { width, height } = block;
  const samples = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) addLevels(block, row, samples);
  return { width, height, samples };
}

/**
 * How often each of 256 levels of luminance occurs; values between two levels count for the nearer.
 *
 * @param step every such row and column is counted, so that of 2 it is a quarter of the pixels.
 */
export function luminanceHistogram(block: PixelBlock, step = 1): Uint32Array {
  counts.fill(0);
  for (let row = 0; row < block.height; row += step) countLevels(block, row, step);
  return counts.slice();
}

/** Of the image in work; here the compiler knows where it lies, which takes a quarter of the time off. */
const counts = new Uint32Array(LEVELS);

// Loops over a row stand in functions of their own: they are compiled within the first image, where a loop
// over the image is still interpreted at its end. Bytes of color, as nearly all images have them, need whole
// numbers only.

function addLevels({ samples, width, channels }: PixelBlock, row: number, to: Uint8Array) {
  const end = (row + 1) * width;
  let i = row * width;
  if (channels >= 3 && !isDeep(samples)) {
    for (let at = 3 * i; i < end; i++, at += 3) to[i] = levelOfBytes(samples, at);
    return;
  }
  for (; i < end; i++) to[i] = levelOf(samples, i * channels, channels);
}

function countLevels({ samples, width, channels }: PixelBlock, row: number, step: number) {
  const end = (row + 1) * width * channels;
  let at = row * width * channels;
  if (channels >= 3 && !isDeep(samples)) {
    for (; at < end; at += 3 * step) counts[levelOfBytes(samples, at)]!++;
    return;
  }
  for (; at < end; at += channels * step) counts[levelOf(samples, at, channels)]!++;
}

function levelOfBytes(samples: Uint8Array, at: number): number {
  return (weighted(samples, at) + UNIT / 2) >>> 16;
}

/** 65535 is 257 x 255, so both depths meet the same levels. */
function levelOf(samples: Uint8Array | Uint16Array, at: number, channels: number): number {
  const value = channels < 3 ? samples[at]! * UNIT : weighted(samples, at);
  return ((value * (LEVELS - 1)) / fullScaleOf(samples) / UNIT + 0.5) | 0;
}

function weighted(samples: Uint8Array | Uint16Array, at: number): number {
  return samples[at]! * RED + samples[at + 1]! * GREEN + samples[at + 2]! * BLUE;
}

function fullScaleOf(samples: Uint8Array | Uint16Array): number {
  return isDeep(samples) ? 65535 : 255;
}

function isDeep(samples: Uint8Array | Uint16Array): samples is Uint16Array {
  return samples instanceof Uint16Array;
}
