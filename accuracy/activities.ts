import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { type AssessmentRequest, assessmentRequestSchema } from '../contracts/assessment.ts';
import {
  type AssessedFlight,
  type ImageAccuracy,
  imageAccuraciesSchema,
  type PageAccuracy,
} from '../contracts/accuracy.ts';
import type { ArtifactRef } from '../contracts/artifacts.ts';
import {
  bundlePlanSchema,
  bundleStatementSchema,
  type MatchedTie,
  matchedTiesSchema,
} from '../contracts/bundle.ts';
import { InvalidInput } from '../contracts/failures.ts';
import type { Finding } from '../contracts/findings.ts';
import { type FlightImage, flightImagesSchema, flightManifestSchema } from '../contracts/flight.ts';
import type { OrientedView } from '../contracts/orientation-plan.ts';
import {
  type ImagePair,
  imagePairsSchema,
  type TieDisplacement,
  tieDisplacementsSchema,
} from '../contracts/relative-pairs.ts';
import type { Ground } from '../maths/ground.ts';
import type { ArtifactStore } from '../platform/artifact-store.ts';
import type { KnownOfModel } from '../platform/height-model.ts';
import { workThroughBatch } from '../platform/temporal/batch-checkpoint.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import { adjustInThread } from './io/adjust-in-thread.ts';
import { decodePreview } from './io/read-preview.ts';
import { readTerrain } from './io/read-terrain.ts';
import { TieViews } from './io/tie-views.ts';
import { type AssessmentPlan, assessmentPlanSchema } from './model/assessment-plan.ts';
import { controlFinding } from './model/control-finding.ts';
import { FlightAccuracyBuilder } from './model/flight-accuracy.ts';
import { planBundle } from './model/flight-bundle.ts';
import { measureDisplacement } from './model/pair-displacement.ts';
import { viewedPairs, viewOfImage } from './model/pair-views.ts';
import { relativeStatement } from './model/relative-accuracy.ts';
import { assessImage, type Surroundings } from './model/image-accuracy.ts';
import { PlanBuilder } from './model/plan-builder.ts';
import { pairCorners } from './model/tie-pairs.ts';
import { laterNeighbors, starOfTies, type TiePair } from './model/tie-stars.ts';

/** What the accuracy of a flight is assessed by: small, whatever the size of the flight. */
export interface PlannedAssessment {
  plan: ArtifactRef;
  /** Pairs of images to compare with each other. */
  pairs: ArtifactRef;
  pairCount: number;
  /** Where a bundle adjustment was asked for: what it starts from, or why there is none. */
  bundle?: { plan: ArtifactRef; candidates: number; batchSize?: number } | { refused: ArtifactRef };
}

/** Images per batch whose ties are looked for: each takes about a second. */
const TIE_BATCH_SIZE = 3;

/** Without control it is all that can be said; with it, it is asked for. */
function isRelativeWanted({ gate, points }: AssessmentPlan): boolean {
  return gate.relativeAccuracy ?? points.length === 0;
}

/** Where the ground model of a plan lies on this machine; null when there is none. */
async function modelOf(
  { dem, groundModel }: AssessmentPlan,
  store: ArtifactStore,
): Promise<{ path: string; known: KnownOfModel & { name: string } } | null> {
  if (dem !== null) return { path: dem, known: { name: basename(dem) } };
  if (groundModel === undefined) return null;
  const { file, ...known } = groundModel;
  return { path: await store.fileOf(file), known };
}

/** A ground model that cannot be used is a finding, unless it is one already; level ground stands in for it. */
async function withUsableTerrain(
  plan: AssessmentPlan,
  known: readonly Finding[],
  store: ArtifactStore,
): Promise<AssessmentPlan> {
  const model = await modelOf(plan, store);
  if (model === null) return plan;
  try {
    await readTerrain(model.path, plan.origin, model.known);
    return plan;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    const { groundModel: _model, ...level } = { ...plan, dem: null };
    if (known.some(({ message }) => message === error.message)) return level;
    const subject = model.known.name;
    const finding = controlFinding('CRS_UNKNOWN', 'warning', subject, error.message);
    return { ...level, findings: [...plan.findings, { ...finding, scope: 'file' }] };
  }
}

export function createAccuracyActivities({ store }: WorkerServices) {
  /**
   * Brings images and control into one frame, before the first image is assessed: what heights are above,
   * where pixels were counted, which points lie elsewhere. Reads the parts one at a time; safe to repeat.
   */
  async function planAssessment(flight: {
    manifest: ArtifactRef;
    parts: ArtifactRef[];
    request: AssessmentRequest;
    runKey: string;
  }): Promise<PlannedAssessment> {
    const manifest = await store.readJson(flight.manifest, flightManifestSchema);
    const request = assessmentRequestSchema.safeParse(flight.request);
    if (!request.success) {
      throw new InvalidInput(
        `Cannot assess as the request is not usable: ${request.error.message}`,
      );
    }
    const builder = new PlanBuilder(request.data, manifest);
    for (const part of flight.parts) {
      builder.add((await store.readJson(part, flightImagesSchema)).images);
      heartbeat();
    }
    const plan = await withUsableTerrain(builder.build(), manifest.findings, store);
    const pairs = isRelativeWanted(plan) ? await planPairs(flight.parts, plan, builder) : [];
    log.info('Planned assessment', { points: plan.points.length, pairs: pairs.length });
    return {
      plan: await store.addJson(flight.runKey, plan),
      pairs: await store.addJson(flight.runKey, { pairs }),
      pairCount: pairs.length,
      ...(plan.gate.bundleAdjustment === true ? await planTies(flight, plan) : {}),
    };
  }

  async function planPairs(
    parts: readonly ArtifactRef[],
    plan: AssessmentPlan,
    builder: PlanBuilder,
  ): Promise<ImagePair[]> {
    const pairs = builder.pairs();
    const wanted = new Set(pairs.flatMap(({ first, second }) => [first, second]));
    const views = new Map<string, OrientedView>();
    for (const part of parts) {
      for (const image of (await store.readJson(part, flightImagesSchema)).images) {
        const view = wanted.has(image.name) ? viewOfImage(image, { plan, terrain: null }) : null;
        if (view !== null) views.set(image.name, view);
      }
      heartbeat();
    }
    return viewedPairs(pairs, views);
  }

  async function planTies(
    { parts, runKey }: { parts: readonly ArtifactRef[]; runKey: string },
    plan: AssessmentPlan,
  ): Promise<Pick<PlannedAssessment, 'bundle'>> {
    const images: FlightImage[] = [];
    for (const part of parts) {
      images.push(...(await store.readJson(part, flightImagesSchema)).images);
      heartbeat();
    }
    const planned = planBundle(images, { plan, terrain: null });
    if ('reason' in planned) {
      return { bundle: { refused: await store.addJson(runKey, planned) } };
    }
    const { length: candidates } = planned.views;
    const plannedRef = await store.addJson(runKey, planned);
    return { bundle: { plan: plannedRef, candidates, batchSize: TIE_BATCH_SIZE } };
  }

  /** Puts the batches of one page together, in their order. Safe to repeat. */
  async function composePage(page: {
    batches: ArtifactRef[];
    runKey: string;
  }): Promise<ArtifactRef> {
    const images: ImageAccuracy[] = [];
    for (const ref of page.batches) {
      images.push(...(await store.readJson(ref, imageAccuraciesSchema)).images);
      heartbeat();
    }
    return store.addJson(page.runKey, { images });
  }

  /** Turns the pages of a flight into one statement. Reads them one at a time; safe to repeat. */
  async function aggregateFlight(flight: {
    manifest: ArtifactRef;
    pages: PageAccuracy[];
    /** Not there in runs that an older version began. */
    plan?: ArtifactRef;
    ties?: ArtifactRef[];
    bundle?: ArtifactRef;
    runKey: string;
  }): Promise<AssessedFlight> {
    const ties: TieDisplacement[] = [];
    for (const ref of flight.ties ?? []) {
      ties.push(...(await store.readJson(ref, tieDisplacementsSchema)).ties);
    }
    const plan =
      flight.plan === undefined ? null : await store.readJson(flight.plan, assessmentPlanSchema);
    const manifest = await store.readJson(flight.manifest, flightManifestSchema);
    const builder = new FlightAccuracyBuilder();
    const parts: ArtifactRef[] = [];
    for (const { page, images, imageCount, reason } of flight.pages) {
      if (images === null) builder.leaveOut(page, imageCount, reason ?? 'unknown');
      else {
        builder.add((await store.readJson(images, imageAccuraciesSchema)).images);
        parts.push(images);
      }
      heartbeat();
    }
    const accuracy = builder.build(manifest, parts, plan, {
      relative: ties.length === 0 ? null : relativeStatement(ties),
      bundle:
        flight.bundle === undefined
          ? null
          : await store.readJson(flight.bundle, bundleStatementSchema),
    });
    log.info('Aggregated flight', { verdict: accuracy.verdict, images: accuracy.imagesAssessed });
    const { verdict, rmseHorizontal, reasons } = accuracy;
    return {
      accuracy: await store.addJson(flight.runKey, accuracy),
      verdict,
      rmseHorizontal,
      reasons,
    };
  }

  return { planAssessment, composePage, aggregateFlight };
}

export type AccuracyActivities = ReturnType<typeof createAccuracyActivities>;

/** Served by the processor worker: the work on single images. */
export function createAssessmentActivities({ store }: WorkerServices) {
  /** The ground model of the last flight: its batches follow one another. */
  let terrain: { key: string; ground: Promise<Ground> } | undefined;

  async function terrainOf(plan: AssessmentPlan): Promise<Ground | null> {
    const model = await modelOf(plan, store);
    if (model === null) return null;
    const key = JSON.stringify([model, plan.origin]);
    if (terrain?.key !== key) {
      const ground = readTerrain(model.path, plan.origin, model.known);
      terrain = { key, ground };
      // What could not be read may be there when it is tried again.
      ground.catch(() => (terrain = undefined));
    }
    return terrain.ground;
  }

  /** Assesses a slice of a page, heartbeating after each image. Safe to repeat: the same in, the same out. */
  async function assessImages(slice: {
    page: ArtifactRef;
    from: number;
    count: number;
    /** Not there in runs that an older version began. */
    plan?: ArtifactRef;
    runKey: string;
  }): Promise<ArtifactRef> {
    const { images } = await store.readJson(slice.page, flightImagesSchema);
    const surroundings = slice.plan === undefined ? null : await surroundingsOf(slice.plan);
    const assessed = await workThroughBatch<FlightImage, ImageAccuracy>(
      images.slice(slice.from, slice.from + slice.count),
      imageAccuraciesSchema.shape.images.element,
      { atATime: 1, nameOf: ({ name }) => name },
      async (image) => assessImage(image, surroundings),
      (image) => ({
        ...assessImage({ ...image, usable: false }),
        reasons: ['the worker died twice while the image was in work'],
      }),
    );
    return store.addJson(slice.runKey, { images: assessed });
  }

  async function surroundingsOf(ref: ArtifactRef): Promise<Surroundings> {
    const plan = await store.readJson(ref, assessmentPlanSchema);
    return { plan, terrain: plan.heights === 'takeoff' ? null : await terrainOf(plan) };
  }

  /** Compares a slice of the pairs on the ground that they share, heartbeating after each. Safe to repeat. */
  async function measurePairs(slice: {
    pairs: ArtifactRef;
    from: number;
    count: number;
    runKey: string;
  }): Promise<ArtifactRef> {
    const { pairs } = await store.readJson(slice.pairs, imagePairsSchema);
    const pictureOf = async ({ preview }: OrientedView) =>
      decodePreview(await store.readBytes(preview));
    const ties = await workThroughBatch<ImagePair, TieDisplacement>(
      pairs.slice(slice.from, slice.from + slice.count),
      tieDisplacementsSchema.shape.ties.element,
      { atATime: 1, nameOf: ({ first, second }) => `${first.name} ${second.name}` },
      async (pair) =>
        measureDisplacement(pair, {
          first: await pictureOf(pair.first),
          second: await pictureOf(pair.second),
        }),
      ({ first, second, kind }) => ({
        first: first.name,
        second: second.name,
        kind,
        east: 0,
        north: 0,
        psr: 0,
      }),
    );
    return store.addJson(slice.runKey, { ties });
  }

  /** Images of the last flights, prepared for matching: batches share most of them. */
  const tieViews = new TieViews();

  /** Ties a slice of the images of a flight to later ones, heartbeating after each. Safe to repeat. */
  async function matchTies(slice: {
    bundle: ArtifactRef;
    from: number;
    count: number;
    runKey: string;
  }): Promise<ArtifactRef> {
    const { views } = await store.readJson(slice.bundle, bundlePlanSchema);
    const numbers = [...views.keys()].slice(slice.from, slice.from + slice.count);
    const stars = await workThroughBatch<number, MatchedTie[]>(
      numbers,
      matchedTiesSchema.shape.ties,
      { atATime: 1, nameOf: (image) => views[image]!.view.name },
      async (image, goesOn) => {
        const viewOf = async (number: number) => {
          const view = views[number]!;
          return { number, ...(await tieViews.get(view, () => store.fileOf(view.file))) };
        };
        const first = await viewOf(image);
        const pairs: TiePair[] = [];
        for (const number of laterNeighbors(image, views)) {
          const other = await viewOf(number);
          pairs.push({ other, corners: pairCorners(first, other) });
          goesOn();
          // A heartbeat only leaves between two steps.
          await setImmediate();
        }
        return starOfTies(first, pairs);
      },
      () => [],
    );
    return store.addJson(slice.runKey, { ties: stars.flat() });
  }

  /** Adjusts the whole flight in a thread, heartbeating after each step. Safe to repeat. */
  async function adjustBundle(flight: {
    bundle: ArtifactRef;
    ties: ArtifactRef[];
    plan: ArtifactRef;
    runKey: string;
  }): Promise<ArtifactRef> {
    const { views } = await store.readJson(flight.bundle, bundlePlanSchema);
    const plan = await store.readJson(flight.plan, assessmentPlanSchema);
    const ties: MatchedTie[] = [];
    for (const ref of flight.ties) {
      ties.push(...(await store.readJson(ref, matchedTiesSchema)).ties);
    }
    const statement = await adjustInThread(
      { views, ties, plan },
      { signal: cancellationSignal(), onStep: () => heartbeat() },
    );
    log.info('Adjusted bundle', { ties: ties.length, images: views.length });
    return store.addJson(flight.runKey, statement);
  }

  return { assessImages, measurePairs, matchTies, adjustBundle };
}

export type AssessmentActivities = ReturnType<typeof createAssessmentActivities>;
