/** Why an image has no camera or no pose. */
export const missing = {
  fisheye: 'a fisheye lens, whose model is not supported',
  size: 'no size in pixels',
  focal: 'no focal length in pixels',
  position: 'no position',
  attitude: 'no attitude record',
  heightAboveTakeoff: 'no height above take-off',
  altitude: 'no altitude',
} as const;

/** What to supply, by the reason. */
const remedies = new Map<string, string>([
  [
    missing.fisheye,
    'supply images freed of distortion, and say --camera \'{"model":"perspective"}\'',
  ],
  [missing.focal, 'supply it with --camera \'{"focalPixels":…}\''],
  [missing.position, 'supply x, y and z of each image in geo.txt'],
  [missing.attitude, 'supply yaw, pitch and roll of each image in geo.txt'],
  [missing.heightAboveTakeoff, 'say --heights ellipsoidal or msl'],
  [missing.altitude, 'supply z of each image in geo.txt'],
]);

/** A reason together with what to do about it, where something can be done. */
function withRemedy(reason: string): string {
  const remedy = remedies.get(reason);
  return remedy === undefined ? reason : `${reason}: ${remedy}`;
}

/**
 * Why none of the observations of surveyed points could be used, and what to supply; the most frequent
 * reasons first.
 *
 * @returns null where there were none.
 */
export function whyUnusable(unusable: readonly { reason: string }[]): string | null {
  const counts = new Map<string, number>();
  for (const { reason } of unusable) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (counts.size === 0) return null;
  return [...counts]
    .toSorted(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .map(([reason, count]) => `in ${count} of ${unusable.length} ${withRemedy(reason)}`)
    .join('; ');
}
