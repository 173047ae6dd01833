import type { GroundAccuracy } from '../../../contracts/ground-accuracy.ts';
import type { ReportImage } from '../../../contracts/report.ts';

type Cell = string | number | boolean | null;

/**
 * A table as CSV (RFC 4180, but LF): a field with a comma, quote or line break stands in quotes. A text
 * that a spreadsheet would take for a formula gets an apostrophe before it.
 */
export function csvOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line an image; the unit is the last word of a column's name. */
export function imagesCsv(rows: readonly ReportImage[]): string {
  return csvOf(
    [
      'image',
      'usable',
      'gsd_m',
      'tilt_deg',
      'expected_sigma_m',
      'blur',
      'luminance',
      'overlap_with_next',
      'observations',
      'rmse_radial_m',
      'rmse_px',
      'normalized',
      'findings',
    ],
    rows.map((row) => [
      row.name,
      row.usable,
      row.gsd,
      row.tiltDegrees,
      row.expectedSigma,
      row.blur,
      row.meanLuminance,
      row.overlapWithNext,
      row.observations,
      row.rmseRadial,
      row.rmsePixels,
      row.normalized,
      row.findings.join(' '),
    ]),
  );
}

/** One line a distinct point, then one line an observation, told apart by the column `image`. */
export function pointsCsv(ground: GroundAccuracy | null): string {
  const points = (ground?.points ?? []).map((point): Cell[] => [
    point.point,
    '',
    point.role,
    point.longitude,
    point.latitude,
    point.observations,
    point.east,
    point.north,
    point.up,
    Math.hypot(point.east, point.north),
    null,
    null,
    true,
  ]);
  const observations = (ground?.residuals ?? []).map((seen): Cell[] => [
    seen.point,
    seen.image,
    '',
    null,
    null,
    1,
    seen.east,
    seen.north,
    null,
    seen.radial,
    seen.du,
    seen.dv,
    seen.used,
  ]);
  return csvOf(
    [
      'point',
      'image',
      'role',
      'longitude_deg',
      'latitude_deg',
      'observations',
      'east_m',
      'north_m',
      'up_m',
      'radial_m',
      'du_px',
      'dv_px',
      'used',
    ],
    [...points, ...observations],
  );
}
