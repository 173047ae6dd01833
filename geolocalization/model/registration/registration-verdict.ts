import { falseAlarmNumber } from './false-alarms.ts';
import { AGREEMENT_RADIUS } from './consensus.ts';
import type { Point, ShiftModelKind } from './shift-model.ts';

/**
 * LOCATED: chance does not explain it. WEAK: it might. NO_MATCH: it does. NOT_COMPARABLE: there was nothing
 * to compare. UNLOCATED: the target does not say where to look.
 */
export type RegistrationStatus = 'LOCATED' | 'WEAK' | 'NO_MATCH' | 'NOT_COMPARABLE' | 'UNLOCATED';

export interface RegistrationVerdict {
  status: RegistrationStatus;
  /** One sentence for people. */
  reason: string;
  /** Expected number of models as good as this one by chance; null when nothing was compared. */
  falseAlarms: number | null;
}

const LOCATED_FALSE_ALARMS = 1e-4;
const WEAK_FALSE_ALARMS = 1e-1;
const LOCATED_AGREEING = 6;
/** One or two windows agree with a model drawn through them, whatever they show. */
const WEAK_AGREEING = 3;
const DRAWN_THROUGH = { translation: 1, similarity: 2, affine: 3, polynomial: 6 } as const;

/** What came out of the windows of a pair. */
export interface RegistrationEvidence {
  /** Windows with data and structure in both. */
  compared: number;
  /** Windows that were left out, whatever the reason. */
  skipped: number;
  accepted: number;
  agreeing: number;
  /** The same without windows that share most of their pixels: those agree for one and the same reason. */
  independentAccepted: number;
  independentAgreeing: number;
  searchRadius: number;
  /** Places that were searched, each as large as one search: as many ways to be right by chance. */
  places: number;
  kind: ShiftModelKind;
  /** Pixels by which content is off, at the middle. */
  shift: Point | null;
}

/** Whether a place was found, by how many windows agree on it and how likely that is by chance. */
export function judgeRegistration(evidence: RegistrationEvidence): RegistrationVerdict {
  const { compared, skipped, accepted, agreeing, searchRadius, places, kind, shift } = evidence;
  if (compared === 0) {
    return notComparable(
      skipped === 0
        ? 'they share too small a part'
        : `all ${skipped} windows lack data or structure`,
    );
  }
  const falseAlarms =
    accepted === 0
      ? 1
      : places *
        falseAlarmNumber({
          matches: evidence.independentAccepted,
          agreeing: evidence.independentAgreeing,
          chance: (AGREEMENT_RADIUS / searchRadius) ** 2,
          drawnThrough: DRAWN_THROUGH[kind],
        });
  const counted = `${agreeing} of ${compared} windows agree within ${AGREEMENT_RADIUS} px, and by chance as many would in ${inWords(falseAlarms)} such pairs`;
  if (shift === null || falseAlarms >= WEAK_FALSE_ALARMS || agreeing < WEAK_AGREEING) {
    return {
      status: 'NO_MATCH',
      reason: `No place of the target in the reference stands out: ${accepted} of ${compared} windows match, and ${agreeing} of them agree`,
      falseAlarms,
    };
  }
  const place = `${Math.hypot(shift.x, shift.y).toFixed(2)} px off by its own georeference (${shift.x.toFixed(2)} right, ${shift.y.toFixed(2)} down)`;
  if (falseAlarms < LOCATED_FALSE_ALARMS && agreeing >= LOCATED_AGREEING) {
    return { status: 'LOCATED', reason: `The target lies ${place}: ${counted}`, falseAlarms };
  }
  return {
    status: 'WEAK',
    reason: `The target may lie ${place}, but only ${counted}`,
    falseAlarms,
  };
}

/** @param fault the rest of the sentence `Reference and target cannot be compared as ...`. */
export function notComparable(fault: string): RegistrationVerdict {
  return {
    status: 'NOT_COMPARABLE',
    reason: `Reference and target cannot be compared as ${fault}`,
    falseAlarms: null,
  };
}

/** For a target without georeference whose place no search has found. */
export function unlocated(fault: string): RegistrationVerdict {
  return {
    status: 'UNLOCATED',
    reason: `The target cannot be located as ${fault}`,
    falseAlarms: null,
  };
}

function inWords(falseAlarms: number): string {
  if (falseAlarms < 1e-12) return 'less than one of a trillion';
  return `one of ${Math.round(Number((1 / falseAlarms).toPrecision(2)))}`;
}
