import {
  correlationPeak,
  type CorrelationPeak,
  crossSpectrum,
  type CrossSpectrum,
} from './cross-correlation.ts';
import { type ComplexPlane, fourier } from './fourier.ts';
import { type GradientField, gradientField } from './gradient-field.ts';
import { type Orientation, orientationField, windowWeights } from './orientation-field.ts';
import { fitPhases, type PhaseFit } from './phase-fit.ts';
import { cutRaster, type PixelWindow, type Raster, validShare } from './raster.ts';
import { subPixelPeak } from './sub-pixel-peak.ts';

/** Where the content of a window of the reference lies in the target. */
export interface WindowMatch {
  /** Pixels: what is at (x, y) of the reference is at (x + shift.x, y + shift.y) of the target. */
  shift: { x: number; y: number };
  ratio: number;
  peakToSidelobe: number;
  /** Whether the direction of the gradients agrees there, or their axis only: light and dark are swapped. */
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
  /** Some hundredths of a pixel are enough, as a finer look follows. */
  isRough?: boolean;
}

const MIN_VALID = 0.6;
/** Pixels between the peaks of both orientations that count as the same. */
const SAME_PEAK = 0.5;
/**
 * Pixels: a fit of the gray values that is less sure than this is no better than the peak. Where the
 * direction of the gradients does not agree, light and dark are swapped in parts, which misleads it.
 */
const SURE_FIT: Record<Orientation, number> = { direction: 0.12, axis: 0.04 };

/** A match, and that of the same window of the target with the reference. */
export interface WindowComparison {
  match: WindowMatch;
  /** Worked out when asked for: where the content of the target's window lies in the reference. */
  matchBack: () => { x: number; y: number };
}

/** Compares a window of the reference with the target one way; see `compareWindow`. */
export function matchWindow(
  reference: Raster,
  target: Raster,
  window: PixelWindow,
  options: MatchOptions,
): WindowMatch | WindowRefusal {
  const compared = compareWindow(reference, target, window, options);
  return typeof compared === 'string' ? compared : compared.match;
}

/**
 * Compares a window of the reference with the target, in two passes: the window functions pull a shift
 * towards zero by about 1 %, so that the target is cut again at the whole-pixel shift.
 *
 * The axis of the gradients decides whether and where; when their direction agrees within half a pixel,
 * its more precise place counts. Where the gray values themselves agree well, a fit of their phases from
 * there is more precise still; where they agree very well it needs no start but the axis. Ratios are those of
 * the first pass, in which thresholds are calibrated; the way back has the same one.
 *
 * @returns a refusal when less than 60 % of either window hold data, or half of its pixels are level.
 */
export function compareWindow(
  reference: Raster,
  target: Raster,
  window: PixelWindow,
  { guess, searchRadius, isRough = false }: MatchOptions,
): WindowComparison | WindowRefusal {
  const from = examine(reference, window);
  if (typeof from === 'string') return from;
  const to = examine(target, moved(window, guess));
  if (typeof to === 'string') return to;
  const first = correlate(from, to, 'axis', searchRadius);
  const options = { searchRadius, isRough };
  const { shift, orientation } = settle({ from, to, first }, options, (whole) =>
    examine(target, moved(moved(window, guess), whole)),
  );
  const { ratio, peakToSidelobe, isAtEdge } = first.peak;
  return {
    match: {
      shift: { x: guess.x + shift.x, y: guess.y + shift.y },
      ratio,
      peakToSidelobe,
      orientation,
      isAtEdge,
    },
    matchBack: () => {
      const back = settle({ from: to, to: from, first: mirrored(first) }, options, (whole) =>
        examine(reference, moved(window, whole)),
      );
      return { x: back.shift.x - guess.x, y: back.shift.y - guess.y };
    },
  };
}

/** The second pass, around the peak of the first; the shift is counted from where the first was cut. */
function settle(
  { from, to, first }: { from: Examined; to: Examined; first: Correlation },
  { searchRadius, isRough }: { searchRadius: number; isRough: boolean },
  cut: (whole: { x: number; y: number }) => Examined | WindowRefusal,
): { shift: { x: number; y: number }; orientation: Orientation } {
  const still = { x: 0, y: 0 };
  const isCentered = first.peak.x === 0 && first.peak.y === 0;
  // At the edge of the target the second window may hold too little.
  const again = isCentered ? to : cut(first.peak);
  const isCut = typeof again !== 'string';
  const [base, second] = isCut ? [first.peak, again] : [still, to];
  const [left, right] = whereBothHoldData(from, second);
  const isFirst = left === from && right === to;
  const fine = isFirst ? first : correlate(left, right, 'axis', searchRadius);
  const axis = subPixelPeak(fine.spectrum, isCut ? peakNear(fine) : first.peak);
  if (isRough) return { shift: { x: base.x + axis.x, y: base.y + axis.y }, orientation: 'axis' };
  // Gray values that agree so well need no finer start, and tell whether directions are opposite.
  const sure = sureFit(left, right, axis, SURE_FIT.axis);
  if (sure !== null) {
    const orientation = sure.isSwapped ? 'axis' : 'direction';
    return { shift: { x: base.x + sure.x, y: base.y + sure.y }, orientation };
  }
  const direct = correlate(left, right, 'direction', searchRadius);
  const direction = subPixelPeak(direct.spectrum, direct.peak);
  const agrees = Math.hypot(direction.x - axis.x, direction.y - axis.y) <= SAME_PEAK;
  const orientation = agrees ? 'direction' : 'axis';
  const peak = agrees ? direction : axis;
  // From the axis it was tried already.
  const place = agrees ? (sureFit(left, right, peak, SURE_FIT.direction) ?? peak) : peak;
  return { shift: { x: base.x + place.x, y: base.y + place.y }, orientation };
}

/** The same correlation with reference and target swapped. */
function mirrored({ spectrum, peak }: Correlation): Correlation {
  const values = spectrum.values.slice();
  for (let index = 1; index < values.length; index += 2) values[index] = -values[index]!;
  return {
    spectrum: { ...spectrum, values },
    peak: { ...peak, x: 0 - peak.x, y: 0 - peak.y },
  };
}

function moved(window: PixelWindow, by: { x: number; y: number }): PixelWindow {
  return { ...window, x: window.x + by.x, y: window.y + by.y };
}

interface Examined {
  part: Raster;
  field: GradientField;
  /** Worked out when asked for, as the spectra are. */
  weights?: Float64Array;
  spectra: Partial<Record<Orientation, ComplexPlane>>;
}

interface Correlation {
  spectrum: CrossSpectrum;
  peak: CorrelationPeak;
}

function examine(raster: Raster, window: PixelWindow): Examined | WindowRefusal {
  const part = cutRaster(raster, window);
  if (validShare(part) < MIN_VALID) return 'NO_DATA';
  const field = gradientField(part);
  return field.medianMagnitude > 0 ? { part, field, spectra: {} } : 'FLAT';
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

/**
 * The fit of the gray values near a peak; null where it is not that sure: seasons and clouds leave the
 * orientations alone, and may leave nothing of the gray values.
 */
function sureFit(
  from: Examined,
  to: Examined,
  peak: { x: number; y: number },
  sureError: number,
): PhaseFit | null {
  const fit = fitPhases(from.part, to.part, peak);
  if (fit === null || !(fit.standardError <= sureError)) return null;
  return Math.hypot(fit.x - peak.x, fit.y - peak.y) <= SAME_PEAK ? fit : null;
}

/** After the second cut the peak is at the middle, whatever else may have risen. */
function peakNear({ peak }: Correlation): { x: number; y: number } {
  return Math.max(Math.abs(peak.x), Math.abs(peak.y)) <= 1 ? peak : { x: 0, y: 0 };
}

/** Two masks that differ pull the shift to where they lie upon each other: both windows get the same. */
function whereBothHoldData(from: Examined, to: Examined): [Examined, Examined] {
  const [first, second] = [from.field.valid, to.field.valid];
  if (!first.includes(0) && !second.includes(0)) return [from, to];
  const valid = new Uint8Array(first.length);
  let [isAllOfFirst, isAllOfSecond] = [true, true];
  for (let pixel = 0; pixel < valid.length; pixel++) {
    const isValid = first[pixel]! & second[pixel]!;
    valid[pixel] = isValid;
    if (isValid !== first[pixel]) isAllOfFirst = false;
    if (isValid !== second[pixel]) isAllOfSecond = false;
  }
  const weights = windowWeights({ ...from.field, valid });
  const masked = ({ part, field }: Examined): Examined => ({
    part,
    field: { ...field, valid },
    weights,
    spectra: {},
  });
  return [isAllOfFirst ? from : masked(from), isAllOfSecond ? to : masked(to)];
}

function spectrumOf(examined: Examined, orientation: Orientation): ComplexPlane {
  const { field, spectra } = examined;
  examined.weights ??= windowWeights(field);
  return (spectra[orientation] ??= fourier(orientationField(field, orientation, examined.weights)));
}
