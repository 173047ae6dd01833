import type { Stamp } from './ground-texture.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Noise } from './value-noise.ts';

/** East and north of the sun, a unit vector: a summer morning, and so shadows fall to the northwest. */
export const SUN = [0.87, -0.49] as const;
/** Length of a shadow for each meter of height. */
export const SHADOW_LENGTH = 0.9;

const SHADOW = [0.42, 0.46, 0.56] as const;

/** Darkens a place as a shadow does: blue keeps most, as the sky still lights it. */
export function shade(color: Float64Array): void {
  color[0]! *= SHADOW[0];
  color[1]! *= SHADOW[1];
  color[2]! *= SHADOW[2];
}

const around = (east: number, north: number, reach: number) => ({
  west: east - reach,
  east: east + reach,
  south: north - reach,
  north: north + reach,
});

/** A round crown of leaves with its shadow; painted flat, so that the ground's height stays exact. */
export function createTree(
  east: number,
  north: number,
  random: SeededRandom,
  noise: Noise,
): Stamp[] {
  const radius = random.between(1.1, 3.4);
  const [red, green, blue] = [
    random.between(62, 88),
    random.between(82, 102),
    random.between(46, 58),
  ];
  const lumpy = (e: number, n: number) => radius * (0.72 + 0.5 * noise(e * 1.1, n * 1.1));
  const fall = radius * 1.3 * SHADOW_LENGTH;
  const [shadowEast, shadowNorth] = [east - SUN[0] * fall, north - SUN[1] * fall];
  const shadow: Stamp = {
    ...around(shadowEast, shadowNorth, radius * 1.3),
    paint: (e, n, color) => {
      if (Math.hypot(e - shadowEast, n - shadowNorth) < lumpy(e + 50, n)) shade(color);
    },
  };
  const crown: Stamp = {
    ...around(east, north, radius * 1.3),
    paint: (e, n, color) => {
      if (Math.hypot(e - east, n - north) > lumpy(e, n)) return;
      const sunny = ((e - east) * SUN[0] + (n - north) * SUN[1]) / radius;
      const leaves = noise(e * 2.4, n * 2.4) - 0.5 + 1.1 * (noise(e * 8, n * 8) - 0.5);
      const light = Math.max(0.3, 0.95 + 0.3 * sunny + 0.85 * leaves);
      color[0] = red * light;
      color[1] = green * light;
      color[2] = blue * light;
    },
  };
  return [shadow, crown];
}
