import { writeFile } from 'node:fs/promises';
import { tiledTiff } from '../../geolocalization/io/write-tiled-tiff.ts';
import type { TiledTiffDesign } from '../../geolocalization/model/tiled-tiff.ts';
import { patchTone } from './tiled-reference.ts';

/** A scene of the patchy ground in any kind of numbers, place and map. */
export interface MadeScene {
  columns: number;
  rows: number;
  /** From the outer corner of a pixel to the ground, EPSG:32632. */
  groundOf: (column: number, row: number) => readonly [x: number, y: number];
  transform: TiledTiffDesign['transform'];
  map?: TiledTiffDesign['map'];
  kind?: 'uint8' | 'uint16' | 'float32';
  bands?: number;
  nodata?: number | null;
  /** What a pixel holds whose ground has a tone from 0 to 255; by default the tone itself. */
  holds?: (tone: number, column: number, row: number) => number;
}

const kinds = {
  uint8: { format: 1, bits: 8, Kind: Uint8Array },
  uint16: { format: 1, bits: 16, Kind: Uint16Array },
  float32: { format: 3, bits: 32, Kind: Float32Array },
} as const;

export async function writeMadeScene(path: string, scene: MadeScene): Promise<void> {
  const { columns, rows, transform, map = { epsg: 32632, isGeographic: false } } = scene;
  const { kind = 'uint8', bands = 1, nodata = null, groundOf, holds = (tone) => tone } = scene;
  const { Kind, ...numbers } = kinds[kind];
  const design = { width: columns, height: rows, transform, map, bands, nodata, ...numbers };
  const chunks: Uint8Array[] = [];
  const read = async (window: { y: number; width: number; height: number }) => {
    const values = new Kind(window.width * window.height);
    for (let pixel = 0; pixel < values.length; pixel++) {
      const [column, row] = [pixel % columns, window.y + Math.floor(pixel / columns)];
      values[pixel] = holds(patchTone(...groundOf(column + 0.5, row + 0.5)), column, row);
    }
    return Array.from({ length: bands }, () => values);
  };
  for await (const chunk of tiledTiff(design, read)) chunks.push(chunk);
  await writeFile(path, Buffer.concat(chunks));
}
