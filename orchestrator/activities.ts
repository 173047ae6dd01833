import { heartbeat, log } from '@temporalio/activity';
import {
  imageAccuraciesSchema,
  flightAccuracySchema,
  type AssessedFlight,
} from '../contracts/accuracy.ts';
import { type ArtifactRef, mediaTypes } from '../contracts/artifacts.ts';
import {
  type AdmittedRequest,
  type AutomationRequest,
  type AutomationResult,
  deferredFields,
} from '../contracts/automation.ts';
import {
  flightImagesSchema,
  flightManifestSchema,
  type IngestedFlight,
} from '../contracts/flight.ts';
import { type LocatedScenes, sceneLocationSchema } from '../contracts/geolocalization.ts';
import { parseRequest, unknownFields } from '../contracts/parse-request.ts';
import { sceneRegistrationSchema } from '../contracts/scene-registration.ts';
import { sourceRoots } from '../platform/configuration.ts';
import { publishToRunFolder } from '../platform/run-folder.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import { admitAssessment } from './io/admit-assessment.ts';
import { findOrigin } from './io/find-origin.ts';
import { flightContent, writeFlightDocuments } from './io/flight-documents.ts';
import { inlineImages } from '../platform/inline-images.ts';
import { inlineOverlays } from './io/inline-overlays.ts';
import { writeSceneDocuments } from './io/scene-documents.ts';
import { flightPage } from './model/flight-page.ts';
import { type FlightReport, flightReport } from './model/flight-report.ts';
import { jobIdOf } from './model/job-id.ts';
import { scenesPage } from './model/scenes-page.ts';
import { type SceneOfReport, type ScenesReport, scenesReport } from './model/scenes-report.ts';

const DEFAULT_TENANT = 'default';

export function createOrchestratorActivities({ store, settings, isServerLocal }: WorkerServices) {
  const roots = sourceRoots(settings, isServerLocal);

  /**
   * Checks a request before anything else runs, and finds its source.
   *
   * @throws {InvalidInput} or {MissingSource}, which end the run.
   */
  async function admitRequest(wire: {
    request?: unknown;
    workflowId: string;
    runKey: string;
  }): Promise<AdmittedRequest> {
    const parsed = parseRequest(wire.request);
    const origin = await findOrigin(parsed.imagePath, roots);
    const deferred: readonly (keyof AutomationRequest)[] = deferredFields[parsed.imageType];
    const comparison = parsed.imageType === 'Satellite' ? await findComparison(parsed) : {};
    return {
      imageType: parsed.imageType,
      jobId: parsed.jobId ?? jobIdOf(origin.location),
      tenant: parsed.tenant ?? DEFAULT_TENANT,
      origin,
      force: parsed.force ?? false,
      checkOnly: parsed.checkOnly ?? false,
      ...(parsed.thresholds === undefined ? {} : { thresholds: parsed.thresholds }),
      ...(parsed.imageType === 'Navad'
        ? { assessment: await admitAssessment(parsed, origin, roots) }
        : {}),
      ...comparison,
      runKey: wire.runKey,
      notEvaluated: [
        ...deferred.filter((field) => parsed[field] !== undefined && !(field in comparison)),
        ...unknownFields(wire.request),
      ],
    };
  }

  /** What a scene is compared with: the fields of a request that name files of their own. */
  async function findComparison({
    reference,
    dem,
    warp,
    searchArea,
  }: AutomationRequest): Promise<
    Pick<AdmittedRequest, 'reference' | 'dem' | 'warp' | 'searchArea'>
  > {
    return {
      ...(reference === undefined ? {} : { reference: await findOrigin(reference, roots) }),
      ...(dem === undefined ? {} : { dem: await findOrigin(dem, roots) }),
      // Without a reference there is nothing to warp to or to search in, and the result says so.
      ...(warp === undefined || reference === undefined ? {} : { warp }),
      ...(searchArea === undefined || reference === undefined ? {} : { searchArea }),
    };
  }

  /** Writes the report of a flight; the same stages give the same bytes. Safe to repeat. */
  async function reportFlight(run: {
    request: AdmittedRequest;
    flight: IngestedFlight;
    accuracy: AssessedFlight | null;
  }): Promise<AutomationResult> {
    const { request, flight } = run;
    const manifest = await store.readJson(flight.manifest, flightManifestSchema);
    const accuracy =
      run.accuracy === null
        ? null
        : await store.readJson(run.accuracy.accuracy, flightAccuracySchema);
    const images = [];
    for (const part of manifest.parts) {
      images.push(...(await store.readJson(part, flightImagesSchema)).images);
    }
    const assessed = [];
    for (const part of accuracy?.parts ?? []) {
      assessed.push(...(await store.readJson(part, imageAccuraciesSchema)).images);
    }
    const finished = {
      manifest,
      images,
      accuracy,
      assessed,
      refs: { manifest: flight.manifest, accuracy: run.accuracy?.accuracy ?? null },
    };
    const thumbnails = await inlineImages(
      store,
      images.map(({ name, description }) => ({ name, ref: description?.thumbnail ?? null })),
    );
    const content = await flightContent(finished, thumbnails);
    heartbeat();
    const documents = await writeFlightDocuments(store, request.runKey, finished, content);
    const report: FlightReport = flightReport(request, manifest, images, accuracy, {
      ...finished.refs,
      report: documents['report.json'] ?? null,
    });
    return publish(request, report, flightPage(report, content), {
      'manifest.json': flight.manifest,
      ...(run.accuracy === null ? {} : { 'accuracy.json': run.accuracy.accuracy }),
      ...documents,
    });
  }

  /** Writes the report of the scenes of one request. Safe to repeat. */
  async function reportScenes(run: {
    request: AdmittedRequest;
    located: LocatedScenes;
  }): Promise<AutomationResult> {
    const { request, located } = run;
    const { runKey, jobId } = request;
    const scenes: SceneOfReport[] = [];
    for (const [index, found] of located.scenes.entries()) {
      const location = await store.readJson(found.location, sceneLocationSchema);
      const registration =
        found.registration === undefined
          ? null
          : await store.readJson(found.registration, sceneRegistrationSchema);
      const documents = await writeSceneDocuments(
        { location, registration },
        { index, scenes: located.scenes.length, jobId },
        { store, runKey },
      );
      scenes.push({ ...location, ...(registration === null ? {} : { registration }), documents });
      heartbeat();
    }
    const report: ScenesReport = scenesReport(request, scenes, located);
    const previews = await inlineImages(
      store,
      located.scenes.map(({ name, preview }) => ({ name, ref: preview })),
    );
    const page = scenesPage(report, previews, await inlineOverlays(store, scenes));
    const files = Object.assign({}, ...scenes.map(({ documents }) => documents));
    return publish(request, report, page, {}, files);
  }

  async function publish(
    request: AdmittedRequest,
    report: FlightReport | ScenesReport,
    page: string,
    more: Record<string, ArtifactRef>,
    /** Only in the folder: the result leads to them through its report. */
    files: Record<string, ArtifactRef> = {},
  ): Promise<AutomationResult> {
    const { runKey, imageType, jobId, notEvaluated } = request;
    const json = await store.addJson(runKey, report);
    const documents = {
      'result.json': json,
      'report.html': await store.addBytes(runKey, mediaTypes.html, Buffer.from(page)),
      ...more,
    };
    const folder = await publishToRunFolder(store, runKey, { ...documents, ...files });
    log.info('Published results', { folder, verdict: report.verdict });
    const { message, verdict, counts } = report;
    return {
      imageType,
      jobId,
      message,
      verdict,
      counts,
      digest: json.sha256,
      documents,
      runKey,
      notEvaluated,
    };
  }

  return { admitRequest, reportFlight, reportScenes };
}

export type OrchestratorActivities = ReturnType<typeof createOrchestratorActivities>;
