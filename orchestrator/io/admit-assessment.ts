import type { AssessmentRequest } from '../../contracts/assessment.ts';
import type { AutomationRequest, ImageOrigin } from '../../contracts/automation.ts';
import { InvalidInput, nameValue } from '../../contracts/failures.ts';
import { isGroundModel } from '../../contracts/flight-companions.ts';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { findOrigin } from './find-origin.ts';

/**
 * How a flight is to be judged, with the files that it names found.
 *
 * @throws {MissingSource} or {InvalidInput} for a file that is not there, or may not be read.
 */
export async function admitAssessment(
  request: AutomationRequest,
  origin: ImageOrigin,
  roots: readonly string[],
): Promise<AssessmentRequest> {
  const { heights, accuracyClass, camera, gate } = request;
  const found = async (field: 'control' | 'checkPoints' | 'dem') => {
    const path = request[field];
    if (path === undefined) return {};
    const { kind, location } = await findOrigin(path, roots);
    if (kind === 'file' || kind === 'list') return { [field]: location };
    throw new InvalidInput(
      `Cannot take ${nameValue(path)} for ${field} as it must be a file on the storage of the workers: copy it there`,
    );
  };
  return {
    ...(await found('control')),
    ...(await found('checkPoints')),
    ...(request.dem === undefined ? await demBeside(origin) : await found('dem')),
    ...(heights === undefined ? {} : { heights }),
    ...(accuracyClass === undefined ? {} : { accuracyClass }),
    ...(camera === undefined ? {} : { camera }),
    ...(gate === undefined ? {} : { gate }),
  };
}

/** The ground model that lies beside the images, where there is one. */
export async function demBeside({ kind, location }: ImageOrigin): Promise<{ dem?: string }> {
  if (kind !== 'folder') return {};
  const isInner = basename(location).toLowerCase() === 'images';
  const folder = isInner ? dirname(location) : location;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const [name] = entries
    .filter((entry) => entry.isFile() && isGroundModel(entry.name))
    .map((entry) => entry.name)
    .sort();
  return name === undefined ? {} : { dem: join(folder, name) };
}
