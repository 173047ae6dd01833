import type { ControlAccuracy } from '../../../contracts/geolocalization.ts';
import type { SceneFinding } from '../../../contracts/scene-finding.ts';
import type { GroundControl, MapName, ScenePlacement } from '../../../contracts/scene-placement.ts';
import type { ToGround } from '../../../maths/map-projection.ts';
import { toMap } from '../affine.ts';
import { affineFindings } from '../affine-findings.ts';
import type { FoundPlace } from '../place-scene.ts';
import { controlToMap } from './control-geometry.ts';
import { type ControlFit, fitControl } from './fit-control.ts';

/** Pixels: what is told with less is worth a note, with more a warning. */
const NOTE_PIXELS = 1;
const modelNames = {
  affine: 'an affine transform',
  projective: 'a plane perspective (homography)',
  'thin-plate-spline': 'a thin-plate spline',
} as const;

/**
 * The place of a scene by its ground control points.
 *
 * @param map in which the points lie, named by `words`.
 * @returns the rest of the sentence `Scene "x" ...` when they tell no place.
 */
export function placeByControl(
  control: { points: readonly GroundControl[]; source: 'file' | 'auxiliary-file' },
  size: { width: number; height: number },
  {
    map,
    words,
    toGround,
    warnings,
  }: {
    map: MapName;
    words: string;
    toGround: ToGround;
    warnings: readonly string[];
  },
): FoundPlace | string {
  const fit = fitControl(control.points, size);
  if (typeof fit === 'string') return fit;
  const { model } = fit;
  const inMap = (column: number, row: number) =>
    model.kind === 'affine'
      ? toMap(model.transform, column, row)
      : controlToMap(model, column, row);
  const placement: ScenePlacement =
    model.kind === 'affine'
      ? { kind: 'affine', source: 'control-points', transform: [...model.transform], map }
      : { kind: 'control', source: control.source, model, points: fit.points, map };
  const accuracy = accuracyOf(fit);
  return {
    words: model.kind === 'affine' ? words : `${words} by ${modelNames[model.kind]}`,
    toGround: (column, row) => {
      const place = inMap(column, row);
      return place === null ? null : toGround(...place);
    },
    placement,
    warnings: [...warnings, ...fit.warnings],
    findings: [
      ...(model.kind === 'affine' ? affineFindings(model.transform) : []),
      fittedFinding(fit, accuracy),
    ],
    control: accuracy,
  };
}

function accuracyOf({ model, points, rmsPixels, leaveOneOutPixels }: ControlFit): ControlAccuracy {
  return { model: model.kind, points: points.length, rmsPixels, leaveOneOutPixels };
}

function fittedFinding(
  { worst }: ControlFit,
  { model, points, rmsPixels, leaveOneOutPixels }: ControlAccuracy,
): SceneFinding {
  const rms = `rms ${rmsPixels.toFixed(3)} px`;
  const code = 'CONTROL_POINTS_FITTED';
  if (model === 'affine') {
    const message = `its transform is fitted to ${points} ground control points, ${rms}`;
    return { code, severity: 'info', message };
  }
  const told =
    leaveOneOutPixels === null
      ? 'and nothing tells how far it is off between them'
      : `${leaveOneOutPixels.toFixed(3)} px rms for points that it is fitted without`;
  const most =
    worst === null || leaveOneOutPixels === null
      ? ''
      : `, most at column ${rounded(worst.column)}, row ${rounded(worst.row)} by ${worst.offPixels.toFixed(3)} px`;
  const isNote = leaveOneOutPixels !== null && leaveOneOutPixels < NOTE_PIXELS;
  return {
    code,
    severity: isNote ? 'info' : 'warning',
    message: `its place is that of ${modelNames[model]} fitted to ${points} ground control points, as no affine transform fits them within 1 px: ${rms} at them, ${told}${most}`,
  };
}

function rounded(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
