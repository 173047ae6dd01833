import { correlationPeak, type CorrelationPeak, crossSpectrum } from './cross-correlation.ts';
import { type ComplexPlane, fourier } from './fourier.ts';
import { type GradientField, gradientField } from './gradient-field.ts';
import { type Orientation, orientationField } from './orientation-field.ts';
import { cutRaster, type PixelWindow, type Raster, validShare } from './raster.ts';
import { subPixelPeak } from './sub-pixel-peak.ts';

/** Where the content of a window of the reference lies in the target. */
export interface WindowMatch {
  /** Pixels: what is at (x, y) of the reference is at (x + shift.x, y + shift.y) of the target. */
  shift: { x: number; y: number };
  ratio: number;
  peakToSidelobe: number;
  /** Which orientation gave the value between the pixels. */
  orientation: Orientation;
  isAtEdge: boolean;
}

/** Why a window was not compared. */
export type WindowRefusal = 'NO_DATA' | 'FLAT';

export interface MatchOptions {
  /** Whole pixels from the reference to the target, where the search starts. */
  guess: { x: number; y: number };
  /** Whole pixels around the guess; a quarter of the window at most makes sense. */
  searchRadius: number;
}

const MIN_VALID = 0.6;
/** Pixels between the peaks of both orientations that count as the same. */
const SAME_PEAK = 0.5;

/**
 * Compares a window of the reference with the target, in two passes: the window functions pull a shift
 * towards zero by about 1 %, so that the target is cut again at the whole-pixel shift.
 *
 * The axis of the gradients decides whether and where; when their direction agrees within half a pixel,
 * its more precise place counts. Ratios are those of the first pass, in which thresholds are calibrated.
 *
 * @returns a refusal when less than 60 % of either window hold data, or half of its pixels are level.
 */
export function matchWindow(
  reference: Raster,
  target: Raster,
  window: PixelWindow,
  { guess, searchRadius }: MatchOptions,
): WindowMatch | WindowRefusal {
  const cut = (shift: { x: number; y: number }) =>
    examine(target, { ...window, x: window.x + shift.x, y: window.y + shift.y });
  const from = examine(reference, window);
  if (typeof from === 'string') return from;
  const to = cut(guess);
  if (typeof to === 'string') return to;
  const first = correlate(from, to, 'axis', searchRadius);
  const coarse = { x: guess.x + first.peak.x, y: guess.y + first.peak.y };
  const isCentered = first.peak.x === 0 && first.peak.y === 0;
  // At the edge of the target the second window may hold too little.
  const again = isCentered ? to : cut(coarse);
  const [base, second] = typeof again === 'string' ? [guess, to] : [coarse, again];
  const [left, right] = whereBothHoldData(from, second);
  const isFirst = left === from && right === to;
  const fine = isFirst ? first : correlate(left, right, 'axis', searchRadius);
  const axis = subPixelPeak(fine.spectrum, base === coarse ? peakNear(fine) : first.peak);
  const direct = correlate(left, right, 'direction', searchRadius);
  const direction = subPixelPeak(direct.spectrum, direct.peak);
  const agrees = Math.hypot(direction.x - axis.x, direction.y - axis.y) <= SAME_PEAK;
  const place = agrees ? direction : axis;
  return {
    shift: { x: base.x + place.x, y: base.y + place.y },
    ratio: first.peak.ratio,
    peakToSidelobe: first.peak.peakToSidelobe,
    orientation: agrees ? 'direction' : 'axis',
    isAtEdge: first.peak.isAtEdge,
  };
}

interface Examined {
  field: GradientField;
  spectra: Partial<Record<Orientation, ComplexPlane>>;
}

interface Correlation {
  spectrum: ComplexPlane;
  peak: CorrelationPeak;
}

function examine(raster: Raster, window: PixelWindow): Examined | WindowRefusal {
  const part = cutRaster(raster, window);
  if (validShare(part) < MIN_VALID) return 'NO_DATA';
  const field = gradientField(part);
  return field.medianMagnitude > 0 ? { field, spectra: {} } : 'FLAT';
}

function correlate(
  from: Examined,
  to: Examined,
  orientation: Orientation,
  searchRadius: number,
): Correlation {
  const spectrum = crossSpectrum(
    spectrumOf(from, orientation),
    spectrumOf(to, orientation),
    // The doubled angle has more noise, and a sharper peak is needed to decide.
    orientation === 'axis',
  );
  return { spectrum, peak: correlationPeak(spectrum, searchRadius) };
}

/** After the second cut the peak is at the middle, whatever else may have risen. */
function peakNear({ peak }: Correlation): { x: number; y: number } {
  return Math.max(Math.abs(peak.x), Math.abs(peak.y)) <= 1 ? peak : { x: 0, y: 0 };
}

/** Two masks that differ pull the shift to where they lie upon each other: both windows get the same. */
function whereBothHoldData(from: Examined, to: Examined): [Examined, Examined] {
  if (!from.field.valid.includes(0) && !to.field.valid.includes(0)) return [from, to];
  const valid = from.field.valid.map((isValid, pixel) => isValid & to.field.valid[pixel]!);
  const masked = (examined: Examined): Examined =>
    examined.field.valid.every((isValid, pixel) => isValid === valid[pixel])
      ? examined
      : { field: { ...examined.field, valid }, spectra: {} };
  return [masked(from), masked(to)];
}

function spectrumOf(examined: Examined, orientation: Orientation): ComplexPlane {
  return (examined.spectra[orientation] ??= fourier(orientationField(examined.field, orientation)));
}
