import { join } from 'node:path';
import { readTerrain } from '../../accuracy/io/read-terrain.ts';
import type { AssessmentPlan } from '../../accuracy/model/assessment-plan.ts';
import { FlightAccuracyBuilder } from '../../accuracy/model/flight-accuracy.ts';
import { assessImage } from '../../accuracy/model/image-accuracy.ts';
import { PlanBuilder } from '../../accuracy/model/plan-builder.ts';
import type { FlightAccuracy, ImageAccuracy } from '../../contracts/accuracy.ts';
import type { AssessmentRequest } from '../../contracts/assessment.ts';
import type { CheckedFlight } from '../../contracts/checked-flight.ts';
import { readRequested } from '../../ingestion/io/read-companions.ts';
import { ControlImages } from '../../ingestion/model/control-points.ts';
import { checkFlightLocally } from '../../local-check.ts';
import { readSettings } from '../../platform/configuration.ts';
import { ensureHome } from '../../platform/home-folder.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

/** A flight as ingestion leaves it, without a server. */
export async function ingestFlight(
  folder: string,
  request: AssessmentRequest = {},
): Promise<CheckedFlight> {
  const home = join(await scratchFolder(), 'home');
  const settings = readSettings({ SKYLOOM_HOME: home, SKYLOOM_SOURCE_ROOTS: '/' });
  await ensureHome(home);
  const checked = await checkFlightLocally(folder, {
    settings,
    jobId: 'flight',
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  if (request.control === undefined) return checked;
  const { control = [], findings } = await readRequested(request);
  const names = new ControlImages(control);
  for (const image of checked.images) names.add(image);
  const matched = names.match(control);
  return {
    ...checked,
    control: matched.points,
    findings: [...checked.findings, ...findings, ...matched.findings],
  };
}

export interface AssessedHere {
  plan: AssessmentPlan;
  assessed: ImageAccuracy[];
  accuracy: FlightAccuracy;
}

/** The steps of the accuracy stage, one after the other. */
export async function assessHere(
  checked: CheckedFlight,
  request: AssessmentRequest = {},
): Promise<AssessedHere> {
  const { images, ...manifest } = checked;
  const builder = new PlanBuilder(request, checked);
  builder.add(images);
  const plan = builder.build();
  const terrain = plan.dem === null ? null : await readTerrain(plan.dem, plan.origin);
  const assessed = images.map((image) => assessImage(image, { plan, terrain }));
  const flight = new FlightAccuracyBuilder();
  flight.add(assessed);
  return { plan, assessed, accuracy: flight.build({ ...manifest, parts: [] }, [], plan) };
}
