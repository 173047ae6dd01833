import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { activityInfo, cancellationSignal, heartbeat, log } from '@temporalio/activity';
import { type ArtifactRef, mediaTypes } from '../contracts/artifacts.ts';
import type { AdmittedRequest, ImageOrigin } from '../contracts/automation.ts';
import { InvalidInput, MissingSource } from '../contracts/failures.ts';
import {
  type FetchedScene,
  type LocatedScene,
  MAX_SCENES,
  type SceneAppearance,
  type SceneCompanion,
  type SceneLocation,
} from '../contracts/geolocalization.ts';
import { MemberDamaged, MemberRefused, openMember } from '../platform/archive.ts';
import { FileTooLarge } from '../platform/artifact-store.ts';
import { takeObject } from '../platform/bucket-source.ts';
import { DownloadFailed, DownloadRefused } from '../platform/download-failures.ts';
import { isAddress, isBucketAddress, listSources } from '../platform/image-sources.ts';
import type { WorkerServices } from '../platform/temporal/worker-spec.ts';
import {
  archivedCompanionsOf,
  listArchivedScenes,
  type SceneSource,
} from './io/archived-scenes.ts';
import { bucketCompanionsOf, listBucketScenes } from './io/bucket-scenes.ts';
import { catalogueReferences } from './io/catalogue-references.ts';
import { companionsAfar } from './io/companions-afar.ts';
import { georeferenceScene, nodataOf } from './io/georeference-scene.ts';
import { pathsOf } from './io/open-pair.ts';
import { openScene, SceneNotThere } from './io/open-scene.ts';
import { companionsOf } from './io/scene-companions.ts';
import { overlappingFiles } from './io/overlapping-files.ts';
import { readTerrain } from './io/read-terrain.ts';
import { scenesBelow } from './io/scene-files.ts';
import { readSceneHeader, UnreadableHeader } from './io/read-scene-header.ts';
import { previewOf } from './io/scene-preview.ts';
import { UnreadablePixels } from './io/unreadable-pixels.ts';
import { boxAround } from './model/ground-box.ts';
import { lacksPlace } from './model/header-beside.ts';

/** Attempts after which a scene that still cannot be fetched is reported as unreadable. */
const FETCH_ATTEMPTS = 3;
/** Bytes of a copy between two heartbeats: even a slow line brings as many within the heartbeat timeout. */
const HEARTBEAT_BYTES = 256e3;

export function createGeolocalizationActivities({
  store,
  settings,
  isServerLocal,
}: WorkerServices) {
  const allowPrivateAddresses = settings.SKYLOOM_ALLOW_PRIVATE_ADDRESSES;
  const network = () => ({
    settings,
    isServerLocal,
    allowPrivateAddresses,
    signal: cancellationSignal(),
  });
  const sourceOptions = () => ({ ...network(), onProgress: heartbeat });

  async function listOrigin(origin: ImageOrigin): Promise<SceneSource[]> {
    const options = sourceOptions();
    if (origin.kind === 'archive') return listArchivedScenes(origin.location);
    if (isBucketAddress(origin.location)) return listBucketScenes(origin, options);
    return listSources(origin, scenesBelow, options);
  }

  /** Lists the scenes of a request in order of name. Safe to repeat. */
  async function listScenes({ origin }: AdmittedRequest): Promise<{ scenes: SceneSource[] }> {
    const scenes = await listOrigin(origin);
    if (scenes.length === 0) {
      throw new MissingSource(
        `Cannot locate "${origin.location}" as it holds no image: give a scene, or a folder of scenes`,
      );
    }
    if (scenes.length > MAX_SCENES) {
      throw new InvalidInput(
        `Cannot locate "${origin.location}" as one request may have ${MAX_SCENES} scenes: found ${scenes.length}`,
      );
    }
    return { scenes };
  }

  /** Brings a scene into the artifact store. Safe to repeat: a file is named after its content. */
  async function fetchScene(work: { source: SceneSource; runKey: string }): Promise<FetchedScene> {
    const { name, location, member } = work.source;
    const signal = cancellationSignal();
    try {
      const keep = (body: Readable) => {
        let told = 0;
        return store.addStream(work.runKey, 'application/octet-stream', body, {
          limitBytes: settings.SKYLOOM_MAX_DOWNLOAD_MEGABYTES * 1e6,
          signal,
          onBytes: (bytes) => {
            if (bytes - told < HEARTBEAT_BYTES) return;
            told = bytes;
            heartbeat({ bytes });
          },
        });
      };
      const file = isBucketAddress(location)
        ? await takeObject(location, sourceOptions(), keep)
        : await keep(
            member === undefined
              ? await openScene(location, { allowPrivateAddresses, signal })
              : await openMember(location, member),
          );
      const beside = await storeCompanions(work.source, file, work.runKey);
      return { name, file, reason: null, ...beside };
    } catch (error) {
      const isFinal =
        error instanceof SceneNotThere ||
        error instanceof DownloadRefused ||
        error instanceof MemberRefused ||
        error instanceof MemberDamaged ||
        error instanceof FileTooLarge ||
        activityInfo().attempt >= FETCH_ATTEMPTS;
      if (signal.aborted || !isFinal) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { name, file: null, reason };
    }
  }

  /** Files beside a scene; beside one on the web most are only asked for when it does not say where it lies. */
  async function storeCompanions(
    { location, member }: SceneSource,
    file: ArtifactRef,
    runKey: string,
  ): Promise<Pick<FetchedScene, 'companions' | 'warnings'>> {
    const stored: SceneCompanion[] = [];
    const keep = async ({ kind, name }: Omit<SceneCompanion, 'file'>, body: Buffer | Readable) => {
      const type = kind === 'mask' ? 'application/octet-stream' : mediaTypes.text;
      const ref = Buffer.isBuffer(body)
        ? await store.addBytes(runKey, type, body)
        : await store.addStream(runKey, type, body, { onBytes: () => heartbeat() });
      stored.push({ kind, name, file: ref });
    };
    const warnings: string[] = [];
    if (isAddress(location) || isBucketAddress(location) || member !== undefined) {
      const beside = isAddress(location)
        ? await besideAddress(location, file)
        : member === undefined
          ? await bucketCompanionsOf(location, sourceOptions())
          : await archivedCompanionsOf(location, member);
      for (const { bytes, ...named } of beside.found) await keep(named, bytes);
      warnings.push(...beside.warnings);
    } else {
      const beside = await companionsOf(location);
      for (const { path, ...named } of beside.found) {
        await keep(named, named.kind === 'mask' ? createReadStream(path) : await readFile(path));
      }
      warnings.push(...beside.warnings);
    }
    return {
      ...(stored.length === 0 ? {} : { companions: stored }),
      ...(warnings.length === 0 ? {} : { warnings }),
    };
  }

  async function besideAddress(location: string, file: ArtifactRef) {
    const nothing = { found: [], warnings: [] };
    const header = await readSceneHeader(await store.fileOf(file)).catch((error: unknown) => {
      if (error instanceof UnreadableHeader) return null;
      throw error;
    });
    if (header === null) return nothing;
    const wanted = lacksPlace(header) ? 'model' : 'corrections';
    return companionsAfar(location, wanted, sourceOptions());
  }

  /** Reads what a scene says of its place, and writes it. Safe to repeat: the same file, the same bytes. */
  async function locateScene(work: {
    scene: FetchedScene;
    runKey: string;
    /** Catalogue of the request's height model. */
    dem?: ArtifactRef;
  }): Promise<Omit<LocatedScene, 'preview'>> {
    const { scene, runKey, dem } = work;
    const pathOf = (ref: ArtifactRef) => store.fileOf(ref);
    const limitBytes = settings.SKYLOOM_MAX_DOWNLOAD_MEGABYTES * 1e6;
    const storage = { store, runKey, limitBytes, beat: heartbeat, network: network() };
    const terrainAround = async (placed: SceneLocation) => {
      const found = dem === undefined ? undefined : await overlappingFiles(dem, placed, storage);
      const heights = found?.files[0];
      const box = boxAround(placed.footprint);
      if (heights === undefined || box === null) return null;
      return readTerrain(heights, await pathsOf(heights, pathOf), box).catch((error: unknown) => {
        if (!(error instanceof UnreadablePixels)) throw error;
        return `the height model "${heights.name}" is not used as its pixels cannot be read: ${error.message}`;
      });
    };
    const location = await georeferenceScene(scene, pathOf, { terrainAround, beat: heartbeat });
    log.info('Located scene', { scene: scene.name, status: location.status });
    const { name, status } = location;
    return { name, status, location: await store.addJson(runKey, location) };
  }

  /**
   * Reads where the files of a reference, or of a height model, lie. Safe to repeat: it only reads.
   *
   * @throws {MissingSource} when none of them can serve.
   */
  async function catalogueFiles(work: {
    origin: ImageOrigin;
    what: 'reference' | 'height model';
    runKey: string;
  }): Promise<ArtifactRef> {
    const { runKey } = work;
    const limitBytes = settings.SKYLOOM_MAX_DOWNLOAD_MEGABYTES * 1e6;
    const storage = { store, runKey, limitBytes, beat: heartbeat, network: network() };
    try {
      return await store.addJson(
        runKey,
        await catalogueReferences(work.origin, work.what, storage),
      );
    } catch (error) {
      const isFinal = error instanceof DownloadRefused || activityInfo().attempt >= FETCH_ATTEMPTS;
      if (!isFinal || !(error instanceof DownloadFailed || error instanceof DownloadRefused)) {
        throw error;
      }
      throw new MissingSource(error.message);
    }
  }

  return { listScenes, fetchScene, locateScene, catalogueFiles };
}

export type GeolocalizationActivities = ReturnType<typeof createGeolocalizationActivities>;

/** Served by the processor worker: it decodes. */
export function createSceneViewActivities({ store, settings }: WorkerServices) {
  const limitPixels = settings.SKYLOOM_MAX_IMAGE_MEGAPIXELS * 1e6;

  /** Makes a small picture of a scene; one that cannot be decoded gets the reason instead. Safe to repeat. */
  async function viewScene(work: {
    scene: FetchedScene;
    runKey: string;
  }): Promise<SceneAppearance> {
    const { file, reason } = work.scene;
    if (file === null) return { preview: null, reason };
    try {
      const path = await store.fileOf(file);
      // A header that cannot be read says nothing of its nodata value; the decoder may still know better.
      const nodata = await nodataOf(work.scene, (ref) => store.fileOf(ref)).catch(() => null);
      const preview = await previewOf(path, { limitPixels, nodata });
      return { preview: await store.addBytes(work.runKey, mediaTypes.jpeg, preview), reason: null };
    } catch (error) {
      return { preview: null, reason: error instanceof Error ? error.message : String(error) };
    }
  }

  return { viewScene };
}

export type SceneViewActivities = ReturnType<typeof createSceneViewActivities>;
