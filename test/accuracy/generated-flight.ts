import { type Camera, isInImage, type Pose, project, simpleCamera } from '../../maths/camera.ts';
import { gimbalRotation, type Vector3 } from '../../maths/rotation.ts';

/** Numbers in [0, 1), the same for a seed on every machine: mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number of the normal distribution with sigma 1. */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface GeneratedFlight {
  camera: Camera;
  images: { name: string; pose: Pose }[];
  points: { name: string; position: Vector3 }[];
  /** Every point in every image that shows it, without error unless noise was asked for. */
  observations: { point: string; image: string; pixel: [number, number] }[];
}

/**
 * A flight 80 m above hilly ground in lines to and fro, with 75 % overlap forward and 60 % sideways, and
 * gimbal angles that wander by a degree.
 */
export function generateFlight(wanted: {
  seed: number;
  lines: number;
  imagesPerLine: number;
  points: number;
  relief?: number;
  pixelNoise?: number;
}): GeneratedFlight {
  const { lines, imagesPerLine, relief = 5, pixelNoise = 0 } = wanted;
  const random = randomNumbers(wanted.seed);
  const distortion = { k1: -0.05, k2: 0.01, k3: 0, p1: 0, p2: 0 };
  const camera = simpleCamera({ columns: 480, rows: 360, focalPixels: 420, distortion });
  const [forward, sideways] = [(80 * 360 * 0.25) / 420, (80 * 480 * 0.4) / 420];
  const images = Array.from({ length: lines * imagesPerLine }, (_, index) => {
    const line = Math.floor(index / imagesPerLine);
    const back = line % 2 === 1;
    const place = back ? imagesPerLine - 1 - (index % imagesPerLine) : index % imagesPerLine;
    const center: Vector3 = [
      line * sideways + normal(random),
      place * forward + normal(random),
      80 + normal(random),
    ];
    const rotation = gimbalRotation({
      yaw: (back ? 180 : 0) + normal(random),
      pitch: -90 + normal(random),
      roll: normal(random),
    });
    return { name: `IMG_${String(index + 1).padStart(4, '0')}.JPG`, pose: { center, rotation } };
  });
  const points = Array.from({ length: wanted.points }, (_, index) => ({
    name: `P${index + 1}`,
    position: [
      (random() * (lines + 1) - 1) * sideways,
      (random() * (imagesPerLine + 1) - 1) * forward,
      relief * normal(random) * 0.7,
    ] as const,
  }));
  const observations = points.flatMap(({ name, position }) =>
    images.flatMap((image) => {
      const pixel = project(camera, image.pose, position);
      if (pixel === null || !isInImage(camera, pixel)) return [];
      const noisy: [number, number] = [
        pixel[0] + pixelNoise * normal(random),
        pixel[1] + pixelNoise * normal(random),
      ];
      return [{ point: name, image: image.name, pixel: noisy }];
    }),
  );
  return { camera, images, points, observations };
}
