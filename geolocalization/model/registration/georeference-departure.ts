import type { SceneRegistration } from '../../../contracts/scene-registration.ts';
import type { Position } from '../../../maths/map-projection.ts';
import { groundDisplacement } from './ground-displacement.ts';

/** How the pixels of a scene lie on the ground against what it states. */
export type Departure = NonNullable<
  NonNullable<NonNullable<SceneRegistration['search']>['departure']>
>;

/** From columns and rows of a scene, counted from the outer corner of the first pixel. */
type PixelsToGround = (column: number, row: number) => Position | null;

/** Less than this is not worth a word: a degree moves the corner of a scene by less than a hundredth of its size. */
const TOLD_DEGREES = 0.5;
const TOLD_SCALE = 0.01;

/**
 * How much a scene is turned and scaled against what it states, by a quarter of its columns and rows around
 * its middle. North is that of the ground in both.
 *
 * @param size columns and rows.
 * @returns null where one of both does not reach the ground there.
 */
export function departureOf(
  stated: PixelsToGround,
  found: PixelsToGround,
  size: { width: number; height: number },
): Departure | null {
  const [from, to] = [axesOf(stated, size), axesOf(found, size)];
  if (from === null || to === null) return null;
  const turn = to.azimuthDegrees - from.azimuthDegrees;
  return {
    turnDegrees: turn - 360 * Math.round(turn / 360),
    scale: Math.sqrt(Math.abs(to.area / from.area)),
    isMirrored: to.area > 0 !== from.area > 0,
  };
}

/** The rest of `The scene lies 5 m from where it states`; empty when only the place differs. */
export function departureWords({ turnDegrees, scale, isMirrored }: Departure): string {
  const words: string[] = [];
  if (Math.abs(turnDegrees) >= TOLD_DEGREES) {
    const way = turnDegrees < 0 ? 'counterclockwise' : 'clockwise';
    words.push(`turned ${Math.abs(turnDegrees).toFixed(1)} degrees ${way}`);
  }
  if (Math.abs(scale - 1) >= TOLD_SCALE) {
    words.push(`with pixels ${scale.toFixed(2)} times as large`);
  }
  if (isMirrored) words.push('as in a mirror');
  return words.map((word) => `, ${word}`).join('');
}

/** Where columns run, and the area that a step along each axis spans: negative when rows run to their right. */
function axesOf(
  toGround: PixelsToGround,
  { width, height }: { width: number; height: number },
): { azimuthDegrees: number; area: number } | null {
  const middle = toGround(width / 2, height / 2);
  const right = toGround(0.75 * width, height / 2);
  const below = toGround(width / 2, 0.75 * height);
  if (middle === null || right === null || below === null) return null;
  const [along, down] = [groundDisplacement(middle, right), groundDisplacement(middle, below)];
  const area = along.eastMeters * down.northMeters - along.northMeters * down.eastMeters;
  return along.azimuthDegrees === null || area === 0
    ? null
    : { azimuthDegrees: along.azimuthDegrees, area };
}
