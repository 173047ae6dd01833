import type { AssessmentRequest } from '../../contracts/assessment.ts';
import type { AutomationRequest } from '../../contracts/automation.ts';
import { InvalidInput, nameValue } from '../../contracts/failures.ts';
import { findOrigin } from './find-origin.ts';

/**
 * How a flight is to be judged, with the files that it names found.
 *
 * @throws {MissingSource} or {InvalidInput} for a file that is not there, or may not be read.
 */
export async function admitAssessment(
  request: AutomationRequest,
  roots: readonly string[],
): Promise<AssessmentRequest> {
  const { heights, accuracyClass, camera, gate } = request;
  const found = async (field: 'control' | 'checkPoints' | 'dem') => {
    const path = request[field];
    if (path === undefined) return {};
    const { kind, location } = await findOrigin(path, roots);
    if (kind === 'file' || kind === 'list') return { [field]: location };
    throw new InvalidInput(
      `Cannot take ${nameValue(path)} for ${field} as it must be a file on the storage of the workers`,
    );
  };
  return {
    ...(await found('control')),
    ...(await found('checkPoints')),
    ...(await found('dem')),
    ...(heights === undefined ? {} : { heights }),
    ...(accuracyClass === undefined ? {} : { accuracyClass }),
    ...(camera === undefined ? {} : { camera }),
    ...(gate === undefined ? {} : { gate }),
  };
}
