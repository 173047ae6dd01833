import { join } from 'node:path';
import sharp from 'sharp';
import { randomNumbers } from '../maths/seeded-random.ts';
import { tagged } from '../test/support/textured-flight.ts';

/** Every octave of detail has a raster of its own, half as fine as the one before. */
const OCTAVES = 9;
/** Contrast of an octave to that of the next finer one: natural scenes have amplitudes of about 1/f. */
const FALL_OFF = 1.45;
/** Of the finest octave, which a camera's noise is part of; levels of 255. */
const FINEST_CONTRAST = 22;
const COLOR_CONTRAST = 30;
const QUALITY = 92;

/**
 * Writes JPEGs whose spectrum is that of photographs, so that decoding them takes as long: large flat or
 * blocky areas decode twice as fast. The tags are those of a drone's.
 *
 * Source of the spectrum: D. J. Field, "Relations between the statistics of natural images and the response
 * properties of cortical cells", Journal of the Optical Society of America A 4, 1987.
 */
export async function writePhotoLikeImages(
  folder: string,
  count: number,
  megapixels: number,
): Promise<string[]> {
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  const height = Math.round((width * 3) / 4);
  const paths = Array.from({ length: count }, (_, index) => join(folder, `PHOTO_${index}.JPG`));
  for (const [index, path] of paths.entries()) {
    const pixels = await photoLike(width, height, path.slice(folder.length));
    await tagged(sharp(pixels, { raw: { width, height, channels: 3 } }), index, width)
      .jpeg({ quality: QUALITY, chromaSubsampling: '4:2:0' })
      .toFile(path);
  }
  return paths;
}

async function photoLike(width: number, height: number, seed: string): Promise<Uint8Array> {
  const random = randomNumbers(seed);
  const brightness = new Float32Array(width * height).fill(118);
  for (let octave = 0; octave < OCTAVES; octave++) {
    const layer = await noiseLayer(width, height, octave, random);
    const contrast = (FINEST_CONTRAST * FALL_OFF ** octave) / 255;
    for (let i = 0; i < brightness.length; i++) brightness[i]! += contrast * (layer[i]! - 128);
  }
  const tint = await noiseLayer(width, height, OCTAVES - 3, random);
  const pixels = new Uint8ClampedArray(3 * brightness.length);
  for (let i = 0; i < brightness.length; i++) {
    const shift = (COLOR_CONTRAST / 255) * (tint[i]! - 128);
    pixels[3 * i] = brightness[i]! + shift;
    pixels[3 * i + 1] = brightness[i]!;
    pixels[3 * i + 2] = brightness[i]! - shift;
  }
  return new Uint8Array(pixels.buffer);
}

/** White noise of a raster that is 2^octave times as coarse, enlarged smoothly. */
async function noiseLayer(width: number, height: number, octave: number, random: () => number) {
  const [columns, rows] = [width, height].map((side) => Math.max(2, Math.ceil(side / 2 ** octave)));
  const noise = Uint8Array.from({ length: columns! * rows! }, () => random() * 256);
  return sharp(noise, { raw: { width: columns!, height: rows!, channels: 1 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
}
