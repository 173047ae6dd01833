/** Micrometers, by band; null where a file does not tell. */
export type BandWavelengths = readonly (number | null)[];

/** One unit in micrometers. */
const UNITS: readonly (readonly [name: RegExp, micrometers: number])[] = [
  [/^(?:nanomet(?:er|re)s?|nm)$/i, 1e-3],
  [/^(?:micromet(?:er|re)s?|microns?|[uµμ]m)$/i, 1],
];

// Bounded, so that no text takes long, however damaged it is.
const ITEM = /<Item\s([^<>]{1,300})>([^<]{1,80})</g;
const ATTRIBUTE = /(\w{1,20})="([^"]{0,80})"/g;

/**
 * The wavelengths that GDAL's metadata of a TIFF (tag 42112) state of its bands: `CENTRAL_WAVELENGTH_UM`, else
 * `wavelength` in nanometers or micrometers by `wavelength_units` of the band or of the whole file. A number
 * without a unit tells nothing.
 *
 * Source: GDAL, "GDAL Raster Data Model", domain IMAGERY; frmts/raw/envidataset.cpp and frmts/gtiff.
 *
 * @returns null when it is known of no band.
 */
export function wavelengthsIn(metadata: string, bands: number): BandWavelengths | null {
  const items = itemsIn(metadata);
  const fileUnit = micrometersIn(items.get('wavelength_units'));
  const wavelengths = Array.from({ length: bands }, (_, band) => {
    const central = positive(items.get(`central_wavelength_um ${band}`));
    if (central !== null) return central;
    const value = positive(items.get(`wavelength ${band}`));
    const ownUnit = items.get(`wavelength_units ${band}`);
    const unit = ownUnit === undefined ? fileUnit : micrometersIn(ownUnit);
    // Nanometers have few digits, and as micrometers no more than these.
    return value === null || unit === null ? null : Number((value * unit).toPrecision(9));
  });
  return wavelengths.some((wavelength) => wavelength !== null) ? wavelengths : null;
}

/** By name in small letters, and the band from 0 of those that belong to one. */
function itemsIn(metadata: string): Map<string, string> {
  const items = new Map<string, string>();
  for (const [, stated = '', value = ''] of metadata.matchAll(ITEM)) {
    const attributes = new Map(
      Array.from(stated.matchAll(ATTRIBUTE), ([, key, text]) => [key!, text!]),
    );
    const name = (attributes.get('name') ?? '').toLowerCase();
    const band = attributes.get('sample');
    items.set(band === undefined ? name : `${name} ${band}`, value.trim());
  }
  return items;
}

function positive(text: string | undefined): number | null {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function micrometersIn(unit: string | undefined): number | null {
  return UNITS.find(([name]) => name.test(unit ?? ''))?.[1] ?? null;
}
