import type { CoarseShift } from './coarse-shift.ts';
import type { Point } from './shift-model.ts';

/** Pixels around what the coarse look found. */
export const SEARCH_RADIUS = 12;

/** What stands out alone, or else where the georeference says and what each coarse look gave. */
export function placesToLook(
  coarse: readonly Pick<CoarseShift, 'isDecisive' | 'shift'>[],
): Point[] {
  const decisive = coarse.find(({ isDecisive }) => isDecisive);
  if (decisive !== undefined) return [decisive.shift];
  const places: Point[] = [{ x: 0, y: 0 }];
  for (const { shift } of coarse) {
    const isNew = places.every(
      (place) => Math.hypot(place.x - shift.x, place.y - shift.y) > SEARCH_RADIUS / 2,
    );
    if (isNew) places.push(shift);
  }
  return places;
}

/** How many searches as large as that around one place the coarse looks stand for. */
export function searchedPlaces(coarse: readonly Pick<CoarseShift, 'reach'>[]): number {
  const reach = Math.max(SEARCH_RADIUS, ...coarse.map((look) => look.reach));
  return (reach / SEARCH_RADIUS) ** 2;
}
