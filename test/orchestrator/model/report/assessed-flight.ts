import { FlightAccuracyBuilder } from '../../../../accuracy/model/flight-accuracy.ts';
import { assessImage } from '../../../../accuracy/model/image-accuracy.ts';
import { PlanBuilder } from '../../../../accuracy/model/plan-builder.ts';
import type { ArtifactRef } from '../../../../contracts/artifacts.ts';
import type { FlightImage, FlightManifest } from '../../../../contracts/flight.ts';
import { type Camera, isInImage, project, simpleCamera } from '../../../../maths/camera.ts';
import { enuToGeodetic } from '../../../../maths/geodesy.ts';
import { gimbalRotation, type Vector3 } from '../../../../maths/rotation.ts';
import type { FinishedFlight } from '../../../../orchestrator/io/flight-documents.ts';
import { flightImage } from '../../../support/flight-image.ts';
import { randomNumbers } from '../../../accuracy/generated-flight.ts';

const origin = { latitudeDegrees: 48.1, longitudeDegrees: 11.5, heightMeters: 500 };
const ref: ArtifactRef = { sha256: 'a'.repeat(64), bytes: 1, mediaType: 'application/json' };
const HEIGHT = 100;
const camera: Camera = simpleCamera({ columns: 400, rows: 300, focalPixels: 400 });

/**
 * A finished flight of nadir images 20 m apart in lines of 50, with points that are exact to the rounding
 * of a position, and one pointing that is off by 30 pixels.
 */
export function finishedFlight(
  count: number,
  points = 6,
  name = (index: number) => `IMG_${String(index + 1).padStart(5, '0')}.JPG`,
): FinishedFlight {
  const places = Array.from({ length: count }, (_, index): Vector3 => [
    20 * (index % 50),
    30 * Math.floor(index / 50),
    HEIGHT,
  ]);
  const images = places.map((place, index): FlightImage => {
    const at = enuToGeodetic(place, origin);
    return flightImage(name(index), {
      capturedAt: new Date(Date.UTC(2026, 4, 4, 10, 0, 2 * index)).toISOString().slice(0, 19),
      focalPixels: 400,
      position: {
        latitude: at.latitudeDegrees,
        longitude: at.longitudeDegrees,
        altitude: at.heightMeters,
        source: 'xmp',
        sdHorizontal: 0.02,
        sdVertical: 0.03,
        rtkFlag: 50,
      },
    });
  });
  const random = randomNumbers(7);
  const [east, north] = [20 * Math.min(count, 50), 30 * Math.ceil(count / 50)];
  const control = Array.from({ length: points }, (_, index) => {
    const position: Vector3 = [random() * east, random() * north, random()];
    const at = enuToGeodetic(position, origin);
    return {
      name: `P${index + 1}`,
      role: 'control' as const,
      crs: 'EPSG:4326',
      x: at.longitudeDegrees,
      y: at.latitudeDegrees,
      z: at.heightMeters,
      latitude: at.latitudeDegrees,
      longitude: at.longitudeDegrees,
      observations: places.flatMap((center, at) => {
        const rotation = gimbalRotation({ yaw: 0, pitch: -90, roll: 0 });
        const pixel = project(camera, { center, rotation }, position);
        if (pixel === null || !isInImage(camera, pixel)) return [];
        return [{ image: images[at]!.name, u: pixel[0], v: pixel[1] }];
      }),
    };
  });
  const first = control[0]?.observations[0];
  if (first !== undefined) first.u += first.u > 200 ? -30 : 30;
  const manifest: FlightManifest = {
    schemaVersion: 1,
    flightId: 'generated',
    thresholds: {},
    counts: { images: count, usable: count, failed: 0 },
    statistics: {
      blurMedian: 0.25,
      blurNmad: 0.01,
      positions: count,
      capturedFrom: '2026-05-04T10:00:00',
      capturedTo: '2026-05-04T12:00:00',
      cameras: [{ camera: 'Skyloom TestCam', images: count }],
      bounds: null,
    },
    control,
    parts: [],
    findings: [],
    verdict: 'accepted',
  };
  const request = { accuracyClass: 10, heights: 'ellipsoidal' } as const;
  const planner = new PlanBuilder(request, manifest);
  planner.add(images);
  const plan = planner.build();
  const assessed = images.map((image) => assessImage(image, { plan, terrain: null }));
  const flight = new FlightAccuracyBuilder();
  flight.add(assessed);
  const accuracy = flight.build(manifest, [], plan);
  return { manifest, images, accuracy, assessed, refs: { manifest: ref, accuracy: ref } };
}
