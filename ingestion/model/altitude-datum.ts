import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint } from '../../contracts/flight.ts';
import { median, nmad } from '../../maths/robust.ts';
import type { TakeOff } from './flight-survey.ts';
import { type GroundBelow, LIMIT_METERS, SMALL_SPREAD } from './ground-below.ts';
import { rounded } from './value-spread.ts';

/**
 * Whether the altitudes of a flight seem to have another zero than the heights of its control, as
 * ellipsoidal ones differ from levelled ones by the height of the geoid.
 *
 * @param takeOffs of every image that records both of its heights.
 */
export function datumFinding(
  flightId: string,
  takeOffs: readonly TakeOff[],
  control: readonly ControlPoint[],
): Finding | null {
  const heights = control.flatMap(({ z }) => z ?? []);
  const altitudes = takeOffs.map(({ altitude }) => altitude);
  const [takeOff, spread] = [median(altitudes), nmad(altitudes)];
  if (takeOff === null || spread === null || spread > SMALL_SPREAD || heights.length === 0) {
    return null;
  }
  const lowest = heights.reduce((least, height) => Math.min(least, height));
  const highest = heights.reduce((most, height) => Math.max(most, height));
  const beyond = takeOff > highest ? takeOff - highest : Math.max(0, lowest - takeOff);
  if (beyond <= LIMIT_METERS) return null;
  return {
    code: 'ALTITUDE_DATUM_SUSPECT',
    severity: 'warning',
    scope: 'flight',
    subject: flightId,
    message: `By the altitudes of its images the flight took off at ${takeOff.toFixed(1)} m, its control lies at ${lowest.toFixed(1)} to ${highest.toFixed(1)} m: the two may count from another zero, as ellipsoidal and levelled heights do`,
    values: {
      takeOff: rounded(takeOff, 3),
      lowest,
      highest,
      spread: rounded(spread, 3),
      limit: LIMIT_METERS,
    },
  };
}

/** The same against a ground model that lies below the flight. */
export function modelDatumFinding(
  flightId: string,
  { offset, spread }: GroundBelow,
): Finding | null {
  if (offset === 0) return null;
  const side = offset > 0 ? 'above' : 'below';
  return {
    code: 'ALTITUDE_DATUM_SUSPECT',
    severity: 'warning',
    scope: 'flight',
    subject: flightId,
    message: `By the altitudes of its images the flight took off ${Math.abs(offset).toFixed(1)} m ${side} the ground model: the two may count from another zero, as ellipsoidal and levelled heights do; heights above ground are reckoned without the difference`,
    values: { offset: rounded(offset, 3), spread: rounded(spread, 3), limit: LIMIT_METERS },
  };
}
