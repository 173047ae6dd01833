import sharp from 'sharp';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { JudgedLook, RegistrationPlan } from '../../contracts/scene-registration-plan.ts';
import type { PixelWindow, Raster } from '../../maths/raster.ts';
import { stretchToBytes } from '../model/contrast-stretch.ts';
import { NO_SHIFT, type ShiftModel } from '../model/registration/shift-model.ts';
import { openFiles } from './open-pair.ts';

/** Pixels of the grid that are shown, and how large each is drawn. */
const SIDE = 240;
const ZOOM = 2;
const QUALITY = 88;
/**
 * Two pictures of one place: the reference in red and the scene in blue and green over each other, as the
 * scene states its place, and as corrected. Where both agree, the picture is grey.
 *
 * @returns null when there is nothing to show.
 */
export async function registrationOverlays(
  plan: RegistrationPlan,
  judged: JudgedLook & { model: ShiftModel },
  pathOf: (ref: ArtifactRef) => Promise<string>,
): Promise<{ before: Buffer; after: Buffer; window: PixelWindow } | null> {
  const best = judged.tiePoints
    .filter(({ isInlier }) => isInlier)
    .reduce<JudgedLook['tiePoints'][number] | null>(
      (most, next) => (most === null || next.ratio > most.ratio ? next : most),
      null,
    );
  if (best === null) return null;
  const { grid } = plan;
  const [width, height] = [Math.min(SIDE, grid.width), Math.min(SIDE, grid.height)];
  const window = {
    x: Math.round(Math.min(Math.max(0, best.at.x - width / 2), grid.width - width)),
    y: Math.round(Math.min(Math.max(0, best.at.y - height / 2), grid.height - height)),
    width,
    height,
  };
  const files = await openFiles(plan, pathOf);
  try {
    const red = grey(await files.reference.read({ window }));
    if (red === null) return null;
    const [before, after] = await Promise.all(
      [NO_SHIFT, judged.model].map(async (model) => {
        const cyan = grey(await (await files.targetBy(model)).read({ window }));
        return cyan === null ? null : overlay(red, cyan, window);
      }),
    );
    return !before || !after ? null : { before, after, window };
  } finally {
    await files.close();
  }
}

function overlay(
  red: Uint8Array,
  cyan: Uint8Array,
  { width, height }: PixelWindow,
): Promise<Buffer> {
  const pixels = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    pixels[3 * pixel] = red[pixel]!;
    pixels[3 * pixel + 1] = cyan[pixel]!;
    pixels[3 * pixel + 2] = cyan[pixel]!;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(width * ZOOM, height * ZOOM, { kernel: 'nearest' })
    .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

function grey({ values, valid }: Raster): Uint8Array | null {
  const shown =
    valid === null
      ? values
      : values.map((value, pixel) => (valid[pixel] === 1 ? value : Number.NaN));
  return stretchToBytes({ values: shown, channels: 1, bands: [0], nodata: null });
}
