import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';
import { median, nmad } from '../../maths/robust.ts';
import type { TakeOff } from './flight-survey.ts';
import type { GroundBelow } from './ground-below.ts';
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
  { datumOffset, datumSpread }: FlightThresholds,
): Finding | null {
  const heights = control.flatMap(({ z }) => z ?? []);
  const altitudes = takeOffs.map(({ altitude }) => altitude);
  const [takeOff, spread] = [median(altitudes), nmad(altitudes)];
  if (takeOff === null || spread === null || spread > datumSpread || heights.length === 0) {
    return null;
  }
  const lowest = heights.reduce((least, height) => Math.min(least, height));
  const highest = heights.reduce((most, height) => Math.max(most, height));
  const beyond = takeOff > highest ? takeOff - highest : Math.max(0, lowest - takeOff);
  if (beyond <= datumOffset) return null;
  return {
    code: 'ALTITUDE_DATUM_SUSPECT',
    severity: 'warning',
    scope: 'flight',
    subject: flightId,
    message: `By the altitudes of its images the flight took off at ${takeOff.toFixed(1)} m, its control lies at ${lowest.toFixed(1)} to ${highest.toFixed(1)} m: the two may count from another zero, as ellipsoidal and levelled heights do: bring both to one datum, or state --heights`,
    values: {
      takeOff: rounded(takeOff, 3),
      lowest,
      highest,
      spread: rounded(spread, 3),
      limit: datumOffset,
    },
  };
}

/** The same against a ground model that lies below the flight. */
export function modelDatumFinding(
  flightId: string,
  { offset, spread }: GroundBelow,
  { datumOffset }: FlightThresholds,
): Finding | null {
  if (offset === 0) return null;
  const side = offset > 0 ? 'above' : 'below';
  return {
    code: 'ALTITUDE_DATUM_SUSPECT',
    severity: 'warning',
    scope: 'flight',
    subject: flightId,
    message: `By the altitudes of its images the flight took off ${Math.abs(offset).toFixed(1)} m ${side} the ground model: the two may count from another zero, as ellipsoidal and levelled heights do; heights above ground are reckoned without the difference: bring both to one datum, or run it with --heights takeoff`,
    values: { offset: rounded(offset, 3), spread: rounded(spread, 3), limit: datumOffset },
  };
}
