import { describe, expect, it } from '@jest/globals';
import { parseAuxiliary } from '../../../geolocalization/model/auxiliary-file.ts';
import { companionKind, namesBeside } from '../../../geolocalization/model/companion-names.ts';
import { definitionByKeys } from '../../../geolocalization/model/geo-key-definition.ts';
import { lacksPlace, withCompanions } from '../../../geolocalization/model/header-beside.ts';
import { silentHeader } from '../../../geolocalization/model/scene-header.ts';
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
    ['a.tif', 'a.tif.aux.xml', 'auxiliary'],
    ['a.tif', 'a.aux.xml', null],
    ['a.tif', 'a.tif.msk', 'mask'],
    ['a.tif', 'a.msk', null],
    ['a.jpg', 'a.jpg.msk', null],
    ['a.tif', 'b.tfw', null],
    ['a.tif', 'a.jgw', null],
    ['a.tif', 'a.txt', null],
    ['a.tif', 'a.tif', null],
  ])('of %s, takes %s for %s', (scene, name, kind) => {
    expect(companionKind(scene, name)).toBe(kind);
  });
});

describe('namesBeside()', () => {
  it('are few, the likelier first, in the case of the scene', () => {
    expect(namesBeside('a.tif', 'place')).toEqual(['a.tif.aux.xml', 'a.tfw', 'a.wld', 'a.prj']);
    expect(namesBeside('A.B.TIF', 'place')).toEqual([
      'A.B.TIF.aux.xml',
      'A.B.TFW',
      'A.B.WLD',
      'A.B.PRJ',
    ]);
    expect(namesBeside('a.tif', 'model').slice(4)).toEqual(['a_RPC.TXT', 'a_rpc.txt', 'a.RPB']);
  });
});

describe('parseAuxiliary()', () => {
  const file = `<PAMDataset>
  <SRS dataAxisToSRSAxisMapping="1,2">PROJCS[&quot;A &amp; B&quot;,AUTHORITY[&quot;EPSG&quot;,&quot;32632&quot;]]</SRS>
  <GeoTransform>  6.81e+05,  1.0e+01,  0.0, 5.33556e+06,  0.0, -1.0e+01</GeoTransform>
  <Metadata domain="RPC"><MDI key="LINE_OFF">5</MDI><MDI key="LINE_NUM_COEFF"> 1 2  3</MDI></Metadata>
  <PAMRasterBand band="1"><NoDataValue>0</NoDataValue></PAMRasterBand>
</PAMDataset>`;

  it('has a transform from outer corners, a map, and rational polynomials', () => {
    expect(parseAuxiliary(file)).toEqual({
      transform: [681_000, 10, 0, 5_335_560, 0, -10],
      definition: 'PROJCS["A & B",AUTHORITY["EPSG","32632"]]',
      rpc: 'LINE_OFF: 5\nLINE_NUM_COEFF_1: 1\nLINE_NUM_COEFF_2: 2\nLINE_NUM_COEFF_3: 3',
      hasNodata: true,
      hasControl: false,
    });
  });

  it('says nothing where it holds statistics alone, or numbers that span no area', () => {
    const silent = {
      transform: null,
      definition: null,
      rpc: null,
      hasNodata: false,
      hasControl: false,
    };
    expect(
      parseAuxiliary('<PAMDataset><Metadata><MDI key="A">1</MDI></Metadata></PAMDataset>'),
    ).toEqual(silent);
    expect(parseAuxiliary('<GeoTransform>0,0,0,0,0,0</GeoTransform><SRS></SRS>')).toEqual(silent);
    expect(parseAuxiliary('<GeoTransform>1,2,,4,5,6</GeoTransform>')).toEqual(silent);
  });

  it('counts before a world file, and after the file itself', () => {
    const companions = [
      { kind: 'world-file', name: 'a.tfw', text: '1\n0\n0\n-1\n0\n0\n' },
      { kind: 'auxiliary', name: 'a.tif.aux.xml', text: file },
    ] as const;
    const bare = { ...silentHeader, width: 9, height: 9 };
    const header = withCompanions(bare, companions);
    expect(header).toMatchObject({
      transformSource: 'auxiliary-file',
      transform: [681_000, 10, 0, 5_335_560, 0, -10],
      crs: { kind: 'epsg', code: 32632 },
      crsSource: 'projection-file',
      warnings: [
        expect.stringMatching(/^the value for missing data in "a.tif.aux.xml" is not used/),
      ],
    });
    const own = { ...bare, transform: [1, 2, 0, 3, 0, -2] as const };
    expect(withCompanions(own, companions).transform).toEqual(own.transform);
    expect(lacksPlace(bare)).toBe(true);
    expect(lacksPlace(own)).toBe(true);
    expect(lacksPlace({ ...own, crs: { kind: 'epsg', code: 1 } })).toBe(false);
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
