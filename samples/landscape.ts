import { mixedInteger } from './seeded-random.ts';
import { createNoise } from './value-noise.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { abs, cos, floor, min, sin } = Math;

/** When a scene was taken. Shapes stay, colors change, and crops change their mind. */
export type Season = 'summer' | 'autumn';

/** Colors (red, green, blue; 0 to 255) of a region; meters east and north on the map. */
export type Landscape = (easting: number, northing: number, color: Float64Array) => void;

type Color = readonly [number, number, number];

const CROPS: Record<Season, readonly Color[]> = {
  summer: [
    [98, 122, 70],
    [164, 158, 96],
    [142, 122, 98],
    [74, 104, 60],
    [184, 174, 138],
    [118, 136, 86],
  ],
  autumn: [
    [128, 112, 84],
    [150, 128, 96],
    [104, 92, 74],
    [122, 134, 84],
    [168, 146, 112],
    [112, 100, 78],
  ],
};
const FOREST: Record<Season, Color> = { summer: [40, 68, 38], autumn: [92, 72, 44] };
const TOWN: Color = [150, 142, 138];
const WATER: Record<Season, Color> = { summer: [30, 58, 70], autumn: [40, 52, 58] };
const ROAD: Color = [172, 166, 158];
const [COS, SIN] = [cos(0.3), sin(0.3)];

/** Fields, forests, towns, roads and a river, with detail down to the pixels of a 10 m sensor. */
export function createLandscape(seed: number, season: Season): Landscape {
  const noise = createNoise(seed);
  const hue = season === 'summer' ? 0 : 77;

  function field(across: number, along: number): Color {
    const strip = floor(across / 260);
    const length = 170 + (mixedInteger(strip, 5, seed) % 260);
    const parcel = floor((along + (mixedInteger(strip, 6, seed) % 400)) / length);
    const crops = CROPS[season];
    return crops[mixedInteger(strip * 7919 + parcel, hue, seed) % crops.length]!;
  }

  return (easting, northing, color) => {
    const [x, y] = [easting - 686_000, northing - 5_330_000];
    const bend = 60 * noise(x / 420, y / 420);
    const across = x * COS - y * SIN + bend;
    const along = x * SIN + y * COS + bend;
    const grain = noise(x / 16, y / 16) - 0.5 + 0.7 * (noise(x / 45, y / 45) - 0.5);
    const broad =
      noise(x / 900, y / 900) + 0.5 * noise(x / 260, y / 260) + 0.15 * noise(x / 70, y / 70);
    const settled = noise(x / 1300 + 60, y / 1300 + 60) + 0.25 * noise(x / 200, y / 200 + 9);
    const river = abs(y + 0.22 * x - 700 * sin(x / 2100) - 260 * sin(x / 740));
    const road = min(abs(across + 500 * sin(along / 3000)), abs(along - 900 * sin(across / 4000)));

    if (river < 38 + 30 * noise(x / 150, y / 150))
      return tint(color, WATER[season], 1 + 0.12 * grain);
    if (road < 9) return tint(color, ROAD, 1 + 0.1 * grain);
    if (broad > 1.02) return tint(color, FOREST[season], 1 + 0.75 * grain);
    if (settled > 0.92) {
      const isStreet = abs(((across % 90) + 90) % 90) < 13 || abs(((along % 120) + 120) % 120) < 13;
      return tint(
        color,
        isStreet ? ROAD : TOWN,
        1 + 0.2 * grain + (isStreet ? 0 : 0.7 * (noise(x / 14, y / 14) - 0.5)),
      );
    }
    tint(color, field(across, along), 1 + 0.3 * grain + 0.16 * (noise(x / 120, y / 120) - 0.5));
  };
}

function tint(color: Float64Array, [red, green, blue]: Color, light: number): void {
  color[0] = red * light;
  color[1] = green * light;
  color[2] = blue * light;
}
