import type { Finding } from '../../contracts/findings.ts';
import type { FlightManifest } from '../../contracts/flight.ts';
import type { FlightThresholds } from '../../contracts/flight-thresholds.ts';

/** What is to be said of the flight as a whole; an error rejects it. */
export function flightFindings(
  flightId: string,
  { images, usable, failed }: FlightManifest['counts'],
  rtk: { known: number; fixed: number },
  { minImages, maxErrorShare }: FlightThresholds,
): Finding[] {
  const flight = { severity: 'error', scope: 'flight', subject: flightId } as const;
  const findings: Finding[] = [];
  if (usable < minImages) {
    findings.push({
      ...flight,
      code: 'TOO_FEW_IMAGES',
      message: `The flight has ${usable} usable of ${images} images: at least ${minImages} are needed; mend what is said of the others, or lower minImages`,
      values: { usable, images, needed: minImages },
    });
  }
  if (failed > images * maxErrorShare) {
    findings.push({
      ...flight,
      code: 'TOO_MANY_ERRORS',
      message: `${failed} of ${images} images have errors: at most ${maxErrorShare * 100} % may have; mend or leave out what is named, or raise maxErrorShare`,
      values: { failed, images, maxErrorShare },
    });
  }
  const notFixed = rtk.known - rtk.fixed;
  if (notFixed > 0) {
    findings.push({
      ...flight,
      severity: 'warning',
      code: 'RTK_NOT_FIXED',
      message: `${notFixed} of ${rtk.known} images with an RTK record have no fixed solution: their positions may be decimeters to meters off; correct them afterwards (PPK), or state their accuracy in geo.txt`,
      values: { notFixed, known: rtk.known, share: notFixed / rtk.known },
    });
  }
  return findings;
}
