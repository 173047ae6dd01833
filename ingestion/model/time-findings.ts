import type { Finding } from '../../contracts/findings.ts';
import { imageWarning } from './finding.ts';
import type { LongStep, StrayTime } from './series-times.ts';
import { rounded } from './value-spread.ts';

/** Batteries are changed in less, seconds. */
const LONGEST_PAUSE = 3600;
/** What a step may differ by between the clocks of camera and receiver: whole seconds in both, and drift. */
const CLOCKS_AGREE = { seconds: 2, share: 0.01 };

/** An image whose time does not fit its number. */
export function strayFinding(name: string, capturedAt: string, stray: StrayTime): Finding {
  const { index, of, neighbor, isNeighborBefore, seconds } = stray;
  const apart = `${durationWords(Math.abs(seconds))} ${seconds < 0 ? 'before' : 'after'}`;
  const side = isNeighborBefore ? 'before' : 'after';
  const message = `Image "${name}", number ${index} of ${of} in the order of their numbers, was taken at ${capturedAt}, ${apart} "${neighbor}", which comes ${side} it: set its time right, or give it the name that it had`;
  return imageWarning('TIME_NOT_MONOTONIC', name, message, {
    capturedAt,
    index,
    images: of,
    neighbor,
    seconds: rounded(seconds, 3),
  });
}

/**
 * A step of the clock that is far longer than the others. Aircraft pause while their batteries are changed,
 * so that is no fault as long as nothing speaks against it: the receiver's clock, or a pause of hours.
 *
 * @param ratio above which a step is long.
 */
export function longStepFinding(name: string, step: LongStep, ratio: number): Finding {
  const { index, of, from, seconds, usualSeconds, receiverSeconds } = step;
  const where = `Between "${from}" and "${name}", number ${index} of ${of} in the order of their numbers,`;
  const { isWarning, words } = meaningOf(step, name);
  const usual = `${durationWords(usualSeconds)} from one number to the next are usual`;
  const message = `${where} the camera's clock went on by ${durationWords(seconds)}, where ${usual}: ${words}`;
  const finding = imageWarning('TIME_NOT_MONOTONIC', name, message, {
    from,
    index,
    images: of,
    seconds: rounded(seconds, 3),
    usualSeconds: rounded(usualSeconds, 3),
    receiverSeconds: receiverSeconds === null ? null : rounded(receiverSeconds, 3),
    limit: ratio,
  });
  return isWarning ? finding : { ...finding, severity: 'info' };
}

function meaningOf(
  { seconds, receiverSeconds }: LongStep,
  name: string,
): { isWarning: boolean; words: string } {
  const mend = `set the times from "${name}" on right`;
  if (receiverSeconds !== null) {
    const tolerance = CLOCKS_AGREE.seconds + CLOCKS_AGREE.share * Math.abs(receiverSeconds);
    if (Math.abs(seconds - receiverSeconds) <= tolerance) {
      return {
        isWarning: false,
        words: 'its receiver says the same, so the flight paused, and nothing is to be done',
      };
    }
    const passed = durationWords(Math.abs(receiverSeconds));
    return {
      isWarning: true,
      words: `its receiver counted ${receiverSeconds < 0 ? 'back by ' : ''}${passed}, so one of the clocks jumped: ${mend}`,
    };
  }
  if (seconds <= LONGEST_PAUSE) {
    return {
      isWarning: false,
      words: `a change of batteries looks so, and then nothing is to be done; else the clock jumped: ${mend}`,
    };
  }
  return {
    isWarning: true,
    words: `if the flight was not interrupted so long, the clock jumped: ${mend}; if it was, the light has changed, and its parts are better checked as flights of their own`,
  };
}

/**
 * A length of time in the unit that a person would take.
 *
 * @example
 * durationWords(7200); // '2.0 h'
 */
function durationWords(seconds: number): string {
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(1)} min`;
  if (seconds < 172_800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} days`;
}
