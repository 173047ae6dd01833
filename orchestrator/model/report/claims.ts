import type { FlightAccuracy } from '../../../contracts/accuracy.ts';

/** What is claimed of a flight and what is not, in sentences. */
export function claimSentences({ ground, relative, bundle }: FlightAccuracy): string[] {
  const ofPairs = [
    ...(relative ? [relative.claim] : []),
    ...(bundle
      ? 'reason' in bundle
        ? [`No bundle adjustment was made: ${bundle.reason}.`]
        : bundle.claims
      : []),
  ];
  const records =
    'Footprints and ground sample distances follow from the recorded positions, attitudes and heights. The expected error is computed from the stated accuracy of the receiver, or 3 m where none is stated, and of the attitude; it was not measured.';
  if (ground === null || ground === undefined || ground.statistics === null) {
    return [
      records,
      'No surveyed point was evaluated: nothing is claimed about accuracy on the ground.',
      ...ofPairs,
    ];
  }
  const { boresight } = ground;
  return [
    ...ground.claims,
    ...(ground.verticalNotAssessed === null
      ? []
      : [`Heights were not judged: ${ground.verticalNotAssessed}.`]),
    ...('reason' in boresight
      ? [`No constant shift or turn was estimated: ${boresight.reason}.`]
      : boresight.claims),
    ...ofPairs,
    records,
  ];
}
