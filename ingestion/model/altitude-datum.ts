import type { Finding } from '../../contracts/findings.ts';
import type { ControlPoint } from '../../contracts/flight.ts';
import { median, nmad } from '../../maths/robust.ts';
import { rounded } from './value-spread.ts';

/** Take-off and control need not stand on one height; beyond this it is more than the ground, meters. */
const LIMIT_METERS = 5;
/** Scatter of one datum's offset: what scatters more is no offset, meters. */
const SMALL_SPREAD = 2;

/**
 * Whether the altitudes of a flight seem to have another zero than the heights of its control, as
 * ellipsoidal ones differ from levelled ones by the height of the geoid.
 *
 * @param takeOffs altitude less height above take-off, of every image that records both.
 */
export function datumFinding(
  flightId: string,
  takeOffs: readonly number[],
  control: readonly ControlPoint[],
): Finding | null {
  const heights = control.flatMap(({ z }) => z ?? []);
  const [takeOff, spread] = [median(takeOffs), nmad(takeOffs)];
  if (takeOff === null || spread === null || spread > SMALL_SPREAD || heights.length === 0) {
    return null;
  }
  const [lowest, highest] = [Math.min(...heights), Math.max(...heights)];
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
