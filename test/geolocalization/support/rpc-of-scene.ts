import { solveLeastSquares } from '../../../maths/least-squares.ts';
import { groundOf } from '../../../platform/coordinate-systems.ts';
import type { SceneDesign } from '../../../samples/scene.ts';

/** Points along each axis that the polynomials are fitted to. */
const FITTED = 9;
const TERMS = 20;

/** A sensor model for a scene in UTM 32, as a text: polynomials of the second degree without denominators. */
export async function rpcTextOf({
  columns,
  rows,
  pixelMeters,
  west,
  north,
}: SceneDesign): Promise<string> {
  const ground = await groundOf(32632);
  if ('fault' in ground) throw new Error(ground.fault);
  const places = Array.from({ length: FITTED * FITTED }, (_, index) => {
    const sample = ((index % FITTED) / (FITTED - 1)) * columns - 0.5;
    const line = (Math.floor(index / FITTED) / (FITTED - 1)) * rows - 0.5;
    const [longitude, latitude] = ground.toGround(
      west + (sample + 0.5) * pixelMeters,
      north - (line + 0.5) * pixelMeters,
    )!;
    return { sample, line, longitude, latitude };
  });
  const middle = places[(FITTED * FITTED) >> 1]!;
  const [lonScale, latScale] = [0.03, 0.02];
  const terms = places.map(({ longitude, latitude }) => {
    const [l, p] = [
      (longitude - middle.longitude) / lonScale,
      (latitude - middle.latitude) / latScale,
    ];
    return [1, l, p, l * p, l * l, p * p];
  });
  const numerator = (values: number[]) => {
    const [one, l, p, lp, ll, pp] = solveLeastSquares(terms, values)!;
    const list = Array.from({ length: TERMS }, () => 0);
    [list[0], list[1], list[2], list[4], list[7], list[8]] = [one!, l!, p!, lp!, ll!, pp!];
    return list;
  };
  const scale = columns / 2;
  const lists = {
    LINE_NUM: numerator(places.map(({ line }) => (line - middle.line) / scale)),
    LINE_DEN: [1],
    SAMP_NUM: numerator(places.map(({ sample }) => (sample - middle.sample) / scale)),
    SAMP_DEN: [1],
  };
  const lines = [
    `LINE_OFF: ${middle.line} pixels`,
    `SAMP_OFF: ${middle.sample} pixels`,
    `LAT_OFF: ${middle.latitude} degrees`,
    `LONG_OFF: ${middle.longitude} degrees`,
    'HEIGHT_OFF: 0 meters',
    `LINE_SCALE: ${scale} pixels`,
    `SAMP_SCALE: ${scale} pixels`,
    `LAT_SCALE: ${latScale} degrees`,
    `LONG_SCALE: ${lonScale} degrees`,
    'HEIGHT_SCALE: 500 meters',
  ];
  for (const [name, values] of Object.entries(lists)) {
    for (let index = 0; index < TERMS; index++) {
      lines.push(`${name}_COEFF_${index + 1}: ${values[index] ?? 0}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
