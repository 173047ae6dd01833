import sharp, { type Sharp, type SharpOptions } from 'sharp';
import type { GreyRaster } from '../model/grey-raster.ts';
import { greyOf, type PixelBlock } from '../model/luminance.ts';
import { middleOf } from '../model/measure-pixels.ts';

/** Long side of a large image when it is reduced on the way, and of the thumbnail. */
const OVERVIEW_SIDE = 2048;
const THUMBNAIL_SIDE = 192;
const THUMBNAIL_QUALITY = 75;
/** Long side of the preview: enough to compare the ground that two images share. */
const PREVIEW_SIDE = 640;
const PREVIEW_QUALITY = 85;
/** The best tables would save half a percent of the bytes, and take more time than coding itself. */
const usualTables = { optimiseCoding: false };
const MAX_BYTES_AT_ONCE = 192e6;
/** Memory of a decode by that of the pixels it keeps: the decoder has lines of its own, views are made of it. */
const DECODE_FACTOR = 1.7;

// A file is decoded once, so that a cache of what was decoded only costs memory.
sharp.cache(false);
// Images in work side by side use the cores better than threads inside one image.
sharp.concurrency(1);

/** What the header of an image says. */
export interface ImageHeader {
  width: number;
  height: number;
  /** 1 to 8; pixels are always given as stored. */
  orientation: number | null;
  /** A color space of the decoder, such as `srgb`, `b-w`, `grey16`. */
  space: string;
  /** A sample type of the decoder: `uchar`, `ushort`, `float`. */
  depth: string;
}

/** Where decoding stops. */
export interface DecodeLimits {
  limitPixels: number;
  timeoutSeconds: number;
  /** Decoded pixels that are kept at once; larger images are decoded as a stream, in two passes. */
  bytesAtOnce?: number;
}

/** The samples have no range that black and white could be told by. */
export class UnscaledSamples extends Error {
  override name = 'UnscaledSamples';
}

/** Reads the header only; no limit applies, as nothing is decoded. */
export async function readImageHeader(file: Uint8Array): Promise<ImageHeader> {
  const found = await sharp(file, { limitInputPixels: false, failOn: 'truncated' }).metadata();
  const { width, height, orientation = null, space, depth } = found;
  return { width, height, orientation, space, depth };
}

/** What is taken from one decode: without alpha, in the depth of the file, as stored. */
export interface DecodedViews {
  /** At full scale: all of the image, or of a large one the middle. */
  full: PixelBlock;
  /** All of the image: at full scale, or a large one reduced. */
  whole: PixelBlock;
  /** All of it, of at most 640 pixels a side. It is still being made, so that others can be measured meanwhile. */
  small: Promise<PixelBlock>;
}

/**
 * Decodes an image in full, and takes from that one decode what is measured.
 *
 * Decoding to color and weighing it later takes half the time of decoding to grey: the decoder's grey
 * goes over linear light, which is not the luminance that is wanted either.
 *
 * @throws what the decoder throws, and {UnscaledSamples}.
 */
export async function decodeViews(
  file: Uint8Array,
  header: ImageHeader,
  { limitPixels, timeoutSeconds, bytesAtOnce = MAX_BYTES_AT_ONCE }: DecodeLimits,
): Promise<DecodedViews> {
  if (header.depth !== 'uchar' && header.depth !== 'ushort') {
    throw new UnscaledSamples(`samples of type ${header.depth} have no stated range`);
  }
  const options: SharpOptions = {
    failOn: 'truncated',
    sequentialRead: true,
    limitInputPixels: limitPixels,
    // The stored values are measured, and a profile costs as much time as decoding.
    ignoreIcc: true,
  };
  const open = () => sharp(file, options).timeout({ seconds: Math.ceil(timeoutSeconds) });
  const isSmall = bytesOf(header) <= bytesAtOnce;
  return isSmall ? viewsAtOnce(open, header) : viewsInPasses(open, header);
}

/** Memory that decoding takes, about; of images that are decoded as a stream it is that of the largest that are not. */
export function decodeBytes(header: ImageHeader): number {
  return DECODE_FACTOR * Math.min(bytesOf(header), MAX_BYTES_AT_ONCE);
}

/** A thumbnail, as a JPEG turned upright, and a preview, as grey pixels as stored. */
export async function picturesOf(
  small: PixelBlock,
  { orientation }: ImageHeader,
): Promise<{ thumbnail: Buffer; preview: GreyRaster }> {
  return { thumbnail: await thumbnailOf(small, orientation), preview: greyOf(small) };
}

/** Of all its pixels, decoded. */
export function bytesOf({ width, height, space, depth }: ImageHeader): number {
  return width * height * (isGrey(space) ? 1 : 3) * (depth === 'ushort' ? 2 : 1);
}

function isGrey(space: string): boolean {
  return space === 'b-w' || space === 'grey16';
}

async function viewsAtOnce(open: () => Sharp, header: ImageHeader): Promise<DecodedViews> {
  const whole = await pixelsOf(open(), header);
  return { full: whole, whole, small: resized(whole, PREVIEW_SIDE) };
}

/** The first pass meets every pixel, and with it every damage; the second ends below the middle. */
async function viewsInPasses(open: () => Sharp, header: ImageHeader): Promise<DecodedViews> {
  const whole = await pixelsOf(shrink(open()), header);
  const full = await pixelsOf(open().extract(middleOf(header)), header);
  return { full, whole, small: resized(whole, PREVIEW_SIDE) };
}

/** Averages: kernels that sharpen would make pixels darker and brighter than any that are there. */
function shrink(image: Sharp): Sharp {
  return image.resize(OVERVIEW_SIDE, OVERVIEW_SIDE, {
    fit: 'inside',
    kernel: 'linear',
    withoutEnlargement: true,
    // Without this a decoder skips what the smaller image does not need, and with it the damage.
    fastShrinkOnLoad: false,
  });
}

function isLonger({ width, height }: PixelBlock, side: number): boolean {
  return Math.max(width, height) > side;
}

/** 16 bits have to be asked for at every step: the way over 8 bits gives wrong values, not rounded ones. */
async function pixelsOf(image: Sharp, { space, depth }: ImageHeader): Promise<PixelBlock> {
  const isDeep = depth === 'ushort';
  const target = isGrey(space) ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb';
  const kept = isDeep ? image.pipelineColourspace(target) : image;
  const { data, info } = await kept
    .removeAlpha()
    .toColourspace(target)
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const samples = isDeep
    ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    : data;
  return { samples, width, height, channels };
}

function fromPixels({ samples, width, height, channels }: PixelBlock): Sharp {
  if (channels !== 1 && channels !== 3) {
    throw new UnscaledSamples(`pixels of ${channels} bands are neither grey nor color`);
  }
  return sharp(samples, { raw: { width, height, channels }, limitInputPixels: false });
}

/** From the reduced image: what is that small needs no more. */
async function thumbnailOf(small: PixelBlock, orientation: number | null): Promise<Buffer> {
  const pixels = fromPixels({ ...small, samples: toBytes(small.samples) }).resize(
    THUMBNAIL_SIDE,
    THUMBNAIL_SIDE,
    { fit: 'inside', withoutEnlargement: true },
  );
  return turnUpright(pixels, orientation)
    .jpeg({ quality: THUMBNAIL_QUALITY, ...usualTables })
    .toBuffer();
}

/** Keeps the depth and the channels; pixels are never added. */
async function resized(block: PixelBlock, side: number): Promise<PixelBlock> {
  if (!isLonger(block, side)) return block;
  const isDeep = block.samples instanceof Uint16Array;
  const space = block.channels === 1 ? 'b-w' : 'srgb';
  const deepSpace = block.channels === 1 ? 'grey16' : 'rgb16';
  const small = fromPixels(block).resize(side, side, { fit: 'inside' });
  return pixelsOf(small, {
    ...block,
    orientation: null,
    space: isDeep ? deepSpace : space,
    depth: isDeep ? 'ushort' : 'uchar',
  });
}

/** Grey pixels as a JPEG. */
export async function encodePreview({ samples, width, height }: GreyRaster): Promise<Buffer> {
  return sharp(samples, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: PREVIEW_QUALITY, ...usualTables })
    .toBuffer();
}

/** Reads a small picture, a preview or what a camera put beside its image, as grey pixels. */
export async function decodeGrey(file: Uint8Array, limitPixels: number): Promise<GreyRaster> {
  const { data, info } = await sharp(file, {
    failOn: 'truncated',
    limitInputPixels: limitPixels,
    ignoreIcc: true,
  })
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 1) return { width, height, samples: data };
  return greyOf({ samples: data, width, height, channels });
}

function toBytes(samples: Uint8Array | Uint16Array): Uint8Array {
  return samples instanceof Uint16Array
    ? Uint8Array.from(samples, (sample) => sample >> 8)
    : samples;
}

/** The decoder mirrors first and turns then, whatever the order of the calls. */
function turnUpright(image: Sharp, orientation: number | null): Sharp {
  switch (orientation) {
    case 2:
      return image.flop();
    case 3:
      return image.rotate(180);
    case 4:
      return image.flip();
    case 5:
      return image.flip().rotate(90);
    case 6:
      return image.rotate(90);
    case 7:
      return image.flop().rotate(90);
    case 8:
      return image.rotate(270);
    default:
      return image;
  }
}
