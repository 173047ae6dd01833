import { type ArtifactRef, mediaTypes } from '../../contracts/artifacts.ts';
import type { SceneLocation } from '../../contracts/geolocalization.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import { canonicalJson } from '../../maths/canonical-json.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { endingOf, sceneFilePrefix, stemOf } from '../model/scene-document-names.ts';
import { type PlacedScene, placedScene } from '../model/placed-scene.ts';
import { type StacAsset, stacItem } from '../model/stac-item.ts';

/** A scene of a run with what became of it. */
export interface ReportedScene {
  location: SceneLocation;
  registration: SceneRegistration | null;
}

/** Names of files in the folder of a run, and what they are. */
export type SceneDocuments = Record<string, ArtifactRef>;

/**
 * Writes the documents of one scene: all that is known of it, its footprint, and an item for a catalog;
 * with them come the files that the comparison made.
 */
export async function writeSceneDocuments(
  { location: stated, registration }: ReportedScene,
  { index, scenes, jobId }: { index: number; scenes: number; jobId: string },
  { store, runKey }: { store: ArtifactStore; runKey: string },
): Promise<SceneDocuments> {
  const prefix = sceneFilePrefix(stated.name, index, scenes);
  const documents: SceneDocuments = {};
  documents[`${prefix}scene.json`] = await store.addJson(runKey, { ...stated, registration });
  const placed = placedScene(stated, registration);
  const location = placed.shown;
  if (location.footprint !== null) {
    documents[`${prefix}footprint.geojson`] = await store.addBytes(
      runKey,
      mediaTypes.geoJson,
      Buffer.from(canonicalJson(footprintFeatures(placed))),
    );
  }
  const ending = endingOf(location.name);
  const stem = scenes === 1 ? `${stemOf(location.name)}.` : prefix;
  const made: Record<string, ArtifactRef | null | undefined> = {
    [`${prefix}tie-points.geojson`]: registration?.tiePoints,
    [`${prefix}distortion.tif`]: registration?.distortion?.file,
    [`${stem}${worldFileEnding(ending)}`]: registration?.worldFile,
    [`${stem}corrected${ending}`]: registration?.correctedFile,
    [`${stem}warped.tif`]: registration?.warpedFile,
  };
  for (const [name, ref] of Object.entries(made)) if (ref) documents[name] = ref;
  const item = stacItem(
    `${jobId}-${stemOf(location.name)}`,
    placed,
    registration,
    assetsOf(location, documents),
  );
  documents[`${prefix}scene.stac.json`] = await store.addBytes(
    runKey,
    mediaTypes.geoJson,
    Buffer.from(canonicalJson(item)),
  );
  return documents;
}

/** Of a scene that was found elsewhere both outlines, the found one first, told apart by `place`. */
function footprintFeatures({ shown, stated }: PlacedScene) {
  const feature = (
    { name, status, footprint, crs }: SceneLocation,
    more: { place?: 'found' | 'stated' },
  ) => ({ type: 'Feature', geometry: footprint, properties: { name, status, crs, ...more } });
  return {
    type: 'FeatureCollection',
    features:
      stated === null
        ? [feature(shown, {})]
        : [feature(shown, { place: 'found' }), feature(stated, { place: 'stated' })],
  };
}

function assetsOf({ name, file }: SceneLocation, documents: SceneDocuments) {
  const assets: Record<string, StacAsset> = {};
  if (file !== null) {
    assets['data'] = {
      // From the folder of a run to the store beside it.
      href: `../../artifacts/${file.sha256.slice(0, 2)}/${file.sha256}`,
      type: /\.g?tiff?$/i.test(name) ? mediaTypes.geoTiff : file.mediaType,
      title: name,
      roles: ['data'],
      sha256: file.sha256,
      bytes: file.bytes,
    };
  }
  for (const [href, { sha256, bytes, mediaType }] of Object.entries(documents)) {
    // Who reads the data of a scene wants its pixels, not how it was bent.
    const isPixels = mediaType === mediaTypes.geoTiff && !href.endsWith('distortion.tif');
    assets[href] = {
      href: `./${href}`,
      type: mediaType,
      title: href,
      roles: [isPixels ? 'data' : 'metadata'],
      sha256,
      bytes,
    };
  }
  return assets;
}

function worldFileEnding(ending: string): string {
  if (/^\.g?tiff?$/.test(ending)) return 'tfw';
  if (/^\.jpe?g$/.test(ending)) return 'jgw';
  return ending === '.png' ? 'pgw' : 'wld';
}
