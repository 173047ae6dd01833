import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';

const HEIGHT_METERS = 60;
const ORIGIN = { latitude: 48.1, longitude: 11.5 };

/**
 * Writes a flight of textured images, each different, with poses and surveyed points marked in them;
 * `megapixels` makes their work longer. The marks are not where the points are: what matters is that
 * residuals are there, and are the same each time.
 */
export async function writeTexturedFlight(
  folder: string,
  count: number,
  megapixels: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  const height = Math.round((width * 3) / 4);
  await writeFile(join(folder, 'gcp_list.txt'), controlOf(count, width, height));
  for (let index = 0; index < count; index++) {
    const small = noise(index + 1, 64, 48);
    const image = sharp(small, { raw: { width: 64, height: 48, channels: 3 } });
    await tagged(image.resize(width, height, { kernel: 'nearest' }), index, width)
      .jpeg({ quality: 80 })
      .toFile(join(folder, nameOf(index)));
  }
}

/** With the tags that a camera on an aircraft writes. */
export function tagged(image: Sharp, index: number, width: number): Sharp {
  return image.withXmp(poseOf(index, width)).withExif({
    IFD0: { Make: 'Skyloom', Model: 'TestCam' },
    IFD3: {
      GPSLatitudeRef: 'N',
      GPSLatitude: `48/1 6/1 ${index}/100`,
      GPSLongitudeRef: 'E',
      GPSLongitude: '11/1 30/1 0/1',
    },
  });
}

/** The pose of an image, with DJI's names: two meters further north than the one before. */
function poseOf(index: number, width: number): string {
  const fields = {
    GpsLatitude: (ORIGIN.latitude + index * 1.8e-5).toFixed(9),
    GpsLongitude: ORIGIN.longitude.toFixed(9),
    AbsoluteAltitude: `+${560 + HEIGHT_METERS}.000`,
    RelativeAltitude: `+${HEIGHT_METERS}.000`,
    GimbalYawDegree: '+0.00',
    GimbalPitchDegree: '-90.00',
    GimbalRollDegree: '+0.00',
    CalibratedFocalLength: String(width),
    CalibratedOpticalCenterX: String(width / 2),
    CalibratedOpticalCenterY: String((width * 3) / 8),
  };
  const attributes = Object.entries(fields).map(([name, value]) => `drone-dji:${name}="${value}"`);
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" ${attributes.join(' ')}/></rdf:RDF></x:xmpmeta>`;
}

/** Five points, each marked in every second image. */
function controlOf(count: number, width: number, height: number): string {
  const rows = Array.from({ length: 5 }, (_, point) =>
    Array.from({ length: count }, (__, index) => {
      if ((index + point) % 2 === 1) return [];
      const place = [ORIGIN.longitude + point * 1e-5, ORIGIN.latitude + point * 2e-5, 560 + point];
      const pixel = [(0.2 + 0.15 * point) * width, (0.9 - 0.03 * index) * height];
      return `${place.map((value) => value.toFixed(8)).join(' ')} ${pixel.map((value) => value.toFixed(2)).join(' ')} ${nameOf(index)} P${point + 1}`;
    }).flat(),
  );
  return ['EPSG:4326', ...rows.flat(), ''].join('\n');
}

function nameOf(index: number): string {
  return `IMG_${String(index + 1).padStart(4, '0')}.JPG`;
}

/** Repeatable noise by a linear congruential generator. */
function noise(seed: number, width: number, height: number): Buffer {
  let state = seed * 2654435761;
  return Buffer.from(
    Array.from({ length: width * height * 3 }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return 40 + (state >>> 24) * 0.7;
    }),
  );
}
