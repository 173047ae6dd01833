import { MOST_BIAS_IN_CLASS } from './error-statistics.ts';
import { type Interval, rmseInterval } from './rmse-interval.ts';

/** What the check points showed along one direction, meters. */
export interface Evidence {
  /** Distinct points. */
  points: number;
  rmse: number;
  /** Length of the mean residual. */
  bias: number;
}

/** Evidence with all residuals, and without those under suspicion; null when none is left. */
export interface EvidencePair {
  withSuspects: Evidence;
  withoutSuspects: Evidence | null;
}

/** What is asked of a flight, and what there is to answer it. */
export interface GateQuestion {
  /** Accuracy class as RMSE, meters; null when nobody asked for one. */
  classHorizontal: number | null;
  classVertical: number | null;
  horizontal: EvidencePair | null;
  vertical: EvidencePair | null;
  /** Why heights could not be judged, when they could not: an unknown datum, say. */
  verticalNotAssessed: string | null;
  /** RMSE of the survey of the check points, added in quadrature. */
  surveyHorizontal: number;
  surveyVertical: number;
  requiredPoints: number;
  /** A person has looked at the suspects and agrees to leave them out. */
  areSuspectsConfirmed: boolean;
  /** Findings that no accuracy can make up for. */
  blocking: readonly string[];
  /** Why there is no evidence although there are points, and what to supply. */
  whyNone?: string | null;
}

/** The numbers that decided about one direction, meters. */
export interface GateNumbers {
  direction: 'horizontal' | 'vertical';
  classMeters: number;
  points: number;
  rmse: number;
  interval: Interval;
  bias: number;
}

/** `pass` is shown good, `fail` is shown bad, `review` is not shown. */
export type GateVerdict = 'pass' | 'review' | 'fail';

/** A verdict never stands alone: with it go its reasons and the numbers that decided. */
export interface GateAnswer {
  verdict: GateVerdict;
  reasons: string[];
  numbers: GateNumbers[];
}

/** ASPRS Positional Accuracy Standards, Edition 2 (2023): fewer check points show nothing. */
export const ASPRS_LEAST_POINTS = 30;

/**
 * Says whether a flight was shown to keep its accuracy class, shown to miss it, or not shown either way.
 *
 * Pass: the upper confidence limit of the RMSE is within the class, horizontally and, if assessed,
 * vertically, with enough distinct points and nothing that blocks. Fail: a lower limit is beyond the
 * class, whether or not suspects are left out, or something blocks. All else is for review, with reasons.
 */
export function askGate(question: GateQuestion): GateAnswer {
  const judged = (['horizontal', 'vertical'] as const).flatMap((direction) => {
    const judgment = judge(direction, question);
    return judgment === null ? [] : [judgment];
  });
  const numbers = judged.map((judgment) => judgment.numbers);
  const bad = [...question.blocking, ...judged.flatMap(({ failures }) => failures)];
  if (bad.length > 0) return { verdict: 'fail', reasons: bad, numbers };
  const doubts = [...missing(question), ...judged.flatMap((judgment) => judgment.doubts)];
  if (doubts.length > 0) return { verdict: 'review', reasons: doubts, numbers };
  const reasons = numbers.map(
    ({ direction, classMeters, interval }) =>
      `the ${direction} RMSE is at most ${meters(interval.upper)} with 95 % confidence, within the class of ${meters(classMeters)}`,
  );
  return { verdict: 'pass', reasons, numbers };
}

function missing(question: GateQuestion): string[] {
  const { classHorizontal, classVertical, horizontal, vertical, verticalNotAssessed } = question;
  return [
    ...(classHorizontal === null ? ['no accuracy class was asked for'] : []),
    ...(horizontal === null
      ? [`no check point was evaluated: ${question.whyNone ?? 'supply surveyed points'}`]
      : []),
    ...(classVertical !== null && vertical === null && horizontal !== null
      ? [`the vertical accuracy was not assessed: ${verticalNotAssessed ?? 'no heights'}`]
      : []),
  ];
}

interface Judgment {
  numbers: GateNumbers;
  failures: string[];
  doubts: string[];
}

function judge(direction: 'horizontal' | 'vertical', question: GateQuestion): Judgment | null {
  const isLevel = direction === 'horizontal';
  const classMeters = isLevel ? question.classHorizontal : question.classVertical;
  const pair = isLevel ? question.horizontal : question.vertical;
  if (classMeters === null || pair === null) return null;
  const survey = isLevel ? question.surveyHorizontal : question.surveyVertical;
  const weigh = (evidence: Evidence) => weighAgainst(direction, classMeters, survey, evidence);
  const without = pair.withoutSuspects === null ? null : weigh(pair.withoutSuspects);
  const all = weigh(pair.withSuspects);
  const taken = question.areSuspectsConfirmed && without !== null ? without : all;
  const { numbers } = taken;
  const { interval, points, bias } = numbers;
  const span = `${meters(interval.lower)} to ${meters(interval.upper)}`;
  const changes = without !== null && without.outcome !== all.outcome && taken === all;
  if (taken.outcome === 'beyond' && !changes) {
    const words = `the ${direction} RMSE is ${span} with 95 % confidence, beyond the class of ${meters(classMeters)}`;
    return { numbers, failures: [words], doubts: [] };
  }
  const doubts = [
    ...(points < question.requiredPoints
      ? [`${points} distinct check points of the ${question.requiredPoints} required`]
      : []),
    ...(changes ? [`suspected blunders change the ${direction} verdict: look at them`] : []),
    ...(taken.outcome === 'straddles'
      ? [
          `the ${direction} RMSE is ${span} with 95 % confidence, on both sides of the class of ${meters(classMeters)}`,
        ]
      : []),
    ...(bias > MOST_BIAS_IN_CLASS * classMeters
      ? [
          `a ${direction} shift of ${meters(bias)} takes more than a quarter of the class of ${meters(classMeters)}`,
        ]
      : []),
  ];
  return { numbers, failures: [], doubts };
}

function weighAgainst(
  direction: 'horizontal' | 'vertical',
  classMeters: number,
  survey: number,
  { points, rmse, bias }: Evidence,
): { numbers: GateNumbers; outcome: 'within' | 'straddles' | 'beyond' } {
  const fit = rmseInterval(rmse, points, direction === 'horizontal' ? 2 : 1);
  const interval = { lower: Math.hypot(fit.lower, survey), upper: Math.hypot(fit.upper, survey) };
  const numbers = {
    direction,
    classMeters,
    points,
    rmse: Math.hypot(rmse, survey),
    interval,
    bias,
  };
  if (interval.upper <= classMeters) return { numbers, outcome: 'within' };
  return { numbers, outcome: interval.lower > classMeters ? 'beyond' : 'straddles' };
}

/** Three digits, so that a figure and its limit can be told apart. */
function meters(value: number): string {
  return `${Number(value.toPrecision(3))} m`;
}

/** Classes that suit a ground sample distance: a convention, not a rule of any standard. */
export function suggestedClasses(gsd: number): { high: number; standard: number; visual: number } {
  return { high: gsd, standard: 2 * gsd, visual: 3 * gsd };
}
