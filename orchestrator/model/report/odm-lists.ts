import type { ControlPoint, FlightImage } from '../../../contracts/flight.ts';
import { nadirAttitudeOf } from '../../../maths/nadir-attitude.ts';
import { gimbalRotation } from '../../../maths/rotation.ts';

const DIGITS = { meters: 4, degrees: 10, pixels: 4, angle: 6 };

/**
 * The control in OpenDroneMap's form, in the system that it was given in; in WGS84 where several lists had
 * several. Pixels are those of the stored images. Null without control.
 */
export function controlListText(points: readonly ControlPoint[]): string | null {
  const [first] = points;
  if (first === undefined) return null;
  const isOne = points.every(({ crs }) => crs === first.crs);
  const isGeographic = !isOne || /^EPSG:4326$|\+proj=(longlat|latlong)/.test(first.crs);
  const place = (value: number) => value.toFixed(isGeographic ? DIGITS.degrees : DIGITS.meters);
  const rows = points.flatMap(({ name, x, y, z, longitude, latitude, observations }) =>
    observations.map(({ image, u, v }) => {
      const [east, north] = isOne ? [x, y] : [longitude, latitude];
      const up = z === null ? 'NaN' : z.toFixed(DIGITS.meters);
      const pixel = [u, v].map((value) => value.toFixed(DIGITS.pixels)).join(' ');
      return `${place(east)} ${place(north)} ${up} ${pixel} ${image} ${name}`;
    }),
  );
  return [isOne ? first.crs : 'EPSG:4326', ...rows, ''].join('\n');
}

/** Positions and attitudes in OpenDroneMap's form: pitch 0 at nadir, 0 for an accuracy that is not known. */
export function geoText(images: readonly FlightImage[]): string {
  const rows = images.flatMap(({ name, description, usable }) => {
    const position = description?.position ?? null;
    if (!usable || position === null || description === null) return [];
    // White space parts the columns.
    if (/\s/.test(name)) return [`# ${name} has a name that this form cannot hold`];
    const place = [position.longitude, position.latitude].map((value) =>
      value.toFixed(DIGITS.degrees),
    );
    const { attitude } = description;
    if (position.altitude === null) return [`${name} ${place.join(' ')}`];
    const up = position.altitude.toFixed(DIGITS.meters);
    if (attitude === null) return [`${name} ${place.join(' ')} ${up}`];
    const { yaw, pitch, roll } = nadirAttitudeOf(gimbalRotation(attitude));
    const angles = [yaw, pitch, roll].map((angle) => (angle + 0).toFixed(DIGITS.angle));
    const sigmas = [position.sdHorizontal, position.sdVertical].map((sigma) =>
      (sigma ?? 0).toFixed(DIGITS.meters),
    );
    return [`${name} ${place.join(' ')} ${up} ${angles.join(' ')} ${sigmas.join(' ')}`];
  });
  return ['EPSG:4326', ...rows, ''].join('\n');
}
