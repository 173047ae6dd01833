import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { mapWindow } from '../../durable/map-window.ts';

/** Of one image, pixels; and of one of them on the ground, meters. */
const SIZE = { width: 64, height: 48 };
const GSD = 0.5;
const FOCAL = 100;
/** Between images along a line, and between lines, meters. */
export interface SurveySpacing {
  along: number;
  across: number;
}
/** Three quarters of an image along its line, and three fifths across, are seen again. */
export const usualSpacing: SurveySpacing = { along: 6, across: 12.8 };
/** So far apart that no image is compared with another, which takes longer than all else of such small images. */
export const wideSpacing: SurveySpacing = { along: 20, across: 28 };
const LINE_LENGTH = 250;
const ORIGIN = { latitude: 48.1, longitude: 11.5 };
const METERS_PER_DEGREE = 111_320;
const SECONDS_APART = 2;
const FOLDER_SIZE = 1000;
const AT_A_TIME = 8;

/**
 * Writes a flight of any size in images as small as images can be: lines there and back over one ground, so that
 * neighbors show the same of it, each with position, attitude and time. As cameras do it, a thousand to a folder.
 */
export async function writeSurveyFlight(
  folder: string,
  images: number,
  spacing: SurveySpacing,
): Promise<void> {
  const indices = Array.from({ length: images }, (_, index) => index);
  for (let card = 0; card * FOLDER_SIZE < images; card++) {
    await mkdir(join(folder, cardOf(card)), { recursive: true });
  }
  await mapWindow(indices, AT_A_TIME, async (index) => {
    const name = `DJI_${String((index % FOLDER_SIZE) + 1).padStart(4, '0')}.JPG`;
    const path = join(folder, cardOf(Math.floor(index / FOLDER_SIZE)), name);
    await writeFile(path, await imageOf(index, spacing));
  });
}

function cardOf(card: number): string {
  return `${String(100 + card)}MEDIA`;
}

function imageOf(index: number, { along, across }: SurveySpacing): Promise<Buffer> {
  const line = Math.floor(index / LINE_LENGTH);
  const step = index % LINE_LENGTH;
  const isBack = line % 2 === 1;
  const east = line * across;
  const north = along * (isBack ? LINE_LENGTH - 1 - step : step);
  const { width, height } = SIZE;
  const samples = new Uint8Array(width * height);
  const sign = isBack ? -1 : 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const x = east + sign * (column - (width - 1) / 2) * GSD;
      const y = north - sign * (row - (height - 1) / 2) * GSD;
      samples[row * width + column] = groundAt(x, y);
    }
  }
  const scale = Math.cos((ORIGIN.latitude * Math.PI) / 180);
  const latitude = ORIGIN.latitude + north / METERS_PER_DEGREE;
  const longitude = ORIGIN.longitude + east / (METERS_PER_DEGREE * scale);
  const taken = new Date(Date.UTC(2026, 4, 4, 8) + index * SECONDS_APART * 1000).toISOString();
  return sharp(samples, { raw: { ...SIZE, channels: 1 } })
    .toColourspace('b-w')
    .withXmp(xmpOf(latitude, longitude, isBack ? 180 : 0))
    .withExif({
      IFD0: { Make: 'Skyloom', Model: 'SurveyCam' },
      IFD2: { DateTimeOriginal: taken.slice(0, 19).replaceAll('-', ':').replace('T', ' ') },
      IFD3: {
        GPSLatitudeRef: 'N',
        GPSLatitude: sexagesimal(latitude),
        GPSLongitudeRef: 'E',
        GPSLongitude: sexagesimal(longitude),
      },
    })
    .jpeg({ quality: 80 })
    .toBuffer();
}

/** Degrees as EXIF has them: whole ones, and the rest in seconds. */
function sexagesimal(degrees: number): string {
  const whole = Math.floor(degrees);
  return `${whole}/1 0/1 ${Math.round((degrees - whole) * 3600 * 1e5)}/100000`;
}

function xmpOf(latitude: number, longitude: number, yaw: number): string {
  const above = (GSD * FOCAL).toFixed(3);
  const fields = {
    GpsLatitude: latitude.toFixed(9),
    GpsLongitude: longitude.toFixed(9),
    AbsoluteAltitude: `+${(500 + GSD * FOCAL).toFixed(3)}`,
    RelativeAltitude: `+${above}`,
    GimbalYawDegree: String(yaw),
    GimbalPitchDegree: '-90',
    GimbalRollDegree: '0',
    CalibratedFocalLength: String(FOCAL),
    CalibratedOpticalCenterX: String(SIZE.width / 2),
    CalibratedOpticalCenterY: String(SIZE.height / 2),
  };
  const attributes = Object.entries(fields).map(([name, value]) => `drone-dji:${name}="${value}"`);
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" ${attributes.join(' ')}/></rdf:RDF></x:xmpmeta>`;
}

/** Brightness of the ground, 40 to 215: noise of four scales, the same whoever looks. */
function groundAt(x: number, y: number): number {
  let sum = 0;
  for (const [scale, weight] of [
    [1, 0.35],
    [3, 0.3],
    [9, 0.2],
    [27, 0.15],
  ] as const) {
    sum += weight * latticeNoise(x / scale, y / scale);
  }
  return 40 + 175 * sum;
}

/** Value noise: hashed at whole numbers, bilinear between them; 0 to 1. */
function latticeNoise(x: number, y: number): number {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - column, y - row];
  const upper = (1 - u) * hashed(column, row) + u * hashed(column + 1, row);
  const lower = (1 - u) * hashed(column, row + 1) + u * hashed(column + 1, row + 1);
  return (1 - v) * upper + v * lower;
}

function hashed(column: number, row: number): number {
  let state = Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1);
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
}
