import type { JudgedLook, RegistrationPlan } from '../../../contracts/scene-registration-plan.ts';
import type { SceneRegistration } from '../../../contracts/scene-registration.ts';
import { falseAlarmWords } from './false-alarm-words.ts';
import { type Departure, departureWords } from './georeference-departure.ts';

type Words = Pick<SceneRegistration, 'reason' | 'search'>;

/** A scene that is where it was before a search that found nothing, with that said. */
export function searchedInVain(
  { reason }: Pick<SceneRegistration, 'reason'>,
  { places, fault }: { places: number; fault: string },
): Words {
  if (places === 0) {
    return { reason: `${reason}, and it was not looked for elsewhere as ${fault}`, search: null };
  }
  const found = fault === '' ? 'what stood out did not hold' : fault;
  return {
    reason: `${reason}, and of ${rounded(places)} other places that were tried ${found}`,
    search: { places, isFound: false },
  };
}

/**
 * A scene that a search found and its windows confirmed.
 *
 * @param off null for one that states no place.
 */
export function foundBySearch(
  { search }: Pick<RegistrationPlan, 'search'>,
  { agreeing, compared, falseAlarms }: Pick<JudgedLook, 'agreeing' | 'compared' | 'falseAlarms'>,
  off: {
    displacement: NonNullable<SceneRegistration['displacement']>;
    departure: Departure | null;
  } | null,
): Words & Pick<SceneRegistration, 'findings'> {
  const places = search?.places ?? 1;
  const how = `a search of ${rounded(places)} places found it, ${agreeing} of ${compared} windows agree there, and ${falseAlarmWords(falseAlarms)}`;
  if (off === null) {
    return {
      reason: `The scene states no place: ${how}`,
      search: { places, isFound: true },
      findings: [],
    };
  }
  const { displacement, departure } = off;
  const where = `lies ${distance(displacement.lengthMeters)} from where it states${departure === null ? '' : departureWords(departure)}`;
  const message = `its georeference is wrong: it ${where}`;
  return {
    reason: `The scene ${where}: ${how}`,
    search: { places, isFound: true, departure },
    findings: [{ code: 'STATED_PLACE_WRONG', severity: 'error', message }],
  };
}

function distance(meters: number): string {
  return meters < 10_000 ? `${meters.toFixed(1)} m` : `${(meters / 1000).toFixed(1)} km`;
}

function rounded(places: number): string {
  return String(Math.round(places));
}
