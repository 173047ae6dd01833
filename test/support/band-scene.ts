import {
  ASCII,
  asciiOf,
  directoryAt,
  DOUBLE,
  LONG,
  SHORT,
  type TiffField,
  tiffStart,
} from '../../maths/tiff-fields.ts';
import { type PatchScene, patchPixels } from './tiled-reference.ts';

/** Ground that no other band shows. */
const ELSEWHERE = 200_000;

/** A scene of which each band shows the patchy ground, or one of its own. */
export interface BandScene extends PatchScene {
  /** The ground of each band: 0 is that of the place, others lie elsewhere. */
  grounds: readonly number[];
  /** GDAL's metadata, as tag 42112 holds them. */
  metadata?: string;
}

/** As an uncompressed GeoTIFF of one strip, EPSG:32632. */
export function bandScene({ grounds, metadata, ...scene }: BandScene): Buffer {
  const { columns, rows, pixelMeters, west, north } = scene;
  const form = { isBig: false, alignment: 8 };
  const count = grounds.length;
  const start = tiffStart(0, form).length;
  const pixels = new Uint8Array(columns * rows * count);
  grounds.forEach((ground, band) => {
    const values = patchPixels({
      ...scene,
      shiftEast: (scene.shiftEast ?? 0) + ground * ELSEWHERE,
    });
    for (let pixel = 0; pixel < columns * rows; pixel++) {
      pixels[pixel * count + band] = values[3 * pixel]!;
    }
  });
  const fields: TiffField[] = [
    [256, LONG, [columns]],
    [257, LONG, [rows]],
    [258, SHORT, grounds.map(() => 8)],
    [259, SHORT, [1]],
    [262, SHORT, [1]],
    [273, LONG, [start]],
    [277, SHORT, [count]],
    [278, LONG, [rows]],
    [279, LONG, [pixels.length]],
    [284, SHORT, [1]],
    ...(count === 1 ? [] : [[338, SHORT, grounds.slice(1).map(() => 0)] as const]),
    [33550, DOUBLE, [pixelMeters, pixelMeters, 0]],
    [33922, DOUBLE, [0, 0, 0, west, north, 0]],
    [34735, SHORT, [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32632]],
    ...(metadata === undefined ? [] : [[42112, ASCII, asciiOf(metadata)] as const]),
  ];
  const end = Math.ceil((start + pixels.length) / 8) * 8;
  const file = Buffer.alloc(end);
  file.set(tiffStart(end, form));
  file.set(pixels, start);
  return Buffer.concat([file, directoryAt(end, fields, form)]);
}

/** As GDAL writes the domain IMAGERY of each band. */
export function imageryMetadata(wavelengths: readonly number[]): string {
  const items = wavelengths.map(
    (wavelength, band) =>
      `  <Item name="CENTRAL_WAVELENGTH_UM" sample="${band}" domain="IMAGERY">${wavelength}</Item>\n`,
  );
  return `<GDALMetadata>\n${items.join('')}</GDALMetadata>\n`;
}
