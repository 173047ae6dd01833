import sharp from 'sharp';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { alphaOfLines, alphaOfMask, type Samples, withAlpha } from '../model/apply-alpha.ts';
import { guideWindows, fitColorLines, type Guide } from '../model/color-lines.ts';
import { guidedLines, smoothLines } from '../model/guided-filter.ts';
import { cutoutBytes } from '../model/cutout-memory.ts';
import { type Plane, resizePlane } from '../model/lanczos.ts';
import { closedFormMatte, trimapOf } from '../model/matting.ts';
import { networkInput } from '../model/model-profile.ts';
import { plainBackdropMask } from '../model/plain-backdrop.ts';
import { type Box, boxOfAlpha, type SubjectMask, subjectMask } from '../model/subject-mask.ts';
import { decodeSamples } from './decode-samples.ts';
import type { Network } from './network.ts';
import { openImage, type OpenedImage } from './open-image.ts';

/** How the edge of the subject is drawn. */
export type Edge = 'none' | 'guided' | 'matting';

export interface CutoutOptions {
  /** How failures call the image. */
  name: string;
  edge: Edge;
  format: 'png' | 'webp';
  /** Of WebP, 1 to 100. */
  quality: number;
  crop: 'none' | 'subject';
  /** Below these the picture has no subject. */
  minConfidence: number;
  minCoverage: number;
  limitPixels: number;
  /** Memory that the process may hold. */
  limitBytes: number;
}

export interface Cutout {
  outcome: 'ok' | 'no-subject';
  /** The written image; null without a subject. */
  bytes: Uint8Array | null;
  width: number;
  height: number;
  confidence: number;
  coverage: number;
  box: Box | null;
  /** Milliseconds by step. */
  timings: Record<string, number>;
}

/** Long side of the picture that edges are looked for in. */
const GUIDE_SIDE = 1024;
/** Long side of the picture that a plain backdrop is looked for in. */
const PLAIN_SIDE = 400;
/** Long side of the picture that a matte is solved in, and how long the search may go on. */
const MATTE_SIDE = 768;
const MATTE_STEPS = 300;
/** How far hair may reach past the edge of the mask, of the long side. */
const MATTE_MARGIN = 0.016;
const DECODE_TIMEOUT_SECONDS = 120;

/**
 * Removes the background of one image.
 *
 * The cut-out keeps the depth of the image, and grey stays grey. It is upright and in sRGB: a profile is
 * converted, as cut-outs are put together with pictures from elsewhere.
 *
 * @param network null for the method for plain backdrops, which knows no weights.
 */
export async function cutOut(
  file: Uint8Array,
  network: Network | null,
  options: CutoutOptions,
): Promise<Cutout> {
  const clock = new StopWatch();
  const opened = await openImage(file, options.name, {
    limitPixels: options.limitPixels,
    timeoutSeconds: DECODE_TIMEOUT_SECONDS,
  });
  refuseWhatDoesNotFit(opened, network, options);
  const { samples, ownAlpha } = await decodeSamples(opened, options.name);
  clock.lap('decode');
  const guide = await guideOf(samples, GUIDE_SIDE);
  clock.lap('reduce');
  const { plane, ...seen } = await findSubject(guide, network);
  clock.lap('find');
  const { confidence, coverage } = seen;
  const common = { confidence: rounded(confidence), coverage: rounded(coverage) };
  const { width, height } = samples;
  if (confidence < options.minConfidence || coverage < options.minCoverage) {
    const nothing = { outcome: 'no-subject', bytes: null, box: null } as const;
    return { ...nothing, ...common, width, height, timings: clock.laps };
  }
  const alpha = drawEdge(samples, guide, plane, options.edge);
  clock.lap('edge');
  const box = boxOfAlpha(alpha, width, height);
  if (box === null) {
    const nothing = { outcome: 'no-subject', bytes: null, box } as const;
    return { ...nothing, ...common, width, height, timings: clock.laps };
  }
  const written = await encode(samples, withAlpha(samples, alpha, ownAlpha), box, options);
  clock.lap('encode');
  return { outcome: 'ok', box, ...common, ...written, timings: clock.laps };
}

/** Before anything is decoded. @throws {UnsupportedImage} that names the image. */
function refuseWhatDoesNotFit(
  { header: { width, height }, space }: OpenedImage,
  network: Network | null,
  { name, format, limitBytes }: CutoutOptions,
): void {
  const needed = cutoutBytes({
    pixels: width * height,
    isDeep: space === 'grey16' || space === 'rgb16',
    format,
    weightsBytes: network?.source.bytes ?? 0,
  });
  if (needed <= limitBytes) return;
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  throw new UnsupportedImage(
    `Cannot remove the background of "${name}" as its ${width} x ${height} pixels need ${megabytes(needed)} megabytes and ${megabytes(limitBytes)} are allowed: make it smaller with "image.resize@1", or raise SKYLOOM_CUTOUT_MEGABYTES`,
  );
}

async function findSubject(
  guide: Guide,
  network: Network | null,
): Promise<Omit<SubjectMask, 'values'> & { plane: Plane }> {
  if (network === null) {
    const size = fitting(guide, PLAIN_SIDE);
    const { values, ...seen } = plainBackdropMask(resizeGuide(guide, size.width, size.height));
    return { ...seen, plane: { values, ...size } };
  }
  const { profile } = network.source;
  const { size } = profile;
  const rgb = interleaved(resizeGuide(guide, size, size));
  const { values, ...seen } = subjectMask(await network.run(networkInput(rgb, profile)), profile);
  return { ...seen, plane: { values, width: size, height: size } };
}

/** Alpha of the whole picture, 0 to 255, from the small mask. */
function drawEdge(samples: Samples, guide: Guide, mask: Plane, edge: Edge): Uint8Array {
  if (edge === 'none')
    return alphaOfMask(resizePlane(inLevels(mask), samples.width, samples.height));
  if (edge === 'guided') {
    const { values } = clamped(resizePlane(mask, guide.width, guide.height));
    return alphaOfLines(samples, guidedLines(guide, values), guide);
  }
  const { width, height } = fitting(guide, MATTE_SIDE);
  const small = resizeGuide(guide, width, height);
  const { values } = clamped(resizePlane(mask, width, height));
  const margin = Math.max(2, Math.round(MATTE_MARGIN * Math.max(width, height)));
  const trimap = trimapOf(values, width, height, margin);
  const matte = closedFormMatte(small, trimap, values, MATTE_STEPS);
  const lines = smoothLines(fitColorLines(guideWindows(small, 1, 1e-6), matte), small, 1);
  return alphaOfLines(samples, lines, small);
}

/** In 256 levels before it is enlarged, as the program rembg does it: both give the same then. */
function inLevels({ values, ...size }: Plane): Plane {
  return { values: values.map((value) => Math.floor(value * 255) / 255), ...size };
}

function clamped({ values, ...size }: Plane): Plane {
  return { values: values.map((value) => Math.min(1, Math.max(0, value))), ...size };
}

async function encode(
  { width, height, channels }: Samples,
  pixels: Uint8Array | Uint16Array,
  box: Box,
  { format, quality, crop }: CutoutOptions,
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const isDeep = pixels instanceof Uint16Array;
  const raw = { width, height, channels: (channels + 1) as 2 | 4 };
  let picture = sharp(pixels, { raw, limitInputPixels: false });
  const space = channels === 1 ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb';
  if (isDeep) picture = picture.pipelineColourspace(space);
  if (crop === 'subject') picture = picture.extract(box);
  const isHalved = isDeep && format === 'webp';
  picture = picture.toColourspace(isHalved ? (channels === 1 ? 'b-w' : 'srgb') : space);
  const written =
    format === 'png' ? picture.png() : picture.webp({ quality, effort: 2, alphaQuality: 100 });
  const { data, info } = await written.toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height };
}

/** The picture made small enough, its colors from 0 to 1. */
async function guideOf(samples: Samples, side: number): Promise<Guide> {
  const { width, height, channels } = samples;
  const size = fitting(samples, side);
  let picture = sharp(samples.data, { raw: { width, height, channels }, limitInputPixels: false });
  if (size.width !== width) {
    // Shrinking is centered in this library; only enlarging is not.
    picture = picture.resize({ ...size, fit: 'fill', kernel: 'lanczos3' });
  }
  const rgb = await picture.toColourspace('srgb').raw().toBuffer();
  const plane = (channel: number) => {
    const values = new Float32Array(size.width * size.height);
    for (let i = 0; i < values.length; i++) values[i] = rgb[3 * i + channel]! / 255;
    return values;
  };
  return { red: plane(0), green: plane(1), blue: plane(2), ...size };
}

function fitting({ width, height }: { width: number; height: number }, side: number) {
  const scale = Math.min(1, side / Math.max(width, height));
  const scaled = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: scaled(width), height: scaled(height) };
}

function resizeGuide(guide: Guide, width: number, height: number): Guide {
  const channel = (values: Float32Array) =>
    clamped(resizePlane({ values, width: guide.width, height: guide.height }, width, height))
      .values;
  const [red, green, blue] = [channel(guide.red), channel(guide.green), channel(guide.blue)];
  return { red, green, blue, width, height };
}

function interleaved({ red, green, blue }: Guide): Uint8Array {
  const rgb = new Uint8Array(3 * red.length);
  for (let i = 0; i < red.length; i++) {
    rgb[3 * i] = red[i]! * 255 + 0.5;
    rgb[3 * i + 1] = green[i]! * 255 + 0.5;
    rgb[3 * i + 2] = blue[i]! * 255 + 0.5;
  }
  return rgb;
}

/** What stands behind these digits differs between processors. */
function rounded(value: number): number {
  return Number(value.toFixed(4));
}

class StopWatch {
  readonly laps: Record<string, number> = {};
  private last = performance.now();

  lap(name: string): void {
    const now = performance.now();
    this.laps[name] = Math.round(now - this.last);
    this.last = now;
  }
}
