import type { SceneFinding } from '../../contracts/scene-finding.ts';
import type { Geotransform } from './affine.ts';

const DEGREE = Math.PI / 180;
/** Degrees: below, a rotation is rounding. */
const ROTATION = 1e-6;
/** Of the sizes of a pixel's sides. */
const SQUARE = 0.02;

/** What is remarkable about a transform: rotation, shear, pixels that are not square, rows that run north. */
export function affineFindings([, a, b, , d, e]: Geotransform): SceneFinding[] {
  const findings: SceneFinding[] = [];
  const [alongColumn, alongRow] = [Math.hypot(a, d), Math.hypot(b, e)];
  const rotation = Math.atan2(d, a) / DEGREE;
  if (Math.abs(rotation) > ROTATION) {
    findings.push(
      info('ROTATED', `its columns run ${rotation.toFixed(4)} degrees from the x axis of the map`),
    );
  }
  // The angle between the axes, as a sine of what is missing to a right one.
  const shear =
    Math.asin(Math.max(-1, Math.min(1, (a * b + d * e) / (alongColumn * alongRow)))) / DEGREE;
  if (Math.abs(shear) > ROTATION) {
    findings.push({
      code: 'PIXELS_SHEARED',
      severity: 'warning',
      message: `its pixels are sheared by ${shear.toFixed(4)} degrees`,
    });
  }
  const ratio = alongColumn / alongRow;
  if (Math.abs(ratio - 1) > SQUARE) {
    findings.push(
      info(
        'PIXELS_NOT_SQUARE',
        `its pixels are ${ratio.toFixed(3)} times as wide as high in the map`,
      ),
    );
  }
  if (a * e - b * d > 0) {
    findings.push(info('ROWS_RUN_NORTH', 'its rows run against the map, from south to north'));
  }
  return findings;
}

function info(code: SceneFinding['code'], message: string): SceneFinding {
  return { code, severity: 'info', message };
}
