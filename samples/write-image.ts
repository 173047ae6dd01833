import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { BLUR_SIGMA, type SampleShot } from './flaws.ts';
import type { FlightDesign } from './flight-design.ts';
import type { GroundTexture } from './ground-texture.ts';
import { renderImage } from './render.ts';
import { exifOf, xmpOf } from './tags.ts';
import type { Relief } from './terrain.ts';

/** The JPEG of one shot with all its tags, and with its flaw; the same bytes every time. */
export async function encodeShot(
  shot: SampleShot,
  design: FlightDesign,
  ground: GroundTexture,
  relief: Relief,
): Promise<Uint8Array> {
  const { width, height } = design.camera;
  const pixels = renderImage(ground, relief, design.camera, shot.truePose);
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  if (shot.flaw === 'blurred') image.blur(BLUR_SIGMA);
  const file = await image
    .jpeg({ quality: 90 })
    .withExif(exifOf(shot, design))
    .withXmp(xmpOf(shot, design))
    .toBuffer();
  return shot.flaw === 'truncated' ? file.subarray(0, Math.floor(file.length / 2)) : file;
}

/** Writes one shot to `path`. */
export async function writeShot(path: string, ...of: Parameters<typeof encodeShot>): Promise<void> {
  await writeFile(path, await encodeShot(...of));
}
