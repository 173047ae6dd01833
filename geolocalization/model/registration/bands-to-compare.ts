import type { BandWavelengths } from '../band-wavelengths.ts';

/** Micrometers by which red, green and blue of two sensors may differ, and their means be compared. */
const SAME_COLOR = 0.03;
/** Micrometers between two bands over which ground may look too different in them. */
const MAX_APART = 0.1;
/** Micrometers: less is rounding. */
const ROUNDING = 1e-6;

/** Bands of a file, counted from 0, and what is known of them. */
export interface KnownBands {
  bands: number;
  /** One for each of its bands. */
  wavelengths?: BandWavelengths | null | undefined;
}

/** Bands of both sides, counted from 0: of several the mean is compared. */
export interface ComparedBands {
  scene: number[];
  reference: number[];
  /** Micrometers, when they decided: then it is one band of each. */
  wavelengths: { scene: number; reference: number } | null;
}

/**
 * Which bands are compared: where both sides know their wavelengths the two nearest ones, of several as near
 * those of the shortest wavelength; else a luminance of each. So it is also when both start with the
 * same three colors, as a mean has less noise, and when no two bands are near each other.
 */
export function bandsToCompare(scene: KnownBands, reference: KnownBands): ComparedBands {
  const luminance = {
    scene: luminanceBands(scene.bands),
    reference: luminanceBands(reference.bands),
    wavelengths: null,
  };
  if (startAlike(scene, reference)) return luminance;
  let nearest: ComparedBands | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const { band, wavelength } of byWavelength(scene)) {
    const other = nearestBand(wavelength, reference);
    if (other === null || !(other.apart < least - ROUNDING)) continue;
    least = other.apart;
    const wavelengths = { scene: wavelength, reference: other.wavelength };
    nearest = { scene: [band], reference: [other.band], wavelengths };
  }
  return nearest ?? luminance;
}

/** The band of a file that is nearest to a wavelength in micrometers; null when none is near. */
export function nearestBand(
  wanted: number,
  file: KnownBands,
): { band: number; wavelength: number; apart: number } | null {
  let nearest: ReturnType<typeof nearestBand> = null;
  let least = MAX_APART + 2 * ROUNDING;
  for (const known of byWavelength(file)) {
    const apart = Math.abs(known.wavelength - wanted);
    if (!(apart < least - ROUNDING)) continue;
    least = apart;
    nearest = { ...known, apart };
  }
  return nearest;
}

/** Of three bands and more the mean of the first three, as a luminance; else the only one. */
export function luminanceBands(bands: number): number[] {
  return bands >= 3 ? [0, 1, 2] : [0];
}

/** Whether the first three bands of both are the same colors, in whatever order. */
function startAlike(one: KnownBands, other: KnownBands): boolean {
  const [first, second] = [one, other].map(({ wavelengths }) =>
    (wavelengths ?? [])
      .slice(0, 3)
      .filter((wavelength) => wavelength !== null)
      .toSorted((a, b) => a - b),
  ) as [number[], number[]];
  const isAlike = (wavelength: number, index: number) =>
    Math.abs(wavelength - second[index]!) <= SAME_COLOR + ROUNDING;
  return first.length === 3 && second.length === 3 && first.every(isAlike);
}

/** Those that are known, the shortest first. */
function byWavelength({ wavelengths }: KnownBands): { band: number; wavelength: number }[] {
  return (wavelengths ?? [])
    .flatMap((wavelength, band) => (wavelength === null ? [] : [{ band, wavelength }]))
    .toSorted((a, b) => a.wavelength - b.wavelength);
}
