import { z } from 'zod';
import type { MultiPolygon } from './footprint.ts';

const position = z.tuple([z.number(), z.number()]).rest(z.number());
const ring = z.array(position);
const link = z.object({ rel: z.string(), href: z.string() });
const asset = z.object({
  href: z.string(),
  type: z.string().optional(),
  roles: z.array(z.string()).optional(),
});
const figure = z.number().nonnegative().optional().catch(undefined);
/** Of the accuracy extension, in meters; what is no number is passed over. */
const accuracySchema = z.object({
  'accuracy:geometric_rmse': figure,
  'accuracy:geometric_x_bias': z.number().optional().catch(undefined),
  'accuracy:geometric_y_bias': z.number().optional().catch(undefined),
  'accuracy:geometric_x_stddev': figure,
  'accuracy:geometric_y_stddev': figure,
});
const itemSchema = z.object({
  type: z.literal('Feature'),
  id: z.string(),
  bbox: z.array(z.number()).min(4).optional(),
  geometry: z
    .union([
      z.object({ type: z.literal('Polygon'), coordinates: z.array(ring) }),
      z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring)) }),
    ])
    .nullable()
    .optional()
    .catch(null),
  properties: accuracySchema.optional().catch(undefined),
  assets: z.record(z.string(), asset),
});
export type StacItem = z.infer<typeof itemSchema>;

const catalogSchema = z.object({
  type: z.enum(['Catalog', 'Collection', 'FeatureCollection']),
  links: z.array(link).default([]),
  features: z.array(z.unknown()).default([]),
});

/** What a document of a catalog holds, and where it goes on. */
export interface StacDocument {
  items: StacItem[];
  /** Documents of single items, of catalogs below, and of more items of the same list. */
  itemLinks: string[];
  childLinks: string[];
  pageLinks: string[];
}

/**
 * Reads a document of a SpatioTemporal Asset Catalog: an item, a list of items (FeatureCollection), a
 * collection or a catalog.
 *
 * Source: STAC specification 1.1.0 and STAC API 1.0.0.
 *
 * @returns null when it is none of these.
 */
export function parseStac(document: unknown): StacDocument | null {
  const item = itemSchema.safeParse(document);
  if (item.success) return { items: [item.data], itemLinks: [], childLinks: [], pageLinks: [] };
  const catalog = catalogSchema.safeParse(document);
  if (!catalog.success) return null;
  const { type, links, features } = catalog.data;
  const linked = (rel: string) =>
    links.filter((other) => other.rel === rel).map(({ href }) => href);
  return {
    items: features.flatMap((feature) => itemSchema.safeParse(feature).data ?? []),
    itemLinks: linked('item'),
    childLinks: linked('child'),
    pageLinks: type === 'FeatureCollection' ? linked('next') : linked('items'),
  };
}

/** Names that pictures for people and pixels for programs mostly go by, the likeliest first. */
const LIKELY = ['visual', 'image', 'data', 'ortho', 'analytic', 'dem', 'b04', 'red'];

/**
 * The asset of an item that a scene can be compared with: a TIFF, the one in true color when it is named
 * so, else the first by name.
 */
export function referenceAsset({ assets }: StacItem): { name: string; href: string } | null {
  const tiffs = Object.entries(assets)
    .filter(([, { href, type, roles = [] }]) => {
      const isTiff = /^image\/(?:tiff|vnd\.stac\.geotiff)/i.test(type ?? '');
      const looksSo = type === undefined && /\.tiff?(?:$|\?)/i.test(href);
      const isPicture = roles.some((role) => role === 'thumbnail' || role === 'overview');
      return (isTiff || looksSo) && !isPicture;
    })
    .map(([name, { href }]) => ({ name, href }));
  const rank = ({ name }: { name: string }) => {
    const place = LIKELY.indexOf(name.toLowerCase());
    return place < 0 ? LIKELY.length : place;
  };
  return tiffs.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))[0] ?? null;
}

/**
 * How far off an item says that it lies: its horizontal root mean square error in meters, or what bias and
 * standard deviation along both axes make of it; null when it states neither.
 *
 * Source: STAC accuracy extension 1.0.0-beta.1.
 */
export function statedErrorOf({ properties = {} }: StacItem): number | null {
  const rmse = properties['accuracy:geometric_rmse'];
  if (rmse !== undefined) return rmse;
  const x = properties['accuracy:geometric_x_stddev'];
  const y = properties['accuracy:geometric_y_stddev'];
  if (x === undefined || y === undefined) return null;
  const { 'accuracy:geometric_x_bias': east = 0, 'accuracy:geometric_y_bias': north = 0 } =
    properties;
  return Math.hypot(x, y, east, north);
}

/** The outline that an item states, or else its box; null when it states neither. */
export function footprintOfItem({ geometry, bbox }: StacItem): MultiPolygon | null {
  if (geometry) {
    const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const flat = parts.map((rings) =>
      rings.map((points) => points.map(([x, y]): [number, number] => [x, y])),
    );
    return { type: 'MultiPolygon', coordinates: flat };
  }
  if (bbox === undefined) return null;
  const [west, south] = bbox as [number, number];
  const [east, north] = (bbox.length >= 6 ? bbox.slice(3) : bbox.slice(2)) as [number, number];
  // A box whose west is greater than its east goes over the antimeridian (RFC 7946, 5.2).
  const spans =
    west <= east
      ? [[west, east]]
      : [
          [west, 180],
          [-180, east],
        ];
  return {
    type: 'MultiPolygon',
    coordinates: spans.map(([from, to]) => [
      [
        [from!, south],
        [to!, south],
        [to!, north],
        [from!, north],
        [from!, south],
      ],
    ]),
  };
}
