import type { FlightAccuracy, ImageAccuracy } from '../../../contracts/accuracy.ts';
import type { FlightImage, FlightManifest } from '../../../contracts/flight.ts';

const VERSION = '1.1.0';
const FILE_EXTENSION = 'https://stac-extensions.github.io/file/v2.1.0/schema.json';
const ACCURACY_EXTENSION = 'https://stac-extensions.github.io/accuracy/v1.0.0-beta.1/schema.json';

type Bounds = [number, number, number, number];

/**
 * The images of a flight as STAC items in one item collection, and the flight as a collection.
 *
 * STAC wants a time: an image that states none gets the span of the flight, and is left out where that is not
 * known either. Times of cameras without a zone are given as UTC, which `skyloom:time_zone_known` says. Accuracy stands
 * in the terms of STAC's accuracy extension where surveyed points were evaluated.
 */
export function stacOf(
  manifest: FlightManifest,
  images: readonly FlightImage[],
  assessed: readonly ImageAccuracy[],
  accuracy: FlightAccuracy,
): { collection: object; items: object } {
  const collectionId = idOf(manifest.flightId);
  const files = new Map(images.map((image) => [image.name, image]));
  const placed = assessed.filter(
    ({ name, footprint }) => footprint !== null && timeOf(files.get(name), manifest) !== null,
  );
  const figures = accuracyProperties(accuracy);
  const features = placed.map(({ name, footprint, gsd }) => {
    const { file, description } = files.get(name)!;
    const hasFigures = Object.keys(figures).length > 0;
    return {
      type: 'Feature',
      stac_version: VERSION,
      stac_extensions: [
        ...(file === null ? [] : [FILE_EXTENSION]),
        ...(hasFigures ? [ACCURACY_EXTENSION] : []),
      ],
      id: idOf(name),
      collection: collectionId,
      geometry: { type: 'Polygon', coordinates: [footprint] },
      bbox: boundsOf(footprint!),
      properties: {
        ...timeOf(files.get(name), manifest),
        ...(gsd === null ? {} : { gsd: gsd.mean ?? gsd.nominal }),
        ...(description?.make ? { platform: description.make } : {}),
        ...(description?.model ? { instruments: [description.model] } : {}),
        'skyloom:time_zone_known': false,
        ...figures,
      },
      links: [{ rel: 'collection', href: './stac-collection.json', type: 'application/json' }],
      assets: {
        image: {
          href: encodeURI(name),
          type: file?.mediaType ?? 'image/jpeg',
          roles: ['data'],
          ...(file === null
            ? {}
            : { 'file:size': file.bytes, 'file:checksum': `1220${file.sha256}` }),
        },
      },
    };
  });
  const boxes = features.map(({ bbox }) => bbox);
  const collection = {
    type: 'Collection',
    stac_version: VERSION,
    stac_extensions: [],
    id: collectionId,
    title: `Flight ${manifest.flightId}`,
    description: `Images of flight ${manifest.flightId}, with footprints from their recorded poses. Verdict: ${accuracy.verdict}.`,
    license: 'other',
    extent: {
      spatial: { bbox: [boxes.length === 0 ? [-180, -90, 180, 90] : unionOf(boxes)] },
      temporal: {
        interval: [
          [
            timeOrNull(manifest.statistics.capturedFrom),
            timeOrNull(manifest.statistics.capturedTo),
          ],
        ],
      },
    },
    links: [
      { rel: 'self', href: './stac-collection.json', type: 'application/json' },
      { rel: 'items', href: './stac-items.json', type: 'application/geo+json' },
    ],
  };
  return { collection, items: { type: 'FeatureCollection', features } };
}

function accuracyProperties({ ground }: FlightAccuracy): Record<string, number> {
  const statistics = ground?.statistics;
  if (statistics === null || statistics === undefined) return {};
  const { east, north, rmseHorizontal } = statistics;
  return {
    'accuracy:geometric_rmse': rmseHorizontal,
    'accuracy:geometric_x_bias': east.mean,
    'accuracy:geometric_y_bias': north.mean,
    ...(east.standardDeviation === null
      ? {}
      : { 'accuracy:geometric_x_stddev': east.standardDeviation }),
    ...(north.standardDeviation === null
      ? {}
      : { 'accuracy:geometric_y_stddev': north.standardDeviation }),
  };
}

function timeOf(
  image: FlightImage | undefined,
  { statistics }: FlightManifest,
): Record<string, string | null> | null {
  const datetime = timeOrNull(image?.description?.capturedAt ?? null);
  if (datetime !== null) return { datetime };
  const start = timeOrNull(statistics.capturedFrom);
  const end = timeOrNull(statistics.capturedTo);
  if (start === null || end === null) return null;
  return { datetime: null, start_datetime: start, end_datetime: end };
}

function timeOrNull(local: string | null): string | null {
  if (local === null) return null;
  const time = new Date(/[zZ]|[+-]\d\d:\d\d$/.test(local) ? local : `${local}Z`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function boundsOf(ring: readonly (readonly number[])[]): Bounds {
  const [longitudes, latitudes] = [0, 1].map((axis) => ring.map((point) => point[axis]!));
  return [
    Math.min(...longitudes!),
    Math.min(...latitudes!),
    Math.max(...longitudes!),
    Math.max(...latitudes!),
  ];
}

function unionOf(boxes: readonly Bounds[]): Bounds {
  return boxes.reduce(([west, south, east, north], [w, s, e, n]) => [
    Math.min(west, w),
    Math.min(south, s),
    Math.max(east, e),
    Math.max(north, n),
  ]);
}

/** Identifiers of STAC are parts of paths in many servers. */
function idOf(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_');
}
