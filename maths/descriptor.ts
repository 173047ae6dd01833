import type { ImageSlopes } from './smooth-image.ts';

/** Looked up once: in a sandbox, such as that of the tests, a global costs more than the sum. */
const { atan2, exp, floor, min, PI, round, sqrt } = Math;

/** Cells a side, and directions that a cell tells apart. */
const CELLS = 4;
const DIRECTIONS = 8;
/** Numbers in a descriptor. */
export const DESCRIPTOR_SIZE = CELLS * CELLS * DIRECTIONS;
/** Samples along one side of a cell. */
const SAMPLES = 4;
const SIDE = CELLS * SAMPLES;
/** Of a length of 1, what one number may hold: a bright edge then does not stand for all. */
const MOST_SHARE = 0.2;
const SCALE = 512;

const falloff = Float64Array.from({ length: SIDE * SIDE }, (_, index) => {
  const x = (index % SIDE) - (SIDE - 1) / 2;
  const y = floor(index / SIDE) - (SIDE - 1) / 2;
  return exp(-(x * x + y * y) / (2 * (SIDE / 2) ** 2));
});

/**
 * What the surroundings of a place look like, such that it can be found again in another image: how much
 * the gray values rise in eight directions, in four by four cells, at unit length.
 *
 * Source: D. Lowe, "Distinctive image features from scale-invariant keypoints", International Journal of
 * Computer Vision 60, 2004. Here the directions are counted from an axis that the caller knows.
 *
 * @param axis unit vector in the image, pixels right and down, that stands for the first axis.
 * @param step pixels between two of the 16 x 16 samples.
 * @param out where the 128 numbers, 0 to 255, are written to.
 */
export function describeSurroundings(
  { width, height, alongX, alongY }: ImageSlopes,
  [u, v]: readonly [number, number],
  [axisX, axisY]: readonly [number, number],
  step: number,
  out: Uint8Array,
): void {
  const sums = new Float64Array(DESCRIPTOR_SIZE);
  const middle = (SIDE - 1) / 2;
  for (let row = 0; row < SIDE; row++) {
    const b = (row - middle) * step;
    for (let column = 0; column < SIDE; column++) {
      const a = (column - middle) * step;
      const x = round(u + a * axisX - b * axisY);
      const y = round(v + a * axisY + b * axisX);
      if (x < 1 || y < 1 || x >= width - 1 || y >= height - 1) continue;
      const gx = alongX[y * width + x]!;
      const gy = alongY[y * width + x]!;
      const size = sqrt(gx * gx + gy * gy);
      if (size === 0) continue;
      const angle = atan2(gy * axisX - gx * axisY, gx * axisX + gy * axisY);
      spread(sums, column, row, angle, size * falloff[row * SIDE + column]!);
    }
  }
  const first = lengthOf(sums);
  if (first === 0) {
    out.fill(0);
    return;
  }
  for (let k = 0; k < DESCRIPTOR_SIZE; k++) sums[k] = min(sums[k]!, MOST_SHARE * first);
  const second = lengthOf(sums);
  for (let k = 0; k < DESCRIPTOR_SIZE; k++) out[k] = min(255, round((SCALE * sums[k]!) / second));
}

/** Shares a gradient out to the cells and directions that it lies between. */
function spread(
  sums: Float64Array,
  column: number,
  row: number,
  angle: number,
  weight: number,
): void {
  const cellX = (column + 0.5) / SAMPLES - 0.5;
  const cellY = (row + 0.5) / SAMPLES - 0.5;
  const turn = ((angle + 2 * PI) * DIRECTIONS) / (2 * PI);
  const [left, top, before] = [floor(cellX), floor(cellY), floor(turn)];
  const [shareX, shareY, shareTurn] = [cellX - left, cellY - top, turn - before];
  for (let dy = 0; dy < 2; dy++) {
    const y = top + dy;
    if (y < 0 || y >= CELLS) continue;
    const byRow = weight * (dy === 0 ? 1 - shareY : shareY);
    for (let dx = 0; dx < 2; dx++) {
      const x = left + dx;
      if (x < 0 || x >= CELLS) continue;
      const share = byRow * (dx === 0 ? 1 - shareX : shareX);
      const at = (y * CELLS + x) * DIRECTIONS;
      sums[at + (before % DIRECTIONS)]! += share * (1 - shareTurn);
      sums[at + ((before + 1) % DIRECTIONS)]! += share * shareTurn;
    }
  }
}

function lengthOf(values: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < values.length; k++) squares += values[k]! * values[k]!;
  return sqrt(squares);
}

/** The same surroundings seen with the axis turned by half: exact, as cells and directions change places. */
export function turnedByHalf(descriptors: Uint8Array): Uint8Array {
  const out = new Uint8Array(descriptors.length);
  for (let start = 0; start < descriptors.length; start += DESCRIPTOR_SIZE) {
    for (let cell = 0; cell < CELLS * CELLS; cell++) {
      const to = start + (CELLS * CELLS - 1 - cell) * DIRECTIONS;
      for (let k = 0; k < DIRECTIONS; k++) {
        out[to + ((k + DIRECTIONS / 2) % DIRECTIONS)] = descriptors[start + cell * DIRECTIONS + k]!;
      }
    }
  }
  return out;
}
