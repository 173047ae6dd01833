/** What an image says about its lens; what it does not say is null. */
export interface FocalRecord {
  /** Stored size in pixels. */
  width: number;
  height: number;
  /** As the camera took it, before anyone made the file smaller. */
  originalWidth: number | null;
  model: string | null;
  /** `date;fx,fy,cx,cy,…` in pixels of the original. */
  dewarpData: string | null;
  /** Pixels of the original. */
  calibratedFocalLength: number | null;
  focalMillimeters: number | null;
  focalPlaneXResolution: number | null;
  /** EXIF code: 2 inch, 3 centimeter, 4 millimeter, 5 micrometer. */
  focalPlaneResolutionUnit: number | null;
  focal35Millimeters: number | null;
}

/** A focal length in pixels of the stored image, and what it was worked out from. */
export interface FocalLength {
  pixels: number;
  source: 'dewarp' | 'calibrated' | 'sensor' | 'focal_plane' | 'focal_35mm';
}

/** Nominal widths, in millimeters. */
const SENSOR_WIDTHS: ReadonlyMap<string, number> = new Map([
  ...['fc300s', 'fc300x', 'fc330', 'fc350'].map((model) => [model, 6.17] as const),
  ['fc220', 6.16],
  ['fc6310', 13.2],
  ['fc6310r', 13.2],
  ['fc6520', 17.3],
  ['l1d-20c', 13.2],
  ['fc3170', 6.4],
  ['fc3582', 9.6],
  ['zenmusep1', 35.9],
  ['m3e', 17.3],
  ['sequoia', 4.8],
  ['ilce-7r', 35.9],
  ['dsc-rx1', 35.8],
  ['ilce-qx1', 23.2],
  ['ilce-6000', 23.5],
  ['canon powershot elph 300 hs', 6.17],
  ['canon powershot sx260 hs', 6.17],
  ['canon powershot s100', 7.44],
  ['canon powershot a3300 is', 6.17],
  ['xt705', 13.2],
  ['iphone 5s', 4.89],
]);

const MILLIMETERS_PER_UNIT: Readonly<Record<number, number>> = { 2: 25.4, 3: 10, 4: 1, 5: 0.001 };

const FULL_FRAME_WIDTH = 36;
const FULL_FRAME_DIAGONAL = 43.2666;
const MAX_PIXELS = 1e6;

/**
 * The focal length in pixels, by the first route that the record allows.
 *
 * In order of trust: the camera's own calibration, its calibrated focal length, the nominal width of
 * its sensor, the resolution of its focal plane, the 35 mm equivalent. Nothing is guessed beyond.
 *
 * @returns null when no route applies.
 *
 * @example
 * focalLength({ ...unknownLens, width: 4000, height: 2250, model: 'FC300S', focalMillimeters: 3.61 });
 * // { pixels: 2340.4, source: 'sensor' }
 */
export function focalLength(record: FocalRecord): FocalLength | null {
  const scale = scaleOf(record);
  const routes: [FocalLength['source'], number | null][] = [
    ['dewarp', times(dewarpFocal(record.dewarpData), scale)],
    ['calibrated', times(record.calibratedFocalLength, scale)],
    ['sensor', bySensor(record)],
    ['focal_plane', times(byFocalPlane(record), scale)],
    ['focal_35mm', by35Millimeters(record)],
  ];
  for (const [source, pixels] of routes) {
    if (pixels !== null && pixels >= 1 && pixels <= MAX_PIXELS) return { pixels, source };
  }
  return null;
}

/** Stored by original width; 1 where the original is not known to be larger. */
export function scaleOf({
  width,
  originalWidth,
}: Pick<FocalRecord, 'width' | 'originalWidth'>): number {
  return originalWidth !== null && originalWidth >= width ? width / originalWidth : 1;
}

function times(pixels: number | null, scale: number): number | null {
  return pixels === null ? null : pixels * scale;
}

function dewarpFocal(dewarpData: string | null): number | null {
  const focal = Number.parseFloat(dewarpData?.split(';')[1] ?? '');
  return Number.isFinite(focal) ? focal : null;
}

function bySensor({ model, focalMillimeters, width, height }: FocalRecord): number | null {
  const sensorWidth = SENSOR_WIDTHS.get(model?.toLowerCase() ?? '');
  if (sensorWidth === undefined || focalMillimeters === null) return null;
  return (focalMillimeters / sensorWidth) * Math.max(width, height);
}

function byFocalPlane(record: FocalRecord): number | null {
  const { focalMillimeters, focalPlaneXResolution, focalPlaneResolutionUnit } = record;
  const millimeters = MILLIMETERS_PER_UNIT[focalPlaneResolutionUnit ?? 2];
  if (focalMillimeters === null || focalPlaneXResolution === null) return null;
  return millimeters === undefined
    ? null
    : (focalMillimeters * focalPlaneXResolution) / millimeters;
}

function by35Millimeters({ focal35Millimeters, width, height }: FocalRecord): number | null {
  if (focal35Millimeters === null) return null;
  const longer = Math.max(width, height);
  const aspect = longer / Math.min(width, height);
  const isLikeFilm = Math.abs(aspect / 1.5 - 1) <= 0.02;
  return isLikeFilm
    ? (focal35Millimeters / FULL_FRAME_WIDTH) * longer
    : (focal35Millimeters / FULL_FRAME_DIAGONAL) * Math.hypot(width, height);
}
