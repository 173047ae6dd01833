import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';

/** An image as ingestion hands it on: nadir, 100 m above ground, 5 cm a pixel; what a test needs is replaced. */
export function flightImage(
  name: string,
  description: Partial<ImageDescription> = {},
  image: Partial<FlightImage> = {},
): FlightImage {
  return {
    name,
    file: { sha256: sha256Of(name), bytes: 1000, mediaType: 'image/jpeg' },
    usable: true,
    findings: [],
    description: {
      format: 'jpeg',
      width: 400,
      height: 300,
      orientation: 1,
      make: 'Skyloom',
      model: 'TestCam',
      capturedAt: '2026-05-04T10:00:00',
      position: {
        latitude: 48.1,
        longitude: 11.5,
        altitude: 600,
        source: 'xmp',
        sdHorizontal: 0.02,
        sdVertical: 0.03,
        rtkFlag: 50,
      },
      attitude: { yaw: 0, pitch: -90, roll: 0 },
      relativeAltitude: 100,
      focalPixels: 2000,
      focalSource: 'test',
      measures: {
        blur: 0.25,
        laplacianVariance: 0.01,
        meanLuminance: 0.45,
        percentile1: 0.05,
        percentile99: 0.9,
        clipLow: 0,
        clipHigh: 0,
        entropy: 7,
      },
      thumbnail: null,
      ...description,
    },
    ...image,
  };
}

/** A digest that differs with the name, without hashing. */
function sha256Of(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64);
}
