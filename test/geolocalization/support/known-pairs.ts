import { resampleFinely } from '../../../maths/fine-resample.ts';
import { cutRaster, type Raster } from '../../../maths/raster.ts';
import { randomNumbers } from '../../../maths/seeded-random.ts';
import { createScenePixels, paintScene, SAMPLE_SCENE } from '../../../samples/scene.ts';
import { ground } from '../model/registration/ground.ts';

/** Two looks at one place, and by how many pixels content of the second is off: right and down. */
export interface PairOfKnownShift {
  reference: Raster;
  target: Raster;
  truth: { x: number; y: number };
}

type Random = () => number;

/** Of the size: the largest shift, and of the pixels: the most that clouds cover. */
const REACH = 0.25;
const CLOUDED = 0.3;

/** Ground of noise, whose second look swaps light and dark here and there, under haze, noise and clouds. */
export function groundPair(seed: string, side = 192): PairOfKnownShift {
  const random = randomNumbers(seed);
  const margin = Math.ceil(REACH * side) + 4;
  const whole = ground(seed, side + 2 * margin);
  const window = { x: margin, y: margin, width: side, height: side };
  const truth = someShift(random, side);
  const moved = resampleFinely(whole, window, (x, y) => ({
    x: x + margin - truth.x,
    y: y + margin - truth.y,
  }));
  return { reference: cutRaster(whole, window), target: seenAgain(moved, random), truth };
}

/** Fields, woods and towns in autumn and in summer, light and dark swapped in some, under clouds. */
export function seasonPair(seed: string, side = 192): PairOfKnownShift {
  const random = randomNumbers(seed);
  const truth = someShift(random, side);
  const { pixelMeters, west, north } = SAMPLE_SCENE;
  const place = {
    ...SAMPLE_SCENE,
    seed: Math.floor(1e6 * random()),
    columns: side,
    rows: side,
    west: west + Math.floor(8000 * random()),
    north: north - Math.floor(8000 * random()),
  };
  const autumn = gray({ ...place, season: 'autumn', shiftEast: 0, shiftNorth: 0 });
  const shift = { shiftEast: truth.x * pixelMeters, shiftNorth: -truth.y * pixelMeters };
  const summer = gray({ ...place, season: 'summer', ...shift });
  return { reference: autumn, target: swappedAndClouded(summer, random), truth };
}

/** Noise, or other ground that was seen again. */
export function unrelatedPair(seed: string, side = 192): { reference: Raster; target: Raster } {
  const random = randomNumbers(seed);
  const target =
    random() < 0.5 ? whiteNoise(side, random) : seenAgain(ground(`${seed} other`, side), random);
  return { reference: ground(seed, side), target };
}

/** Light and dark swapped in three of ten, and clouds on up to 30 % of the pixels. */
export function swappedAndClouded(raster: Raster, random: Random): Raster {
  const values = Float64Array.from(raster.values);
  const least = values.reduce((low, value) => Math.min(low, value));
  const most = values.reduce((high, value) => Math.max(high, value));
  if (random() < 0.3) values.forEach((value, pixel) => (values[pixel] = least + most - value));
  paintClouds(values, raster.width, random, most + 0.3 * (most - least));
  return { ...raster, values };
}

/** A shift of any direction, up to a quarter of the side. */
export function someShift(random: Random, side: number): { x: number; y: number } {
  const angle = 2 * Math.PI * random();
  const length = REACH * side * random();
  return { x: length * Math.cos(angle), y: length * Math.sin(angle) };
}

/** By another sensor: other light, noise, and some squares as fields that were tilled. */
function seenAgain({ width: side, values: seen }: Raster, random: Random): Raster {
  const gain = random() < 0.3 ? -0.8 : 0.7 + 0.6 * random();
  const values = Float64Array.from(seen, (value) => 500 + gain * value + 12 * (random() - 0.5));
  const fields = Math.floor(6 * random());
  for (let field = 0; field < fields; field++) {
    const [left, top] = [Math.floor(random() * side), Math.floor(random() * side)];
    const size = 12 + Math.floor(20 * random());
    const tone = 200 * (random() - 0.5);
    for (let row = top; row < Math.min(side, top + size); row++) {
      for (let column = left; column < Math.min(side, left + size); column++) {
        const pixel = row * side + column;
        values[pixel] = 500 - 0.5 * (values[pixel]! - 500) + tone;
      }
    }
  }
  paintClouds(values, side, random, 1000);
  return { width: side, height: side, values, valid: null };
}

/** White discs until a share of the pixels is covered. */
function paintClouds(values: Float64Array, side: number, random: Random, white: number): void {
  const wanted = CLOUDED * random() * values.length;
  const covered = new Uint8Array(values.length);
  for (let count = 0; count < wanted;) {
    const [x, y] = [random() * side, random() * side];
    const radius = side * (0.03 + 0.08 * random());
    for (let row = Math.max(0, Math.ceil(y - radius)); row < Math.min(side, y + radius); row++) {
      const [from, to] = [Math.max(0, Math.ceil(x - radius)), Math.min(side, x + radius)];
      for (let column = from; column < to; column++) {
        const pixel = row * side + column;
        if (Math.hypot(column - x, row - y) > radius || covered[pixel] === 1) continue;
        covered[pixel] = 1;
        count++;
        values[pixel] = white;
      }
    }
  }
}

function gray(design: typeof SAMPLE_SCENE): Raster {
  const { columns: width, rows: height } = design;
  const pixels = createScenePixels(design);
  paintScene(pixels, design, 0, height);
  const values = Float64Array.from(
    { length: width * height },
    (_, pixel) => (pixels[3 * pixel]! + pixels[3 * pixel + 1]! + pixels[3 * pixel + 2]!) / 3,
  );
  return { width, height, values, valid: null };
}

function whiteNoise(side: number, random: Random): Raster {
  const values = Float64Array.from({ length: side ** 2 }, random);
  return { width: side, height: side, values, valid: null };
}
