import sharp, { type Sharp, type SharpOptions } from 'sharp';
import type { GreyRaster } from '../model/grey-raster.ts';
import { luminanceOf, type PixelBlock } from '../model/luminance.ts';
import type { MeasuredViews } from '../model/measure-pixels.ts';

/** Long side of the overview, and of the thumbnail. */
const OVERVIEW_SIDE = 2048;
const THUMBNAIL_SIDE = 192;
const THUMBNAIL_QUALITY = 75;
/** Long side of the preview: enough to compare the ground that two images share. */
const PREVIEW_SIDE = 640;
const PREVIEW_QUALITY = 85;
/** Side of the part of the middle that sharpness is measured on. */
const MIDDLE_SIDE = 1024;
/** Decoded pixels that are kept at once; larger images are decoded as a stream, in two passes. */
const MAX_BYTES_AT_ONCE = 192e6;

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

/**
 * Decodes an image in full, and takes from that one decode what is measured, and a thumbnail.
 *
 * Decoding to color and weighing it later takes half the time of decoding to grey: the decoder's grey
 * goes over linear light, which is not the luminance that is wanted either.
 *
 * @returns views without alpha, in the depth of the file, a JPEG turned upright, and grey pixels as stored.
 * @throws what the decoder throws, and {UnscaledSamples}.
 */
export async function decodeImage(
  file: Uint8Array,
  header: ImageHeader,
  { limitPixels, timeoutSeconds }: DecodeLimits,
): Promise<{ views: MeasuredViews; thumbnail: Buffer; preview: GreyRaster }> {
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
  const views = await (isSmall(header) ? viewsAtOnce(open, header) : viewsInPasses(open, header));
  return {
    views,
    thumbnail: await thumbnailOf(views.overview, header.orientation),
    preview: await previewOf(views.overview),
  };
}

function isSmall({ width, height, space, depth }: ImageHeader): boolean {
  const bytesPerPixel = (isGrey(space) ? 1 : 3) * (depth === 'ushort' ? 2 : 1);
  return width * height * bytesPerPixel <= MAX_BYTES_AT_ONCE;
}

function isGrey(space: string): boolean {
  return space === 'b-w' || space === 'grey16';
}

async function viewsAtOnce(open: () => Sharp, header: ImageHeader): Promise<MeasuredViews> {
  const whole = await pixelsOf(open(), header);
  const overview = isLonger(whole, OVERVIEW_SIDE)
    ? await pixelsOf(shrink(fromPixels(whole)), header)
    : whole;
  const middle = isLonger(whole, MIDDLE_SIDE)
    ? await pixelsOf(fromPixels(whole).extract(middleOf(whole)), header)
    : whole;
  return { overview, middle };
}

/** The first pass meets every pixel, and with it every damage; the second ends below the middle. */
async function viewsInPasses(open: () => Sharp, header: ImageHeader): Promise<MeasuredViews> {
  const overview = await pixelsOf(shrink(open()), header);
  const middle = await pixelsOf(open().extract(middleOf(header)), header);
  return { overview, middle };
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

function middleOf(size: { width: number; height: number }) {
  const width = Math.min(MIDDLE_SIDE, size.width);
  const height = Math.min(MIDDLE_SIDE, size.height);
  const [left, top] = [(size.width - width) >> 1, (size.height - height) >> 1];
  return { left, top, width, height };
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

async function thumbnailOf(overview: PixelBlock, orientation: number | null): Promise<Buffer> {
  const pixels = await resized(overview, THUMBNAIL_SIDE);
  const upright = turnUpright(
    fromPixels({ ...pixels, samples: toBytes(pixels.samples) }),
    orientation,
  );
  return upright.jpeg({ quality: THUMBNAIL_QUALITY }).toBuffer();
}

/** Keeps the depth and the channels; pixels are never added. */
async function resized(block: PixelBlock, side: number): Promise<PixelBlock> {
  const isDeep = block.samples instanceof Uint16Array;
  const space = block.channels === 1 ? 'b-w' : 'srgb';
  const deepSpace = block.channels === 1 ? 'grey16' : 'rgb16';
  const small = fromPixels(block).resize(side, side, { fit: 'inside', withoutEnlargement: true });
  return pixelsOf(small, {
    ...block,
    orientation: null,
    space: isDeep ? deepSpace : space,
    depth: isDeep ? 'ushort' : 'uchar',
  });
}

async function previewOf(overview: PixelBlock): Promise<GreyRaster> {
  const small = isLonger(overview, PREVIEW_SIDE) ? await resized(overview, PREVIEW_SIDE) : overview;
  const luminance = luminanceOf(small);
  return {
    width: small.width,
    height: small.height,
    samples: Uint8Array.from(luminance, (value) => Math.round(value * 255)),
  };
}

/** Grey pixels as a JPEG. */
export async function encodePreview({ samples, width, height }: GreyRaster): Promise<Buffer> {
  return sharp(samples, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: PREVIEW_QUALITY })
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
  const luminance = luminanceOf({ samples: data, width, height, channels });
  return { width, height, samples: Uint8Array.from(luminance, (value) => Math.round(value * 255)) };
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
