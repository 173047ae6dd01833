import type { GroundControl } from '../../contracts/scene-placement.ts';
import type { Geotransform } from './affine.ts';
import type { BandWavelengths } from './band-wavelengths.ts';
import type { RationalPolynomials } from './rpc/rational-polynomials.ts';

/** Which coordinate reference system a file names. */
export type StatedCrs =
  | { kind: 'none' }
  | { kind: 'epsg'; code: number }
  /** WKT or a PROJ string that stands for itself. */
  | { kind: 'definition'; definition: string; name: string | null }
  | { kind: 'user-defined'; name: string | null };

/** What an image says of its place by its header and the files beside it; the pixels are not looked at. */
export interface SceneHeader {
  width: number | null;
  height: number | null;
  bands: number | null;
  /** Null when the file tells of no band. */
  wavelengths: BandWavelengths | null;
  transform: Geotransform | null;
  /** Whether the file states one whose pixels have no area, or whose numbers are none. */
  hasFlatTransform: boolean;
  transformSource: 'file' | 'auxiliary-file' | 'world-file';
  crs: StatedCrs;
  /** Where the reference system was found. */
  crsSource: 'file' | 'projection-file';
  /** Of the whole scene: a chip's offset is not taken off yet. */
  rpc: { model: RationalPolynomials; source: string } | null;
  /** A sentence for each file or tag with rational polynomials that cannot be used. */
  rpcFaults: string[];
  /** A sentence for each thing that the file and those beside it say differently. */
  contradictions: string[];
  /** Tiepoints that make no transform. */
  groundControl: readonly GroundControl[];
  controlSource: 'file' | 'auxiliary-file';
  nodata: number | null;
  nodataSource: 'file' | 'auxiliary-file';
  /** Longitude and latitude of the camera: a point, and no place of the pixels. */
  point: readonly [longitude: number, latitude: number] | null;
  warnings: string[];
}

/** Of a file that says nothing. */
export const silentHeader: SceneHeader = {
  width: null,
  height: null,
  bands: null,
  wavelengths: null,
  transform: null,
  hasFlatTransform: false,
  transformSource: 'file',
  crs: { kind: 'none' },
  crsSource: 'file',
  rpc: null,
  rpcFaults: [],
  contradictions: [],
  groundControl: [],
  controlSource: 'file',
  nodata: null,
  nodataSource: 'file',
  point: null,
  warnings: [],
};
