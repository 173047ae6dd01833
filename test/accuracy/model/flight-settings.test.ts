import { describe, expect, it } from '@jest/globals';
import { PlanBuilder } from '../../../accuracy/model/plan-builder.ts';
import type { AssessmentRequest } from '../../../contracts/assessment.ts';
import type { FlightSettings } from '../../../contracts/flight-settings.ts';
import { flightImage } from '../../support/flight-image.ts';

describe('what flight.json states', () => {
  it('is what a flight is assessed by, and files that a request names stay', () => {
    const plan = planWith(
      {
        heights: 'msl',
        accuracyClass: 10,
        camera: { focalPixels: 1234, attitudeSigmaDegrees: 0.05 },
        gate: { geoidSeparationMeters: 48, requiredPoints: 6, verticalClassCentimeters: 15 },
      },
      { dem: '/data/dem.tif', heights: 'ellipsoidal' },
    );
    expect(plan).toMatchObject({
      // Ingestion has settled it: what the manifest holds is in force.
      heights: 'msl',
      classHorizontal: 0.1,
      classVertical: 0.15,
      camera: { focalPixels: 1234, attitudeSigmaDegrees: 0.05 },
      takenOffHeights: 48,
      dem: '/data/dem.tif',
    });
    expect(planWith(undefined, { heights: 'ellipsoidal' }).heights).toBe('ellipsoidal');
  });

  it('puts the ground where it says, unless heights count from the take-off', () => {
    const groundAltitudeMeters = 560;
    expect(planWith(undefined, {}).groundUp).toBe(500);
    expect(planWith({ groundAltitudeMeters }, {}).groundUp).toBe(560);
    expect(planWith({ groundAltitudeMeters, heights: 'takeoff' }, {}).groundUp).toBe(0);
  });
});

function planWith(values: FlightSettings | undefined, request: AssessmentRequest) {
  const settings = values === undefined ? {} : { settings: { values, from: {} } };
  const builder = new PlanBuilder(request, { flightId: 'F', findings: [], ...settings });
  builder.add([flightImage('A.JPG'), flightImage('B.JPG')]);
  return builder.build();
}
