import type { Layer, Stamp } from './ground-texture.ts';
import { SHADOW_LENGTH, SUN, shade } from './ground-trees.ts';
import type { LocalPoint } from './local-frame.ts';
import type { SeededRandom } from './seeded-random.ts';
import { roadEasting } from './terrain.ts';
import type { Noise } from './value-noise.ts';

/** A turned rectangle on the ground: meters, and radians counter-clockwise from east. */
export interface Box {
  east: number;
  north: number;
  angle: number;
  halfLength: number;
  halfWidth: number;
}

const ROOFS = [
  [166, 88, 66],
  [148, 76, 60],
  [112, 106, 104],
  [176, 112, 84],
] as const;
const PAINTS = [
  [214, 216, 220],
  [58, 62, 70],
  [150, 40, 38],
  [52, 78, 128],
] as const;

/** A house with a gable roof: one side in the sun, rows of tiles, a chimney-dark ridge, and its shadow. */
export function createHouse(box: Box, random: SeededRandom, noise: Noise): Stamp[] {
  const [red, green, blue] = ROOFS[Math.floor(random.between(0, ROOFS.length))]!;
  // The side that faces the sun is the brighter one, whichever way the house is turned.
  const facing = -Math.sin(box.angle) * SUN[0] + Math.cos(box.angle) * SUN[1];
  const roof: Layer = withinBox(box, (along, across, e, n, color) => {
    const grain = 0.22 * (noise(e * 10, n * 10) - 0.5) + 0.16 * (noise(e, n) - 0.5);
    const tiles =
      0.06 * Math.sin((across * 2 * Math.PI) / 0.36) + 0.03 * Math.sin((along * 2 * Math.PI) / 0.3);
    const ridge = Math.abs(across) < 0.12 ? -0.3 : 0;
    const light = 1 + 0.32 * Math.sign(across) * facing + grain + tiles + ridge;
    color[0] = red * light;
    color[1] = green * light;
    color[2] = blue * light;
  });
  return [...shadowOf(box, 6), { ...boundsOf(box), paint: roof }];
}

/** A car along the road, `lane` meters east of its middle, with dark glass in front and behind. */
export function createCar(lane: number, north: number, random: SeededRandom): Stamp[] {
  const angle = Math.atan2(1, roadEasting(north + 0.5) - roadEasting(north - 0.5));
  const box = { east: roadEasting(north) + lane, north, angle, halfLength: 2.1, halfWidth: 0.85 };
  const body = PAINTS[Math.floor(random.between(0, PAINTS.length))]!;
  const paint = withinBox(box, (along, across, _e, _n, color) => {
    const isGlass = Math.abs(across) < 0.7 && Math.abs(Math.abs(along + 0.1) - 0.95) < 0.28;
    for (let c = 0; c < 3; c++) color[c] = isGlass ? 36 : body[c]!;
  });
  return [...shadowOf(box, 1.4), { ...boundsOf(box), paint }];
}

/** A survey target: black and white quarters of 0.5 m that meet exactly in the surveyed point. */
export function createTarget(point: LocalPoint): Stamp {
  const box = { east: point.east, north: point.north, angle: 0.3, halfLength: 0.5, halfWidth: 0.5 };
  const paint = withinBox(box, (along, across, _e, _n, color) =>
    color.fill(along * across > 0 ? 238 : 22),
  );
  return { ...boundsOf(box), paint };
}

function withinBox(
  box: Box,
  paint: (along: number, across: number, east: number, north: number, color: Float64Array) => void,
): Layer {
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
  return (e, n, color) => {
    const along = (e - box.east) * cos + (n - box.north) * sin;
    const across = (n - box.north) * cos - (e - box.east) * sin;
    if (Math.abs(along) < box.halfLength && Math.abs(across) < box.halfWidth)
      paint(along, across, e, n, color);
  };
}

function shadowOf(box: Box, heightMeters: number): Stamp[] {
  const reach = heightMeters * SHADOW_LENGTH;
  const [cos, sin] = [Math.cos(box.angle), Math.sin(box.angle)];
  const paint: Layer = (e, n, color) => {
    // The box is moved away from the sun in sixteen steps; a place that any of them covers is dark.
    for (let step = 0; step <= 16; step++) {
      const x = e - box.east + (SUN[0] * reach * step) / 16;
      const y = n - box.north + (SUN[1] * reach * step) / 16;
      const isCovered =
        Math.abs(x * cos + y * sin) < box.halfLength && Math.abs(y * cos - x * sin) < box.halfWidth;
      if (isCovered) return shade(color);
    }
  };
  return [{ ...boundsOf(box, reach), paint }];
}

function boundsOf(box: Box, margin = 0) {
  const reach = Math.hypot(box.halfLength, box.halfWidth) + margin;
  return {
    west: box.east - reach,
    east: box.east + reach,
    south: box.north - reach,
    north: box.north + reach,
  };
}
