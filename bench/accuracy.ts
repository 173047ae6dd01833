import { adjustBlock } from '../accuracy/model/bundle-adjustment.ts';
import type { BundleBlock } from '../accuracy/model/bundle-block.ts';
import { FlightAccuracyBuilder } from '../accuracy/model/flight-accuracy.ts';
import { assessImage } from '../accuracy/model/image-accuracy.ts';
import { PlanBuilder } from '../accuracy/model/plan-builder.ts';
import { flightContent } from '../orchestrator/io/flight-documents.ts';
import { flightPage } from '../orchestrator/model/flight-page.ts';
import { flightReport } from '../orchestrator/model/flight-report.ts';
import { finishedFlight } from '../test/orchestrator/model/report/assessed-flight.ts';
import { generateFlight } from '../test/accuracy/generated-flight.ts';

/**
 * What the numbers of a flight cost beside its pixels, in seconds of processor time: images one by one,
 * their aggregate, a bundle adjustment of 18 images with some 1,900 ties, and a page of ten thousand images.
 */
const images = 10_000;
const flight = finishedFlight(images, 200);
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

function timed<Result>(words: string, per: number, unit: string, work: () => Result): Result {
  const start = cpu();
  const result = work();
  const took = cpu() - start;
  console.log(
    `${words.padEnd(60)} ${took.toFixed(2).padStart(7)} s  ${((took / per) * 1000).toFixed(3)} ms ${unit}`,
  );
  return result;
}

const planner = new PlanBuilder({ heights: 'ellipsoidal', accuracyClass: 10 }, flight.manifest);
planner.add(flight.images);
const plan = planner.build();
const assessed = timed(`geometry and residuals of ${images} images`, images, 'an image', () =>
  flight.images.map((image) => assessImage(image, { plan, terrain: null })),
);
timed(`aggregate of ${images} images with ${plan.points.length} points`, images, 'an image', () => {
  const builder = new FlightAccuracyBuilder();
  builder.add(assessed);
  return builder.build(flight.manifest, [], plan);
});

const generated = generateFlight({
  seed: 3,
  lines: 3,
  imagesPerLine: 6,
  points: 1900,
  pixelNoise: 0.3,
});
const numbers = new Map(generated.images.map(({ name }, index) => [name, index]));
const block: BundleBlock = {
  camera: generated.camera,
  images: generated.images.map(({ name, pose }) => ({
    name,
    pose,
    sdPosition: [1.5, 1.5, 1.5],
    sdAttitudeDegrees: 3,
  })),
  tiePoints: generated.points.map(({ name }) => ({
    observations: generated.observations
      .filter(({ point }) => point === name)
      // As many as matching finds: two to three a tie.
      .slice(0, 3)
      .map(({ image, pixel }) => ({ image: numbers.get(image)!, pixel })),
  })),
};
const rays = block.tiePoints.reduce((sum, { observations }) => sum + observations.length, 0);
timed(
  `bundle of 18 images, ${block.tiePoints.length} ties, ${rays} observations`,
  1,
  'in all',
  () => adjustBlock(block),
);

const content = await flightContent(flight, new Map());
const report = flightReport(
  {
    imageType: 'Navad',
    jobId: 'bench',
    tenant: 'default',
    origin: { kind: 'folder', location: '/flight' },
    force: false,
    runKey: 'bench',
    notEvaluated: [],
  },
  flight.manifest,
  flight.images,
  flight.accuracy,
  { ...flight.refs, report: null },
);
const page = timed(`page of ${images} images`, images, 'an image', () =>
  flightPage(report, content),
);
console.log(`${'size of that page'.padEnd(60)} ${(page.length / 1e6).toFixed(2).padStart(7)} MB`);
