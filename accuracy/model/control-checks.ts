import type { Finding, FindingCode } from '../../contracts/findings.ts';
import { convexHull, type Place, signedArea } from '../../maths/polygon.ts';
import type { PlannedPoint } from './assessment-plan.ts';

/** Names that a sentence lists. */
const NAMED = 5;
const LEAST_POINTS = 3;
const GOOD_POINTS = 5;
/** Share of the flight's hull that the control should span. */
const LEAST_SPAN = 0.25;
/** Heights that differ by less are one height, meters. */
const FLAT_METERS = 0.001;

export function controlFinding(
  code: FindingCode,
  severity: Finding['severity'],
  subject: string,
  message: string,
  values: Finding['values'] = {},
): Finding {
  return { code, severity, scope: 'control', subject, message, values };
}

/** The first few names, and how many more. */
export function namesWords(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/**
 * What makes a control weak, whatever its residuals: too few points or rays, one height, one corner.
 *
 * @param observations by image, of images that can be used.
 * @param cameras where the images were taken, meters east and north.
 */
export function controlWeaknesses(
  subject: string,
  points: readonly PlannedPoint[],
  observations: Readonly<Record<string, readonly { point: string }[]>>,
  cameras: readonly Place[],
): Finding[] {
  const find = (...rest: [FindingCode, Finding['severity'], string, Finding['values']?]) => {
    const [code, severity, message, values] = rest;
    findings.push(controlFinding(code, severity, subject, message, values));
  };
  const findings: Finding[] = [];
  const rays = new Map(points.map(({ name }) => [name, 0]));
  for (const seen of Object.values(observations)) {
    for (const { point } of seen) rays.set(point, (rays.get(point) ?? 0) + 1);
  }
  const seenIn = (count: number) => [...rays].filter(([, n]) => n === count).map(([name]) => name);
  const seen = points.length - seenIn(0).length;
  if (seen < GOOD_POINTS) {
    find(
      'GCP_TOO_FEW',
      seen < LEAST_POINTS ? 'warning' : 'info',
      `${seen} surveyed points are seen in usable images: with fewer than ${GOOD_POINTS} little can be said, supply more`,
      { points: seen },
    );
  }
  const [unseen, single, double] = [seenIn(0), seenIn(1), seenIn(2)];
  if (unseen.length + single.length > 0) {
    find(
      'GCP_FEW_RAYS',
      'warning',
      `Points seen in fewer than two usable images have no height of their own: ${namesWords([...unseen, ...single])}`,
      { points: unseen.length + single.length },
    );
  }
  if (double.length > 0) {
    find(
      'GCP_FEW_RAYS',
      'info',
      `Points seen in two images only leave a wrong pointing unnoticed: ${namesWords(double)}`,
      { points: double.length },
    );
  }
  const images = Object.values(observations).filter((some) => some.length > 0).length;
  if (images === 1 && seen > 1) {
    find(
      'GCP_TOO_FEW',
      'warning',
      'All surveyed points are seen in one image only: mark them in others, too',
    );
  }
  const heights = points.flatMap(({ position, isHeightKnown }) =>
    isHeightKnown ? position[2] : [],
  );
  if (heights.length >= LEAST_POINTS && Math.max(...heights) - Math.min(...heights) < FLAT_METERS) {
    find('GCP_FLAT_HEIGHT', 'warning', 'All surveyed points have one height: was it measured?');
  }
  const share = spanOf(points.map(({ position }) => position)) / spanOf(cameras);
  if (points.length >= LEAST_POINTS && cameras.length >= LEAST_POINTS && share < LEAST_SPAN) {
    find(
      'GCP_COVERAGE_LOW',
      'warning',
      `The surveyed points span ${(100 * share).toFixed(0)} % of the flown area, less than 25 %: nothing is known of the rest`,
      { share },
    );
  }
  return findings;
}

function spanOf(places: readonly (readonly number[])[]): number {
  return Math.abs(signedArea(convexHull(places.map(([x, y]): Place => [x!, y!]))));
}
