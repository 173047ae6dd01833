import type { AssessmentRequest } from '../../contracts/assessment.ts';
import type { StatedSettings } from '../../contracts/flight-settings.ts';

/**
 * A request with what the flight's own file states in addition. Ingestion has settled which of the two counts
 * where both say something; files that a request names stay as they are.
 */
export function withFlightSettings(
  request: AssessmentRequest,
  settings: StatedSettings | undefined,
): AssessmentRequest {
  if (settings === undefined) return request;
  const { camera, heights, accuracyClass, gate } = settings.values;
  return {
    ...request,
    ...(camera === undefined ? {} : { camera }),
    ...(heights === undefined ? {} : { heights }),
    ...(accuracyClass === undefined ? {} : { accuracyClass }),
    ...(gate === undefined ? {} : { gate }),
  };
}
