import type { SceneRegistration } from '../../../contracts/scene-registration.ts';
import { geodeticToEnu } from '../../../maths/geodesy.ts';
import type { Position } from '../../../maths/map-projection.ts';

/**
 * How far content lies from where it belongs, on the ellipsoid: by the scene's georeference minus truth.
 *
 * @param truth where the reference has it.
 * @param stated where the scene's georeference puts it.
 */
export function groundDisplacement(
  truth: Position,
  stated: Position,
): NonNullable<SceneRegistration['displacement']> {
  const at = ([longitudeDegrees, latitudeDegrees]: Position) => ({
    longitudeDegrees,
    latitudeDegrees,
    heightMeters: 0,
  });
  const [east, north] = geodeticToEnu(at(stated), at(truth));
  const length = Math.hypot(east, north);
  const azimuth = (Math.atan2(east, north) * 180) / Math.PI;
  return {
    eastMeters: east,
    northMeters: north,
    lengthMeters: length,
    azimuthDegrees: length === 0 ? null : (azimuth + 360) % 360,
  };
}
