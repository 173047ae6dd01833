import { describe, expect, it } from '@jest/globals';
import { parseAuxiliary } from '../../../geolocalization/model/auxiliary-file.ts';
import { companionKind, namesBeside } from '../../../geolocalization/model/companion-names.ts';
import { definitionByKeys } from '../../../geolocalization/model/geo-key-definition.ts';
import {
  type CompanionText,
  lacksPlace,
  withCompanions,
} from '../../../geolocalization/model/header-beside.ts';
import { type SceneHeader, silentHeader } from '../../../geolocalization/model/scene-header.ts';
import {
  definitionIn,
  epsgIn,
  unitWithoutSize,
} from '../../../geolocalization/model/stated-definition.ts';
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
    expect(namesBeside('a.tif', 'model').slice(4)).toEqual([
      'a_RPC.TXT',
      'a_rpc.txt',
      'a.RPB',
      'a.tif.msk',
    ]);
    expect(namesBeside('a.tif', 'correction')).toEqual(['a.tif.aux.xml']);
    expect(namesBeside('a.tif', 'corrections')).toEqual(['a.tif.aux.xml', 'a.tif.msk']);
    expect(namesBeside('a.jpg', 'corrections')).toEqual(['a.jpg.aux.xml']);
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
      nodata: [0],
      control: [],
      controlDefinition: null,
    });
  });

  it('says nothing where it holds statistics alone, or numbers that span no area', () => {
    const silent = {
      transform: null,
      definition: null,
      rpc: null,
      nodata: [],
      control: [],
      controlDefinition: null,
    };
    expect(
      parseAuxiliary('<PAMDataset><Metadata><MDI key="A">1</MDI></Metadata></PAMDataset>'),
    ).toEqual(silent);
    expect(parseAuxiliary('<GeoTransform>0,0,0,0,0,0</GeoTransform><SRS></SRS>')).toEqual(silent);
    expect(parseAuxiliary('<GeoTransform>1,2,,4,5,6</GeoTransform>')).toEqual(silent);
  });

  it('has control points with their map, and values for missing data, also those that are no number', () => {
    const { control, controlDefinition, nodata } = parseAuxiliary(`<PAMDataset>
  <GCPList Projection="PROJCS[&quot;A&quot;,AUTHORITY[&quot;EPSG&quot;,&quot;32633&quot;]]" dataAxisToSRSAxisMapping="1,2">
    <GCP Id="1" Info="a &lt; b" Pixel="0.5" Line="1.5" X="5e5" Y="-3" Z="0"/>
    <GCP Y="4" X="1" Line="2" Pixel="3"/>
    <GCP Id="3" Pixel="1" Line="" X="nonsense"/>
  </GCPList>
  <PAMRasterBand band="1"><NoDataValue le_hex_equiv="0000000000001C40"> 7 </NoDataValue></PAMRasterBand>
  <PAMRasterBand band="2"><NoDataValue>nan</NoDataValue></PAMRasterBand>
  <PAMRasterBand band="3"><NoDataValue>many</NoDataValue></PAMRasterBand></PAMDataset>`);
    expect(control.slice(0, 2)).toEqual([
      { column: 0.5, row: 1.5, x: 500_000, y: -3 },
      { column: 3, row: 2, x: 1, y: 4 },
    ]);
    expect(control[2]).toMatchObject({ x: NaN, y: NaN });
    expect(controlDefinition).toBe('PROJCS["A",AUTHORITY["EPSG","32633"]]');
    expect(nodata).toEqual([7, NaN]);
  });
});

/**
 * Each of these was read by GDAL 3.10.3, too, and gave the same transform, map, points and value; but a scene with
 * a transform of its own and points beside it has no map there.
 */
describe('a scene with an .aux.xml beside it', () => {
  const code = (epsg: number) =>
    `PROJCS[&quot;A&quot;,AUTHORITY[&quot;EPSG&quot;,&quot;${epsg}&quot;]]`;
  const transform = '<GeoTransform>500000,10,0,4000000,0,-10</GeoTransform>';
  const srs = `<SRS>${code(32633)}</SRS>`;
  const points = [
    [0.5, 0.5],
    [20, 0],
    [0, 10],
    [20, 10],
  ]
    .map(([p, l]) => `<GCP Pixel="${p}" Line="${l}" X="${5e5 + 10 * p!}" Y="${4e6 - 10 * l!}"/>`)
    .join('');
  const control = `<GCPList Projection="${code(32633)}">${points}</GCPList>`;
  const nodata = '<PAMRasterBand band="1"><NoDataValue>7</NoDataValue></PAMRasterBand>';
  const bare = { ...silentHeader, width: 20, height: 10 };
  const own = {
    ...bare,
    transform: [600_000, 2, 0, 5_000_000, 0, -2] as const,
    crs: { kind: 'epsg', code: 32632 } as const,
  };
  const theirs = [500_000, 10, 0, 4_000_000, 0, -10];
  const withText = (header: SceneHeader, text: string, more: CompanionText[] = []) =>
    withCompanions(header, [...more, { kind: 'auxiliary', name: 'a.tif.aux.xml', text }]);
  const worldFile: CompanionText = {
    kind: 'world-file',
    name: 'a.tfw',
    text: '1\n0\n0\n-1\n0.5\n0.5\n',
  };

  it('takes from it what it lacks', () => {
    expect(withText(bare, srs + transform + nodata)).toMatchObject({
      transform: theirs,
      transformSource: 'auxiliary-file',
      crs: { kind: 'epsg', code: 32633 },
      crsSource: 'projection-file',
      nodata: 7,
      nodataSource: 'auxiliary-file',
      contradictions: [],
      warnings: [],
    });
    const placed = withText(bare, control);
    expect(placed).toMatchObject({ crs: { code: 32633 }, controlSource: 'auxiliary-file' });
    expect(placed.groundControl).toHaveLength(4);
    expect(placed.groundControl[0]).toEqual({ column: 0.5, row: 0.5, x: 500_005, y: 3_999_995 });
  });

  it('takes it before its own tags, and says how far both are apart', () => {
    const header = withText({ ...own, nodata: 0 }, srs + transform + nodata);
    expect(header).toMatchObject({
      transform: theirs,
      crs: { kind: 'epsg', code: 32633 },
      nodata: 7,
    });
    expect(header.contradictions).toEqual([
      'its own transform differs by up to 503000 px from that of "a.tif.aux.xml", which is used as GDAL does',
      'it names EPSG:32632, and "a.tif.aux.xml" EPSG:32633, which is used as GDAL does',
      'its own value for missing data is 0, and that of "a.tif.aux.xml" is 7, which is used as GDAL does',
    ]);
    expect(withText(own, transform)).toMatchObject({ transform: theirs, crs: { code: 32632 } });
    expect(withText(own, srs)).toMatchObject({ transform: own.transform, crs: { code: 32633 } });
  });

  it('keeps its own where both say the same', () => {
    const same = '<GeoTransform>600000,2,0,5000000,0,-2</GeoTransform>';
    const header = withText({ ...own, nodata: 7 }, same + nodata + srs.replace('32633', '32632'));
    expect(header).toMatchObject({
      transformSource: 'file',
      crsSource: 'file',
      contradictions: [],
    });
  });

  it('keeps its transform where the other has points alone, and takes points before its own', () => {
    expect(withText(own, control)).toMatchObject({
      transform: own.transform,
      crs: { kind: 'epsg', code: 32632 },
    });
    const pointsOfItsOwn = { ...bare, groundControl: [{ column: 0, row: 0, x: 1, y: 2 }] };
    expect(withText(pointsOfItsOwn, control).groundControl).toHaveLength(4);
    expect(withText(pointsOfItsOwn, srs + transform)).toMatchObject({ transform: theirs });
  });

  it('takes it before a world file, and its own tags before one, too', () => {
    expect(withText(bare, transform, [worldFile]).transform).toEqual(theirs);
    const header = withCompanions(own, [worldFile]);
    expect(header.transform).toEqual(own.transform);
    expect(header.contradictions).toEqual([
      expect.stringMatching(
        /^its own transform differs by up to \S+ px from that of the world file "a.tfw", which is not used$/,
      ),
    ]);
  });

  it('reads all bands by the value of the first, and says so', () => {
    const second = '<PAMRasterBand band="2"><NoDataValue>9</NoDataValue></PAMRasterBand>';
    const { nodata: value, warnings } = withText(bare, nodata + second);
    expect(value).toBe(7);
    expect(warnings).toEqual([expect.stringContaining('differ between bands: 7 is used for all')]);
  });

  it('lacks a place as long as nothing names both transform and map', () => {
    expect(lacksPlace(bare)).toBe(true);
    expect(lacksPlace({ ...own, crs: { kind: 'none' } })).toBe(true);
    expect(lacksPlace(own)).toBe(false);
  });
});

describe('unitWithoutSize()', () => {
  it.each([
    ['PROJCS["A",GEOGCS["B",UNIT["degree",0.0174532925199433]],UNIT["zork",0]]', 'zork'],
    ['PROJCS["A",UNIT["furlong"]]', 'furlong'],
    ['PROJCRS["A",CS[Cartesian,2],LENGTHUNIT["zork",abc]]', 'zork'],
    ['PROJCRS["A",ANGLEUNIT[ "turn" , -6.28 , ID["EPSG",1]]]', 'turn'],
    ['PROJCRS["A",LENGTHUNIT["smoot",1.7018],AXIS["UNIT",east]]', null],
    ['PROJCS["A",UNIT["US survey foot",0.304800609601219,AUTHORITY["EPSG","9003"]]]', null],
    ['+proj=utm +zone=32 +units=m', null],
  ])('of %s is %s', (definition, unit) => {
    expect(unitWithoutSize(definition)).toBe(unit);
  });

  it('keeps a system from placing a scene', () => {
    const text = 'PROJCS["A",GEOGCS["B"],UNIT["zork",0]]';
    const header = withCompanions(silentHeader, [{ kind: 'projection', name: 'a.prj', text }]);
    expect(header.crs).toEqual({ kind: 'none' });
    expect(header.warnings).toEqual([
      'the reference system in "a.prj" is not used as its unit "zork" states no size',
    ]);
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
