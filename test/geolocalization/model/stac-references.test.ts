import { describe, expect, it } from '@jest/globals';
import {
  footprintOfItem,
  parseStac,
  referenceAsset,
  statedErrorOf,
} from '../../../geolocalization/model/stac-references.ts';

const item = {
  type: 'Feature' as const,
  id: 'a',
  bbox: [10, 40, 11, 41],
  geometry: null,
  assets: {},
};

describe('parseStac()', () => {
  it('reads an item, a list of items with its next page, and the links of a collection', () => {
    expect(parseStac(item)!.items).toHaveLength(1);
    const next = { rel: 'next', href: 'page-2' };
    const list = { type: 'FeatureCollection', features: [item, { type: 'other' }], links: [next] };
    expect(parseStac(list)).toMatchObject({ items: [{ id: 'a' }], pageLinks: ['page-2'] });
    const links = [
      { rel: 'item', href: './a.json' },
      { rel: 'child', href: './below/catalog.json' },
      { rel: 'items', href: 'https://x.org/items' },
      { rel: 'root', href: '../catalog.json' },
    ];
    expect(parseStac({ type: 'Collection', links })).toEqual({
      items: [],
      itemLinks: ['./a.json'],
      childLinks: ['./below/catalog.json'],
      pageLinks: ['https://x.org/items'],
    });
  });

  it('knows what is none of these', () => {
    expect(parseStac({ hello: 1 })).toBeNull();
    expect(parseStac([item])).toBeNull();
  });
});

describe('referenceAsset()', () => {
  const cog = 'image/tiff; application=geotiff; profile=cloud-optimized';

  it('takes the picture in true color before single bands, and no thumbnail', () => {
    const assets = {
      B02: { href: 'b02.tif', type: cog },
      thumbnail: { href: 'small.tif', type: cog, roles: ['thumbnail'] },
      visual: { href: 'tci.tif', type: cog },
    };
    expect(referenceAsset({ ...item, assets })).toEqual({ name: 'visual', href: 'tci.tif' });
  });

  it('takes the first TIFF by name when none is named so, also without a type', () => {
    const assets = {
      metadata: { href: 'a.xml', type: 'application/xml' },
      z: { href: 'z.tif' },
      m: { href: 'm.TIF?key=1' },
    };
    expect(referenceAsset({ ...item, assets })!.href).toBe('m.TIF?key=1');
    expect(referenceAsset(item)).toBeNull();
  });
});

describe('statedErrorOf()', () => {
  const errorOf = (properties: unknown) =>
    statedErrorOf(parseStac({ ...item, properties })!.items[0]!);

  it('takes the root mean square error before what else there is', () => {
    expect(errorOf({ 'accuracy:geometric_rmse': 3, 'accuracy:geometric_x_stddev': 9 })).toBe(3);
  });

  it('makes one of bias and spread along both axes', () => {
    const spread = { 'accuracy:geometric_x_stddev': 2, 'accuracy:geometric_y_stddev': 1 };
    expect(errorOf(spread)).toBeCloseTo(Math.sqrt(5), 12);
    expect(errorOf({ ...spread, 'accuracy:geometric_x_bias': -2 })).toBe(3);
  });

  it.each([
    [{}],
    [undefined],
    [{ 'accuracy:geometric_rmse': 'good' }],
    [{ 'accuracy:geometric_rmse': -1 }],
    ['x'],
  ])('knows none of %j', (properties) => expect(errorOf(properties)).toBeNull());
});

describe('footprintOfItem()', () => {
  it('takes the outline before the box, and drops heights', () => {
    const ring = [
      [1, 2, 100],
      [3, 2, 100],
      [3, 4, 100],
      [1, 2, 100],
    ] as [number, number, ...number[]][];
    const geometry = { type: 'Polygon' as const, coordinates: [ring] };
    expect(footprintOfItem({ ...item, geometry })!.coordinates[0]![0]![1]).toEqual([3, 2]);
  });

  it('cuts a box at the antimeridian, and knows boxes with heights', () => {
    const parts = footprintOfItem({ ...item, bbox: [179, -10, 0, -179, -9, 500] })!.coordinates;
    expect(parts.map(([ring]) => [ring![0], ring![2]])).toEqual([
      [
        [179, -10],
        [180, -9],
      ],
      [
        [-180, -10],
        [-179, -9],
      ],
    ]);
  });
});
