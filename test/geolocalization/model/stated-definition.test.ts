import { describe, expect, it } from '@jest/globals';
import { companionKind } from '../../../geolocalization/model/companion-names.ts';
import { definitionByKeys } from '../../../geolocalization/model/geo-key-definition.ts';
import { definitionIn, epsgIn } from '../../../geolocalization/model/stated-definition.ts';
import { parseWorldFile, worldFileText } from '../../../geolocalization/model/world-file.ts';

const WKT = 'PROJCS["a ] b",GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32632"]]';

describe('definitionIn()', () => {
  it('cuts WKT out of a longer text, up to the bracket that closes it', () => {
    expect(definitionIn(`ESRI PE String = ${WKT}|tail`)).toBe(WKT);
  });

  it('takes a PROJ string, and nothing else', () => {
    expect(definitionIn('+proj=utm +zone=32 +datum=WGS84\n')).toBe(
      '+proj=utm +zone=32 +datum=WGS84',
    );
    expect(definitionIn('UTM zone 32')).toBeNull();
    expect(definitionIn('PROJCS["never closed"')).toBeNull();
  });
});

describe('epsgIn()', () => {
  it('takes the code of the whole, not that of a part', () => {
    expect(epsgIn(WKT)).toBe(32632);
    expect(epsgIn('PROJCS["x",GEOGCS["y",AUTHORITY["EPSG","4326"]]]')).toBeNull();
  });
});

describe('definitionByKeys()', () => {
  it('spells out a transverse Mercator projection of WGS 84', () => {
    const keys = {
      ProjCoordTransGeoKey: 1,
      ProjLinearUnitsGeoKey: 9001,
      ProjNatOriginLatGeoKey: 0,
      ProjNatOriginLongGeoKey: 25,
      ProjScaleAtNatOriginGeoKey: 1,
      ProjFalseEastingGeoKey: 0,
      ProjFalseNorthingGeoKey: 0,
      GeogGeodeticDatumGeoKey: 6326,
    };
    expect(definitionByKeys(keys)).toBe(
      '+proj=tmerc +lat_0=0 +lon_0=25 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m',
    );
  });

  it('refuses a figure of the earth that it does not know', () => {
    expect(definitionByKeys({ ProjCoordTransGeoKey: 1, GeogEllipsoidGeoKey: 7004 })).toBeNull();
    expect(definitionByKeys({ GeographicTypeGeoKey: 4326 })).toBeNull();
  });
});

describe('companionKind()', () => {
  it.each([
    ['a.tif', 'a.tfw', 'world-file'],
    ['a.tif', 'A.TFW', 'world-file'],
    ['a.png', 'a.pgw', 'world-file'],
    ['a.jpg', 'a.wld', 'world-file'],
    ['a.tif', 'a.prj', 'projection'],
    ['a.tif', 'a_RPC.TXT', 'rpc'],
    ['a.tif', 'a.RPB', 'rpc'],
    ['a.tif', 'a.geom', 'rpc'],
    ['IMG_PHR1B_X_001_R1C1.TIF', 'RPC_PHR1B_X_001.XML', 'rpc'],
    ['a.tif', 'b.tfw', null],
    ['a.tif', 'a.jgw', null],
    ['a.tif', 'a.txt', null],
    ['a.tif', 'a.tif', null],
  ])('of %s, takes %s for %s', (scene, name, kind) => {
    expect(companionKind(scene, name)).toBe(kind);
  });
});

describe('parseWorldFile()', () => {
  it('gives the value of its own example, and comes back from worldFileText()', () => {
    const transform = [681_000, 10, 0, 5_335_560, 0, -10] as const;
    expect(parseWorldFile('10\n0\n0\n-10\n681005\n5335555\n')).toEqual(transform);
    const rotated = [100, 3, 0.5, 200, -0.25, -3] as const;
    expect(parseWorldFile(worldFileText(rotated))).toEqual(rotated);
  });

  it('refuses what is no six numbers, or spans no area', () => {
    expect(parseWorldFile('10\n0\n0\n-10\n681005')).toBeNull();
    expect(parseWorldFile('1\n1\n1\n1\n0\n0')).toBeNull();
    expect(parseWorldFile('a\n0\n0\n-10\n1\n1')).toBeNull();
  });
});
