import type { Registration } from './conclude-registration.ts';

/** Share of the compared windows that have to agree. */
const MIN_SHARE = 0.2;

/**
 * The verdict on a place that a search found: windows that agree by more than chance are not enough where few
 * of all do. A search turns grids, such as those of fields and streets, until they lie on each other, and
 * then some windows agree that show other ground.
 */
export function verdictOnFound<Found extends Registration>(found: Found): Found {
  const { status, agreeing, compared } = found;
  if (status !== 'LOCATED' || agreeing >= MIN_SHARE * compared) return found;
  const reason = `What a search found may be a likeness: of ${compared} windows only ${agreeing} agree, and at a place that the scene does not state ${Math.ceil(MIN_SHARE * compared)} have to`;
  return { ...found, status: 'WEAK', reason };
}
