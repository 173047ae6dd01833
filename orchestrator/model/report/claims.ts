import type { FlightAccuracy } from '../../../contracts/accuracy.ts';

/** What is said of one kind of accuracy, and of nothing else. */
export interface ClaimGroup {
  statement: string;
  sentences: readonly string[];
}

const RECORDS: ClaimGroup = {
  statement: 'Footprints, distances, expected error',
  sentences: [
    'Footprints and ground sample distances follow from the recorded positions, attitudes and heights. The expected error is computed from the stated accuracy of the receiver, or 3 m where none is stated, and of the attitude; it was not measured.',
  ],
};

/** What is claimed of a flight and what is not, statement by statement. */
export function claimGroups({ ground, relative, bundle }: FlightAccuracy): ClaimGroup[] {
  const ofPairs: ClaimGroup[] = [
    ...(relative ? [{ statement: 'Relative accuracy', sentences: [relative.claim] }] : []),
    ...(bundle
      ? [
          {
            statement: 'Accuracy after a bundle adjustment',
            sentences:
              'reason' in bundle
                ? [`No bundle adjustment was made: ${bundle.reason}.`]
                : bundle.claims,
          },
        ]
      : []),
  ];
  if (ground === null || ground === undefined || ground.statistics === null) {
    return [
      RECORDS,
      {
        statement: 'Accuracy on the ground',
        sentences: [
          'No surveyed point was evaluated: nothing is claimed about accuracy on the ground.',
        ],
      },
      ...ofPairs,
    ];
  }
  const { boresight, verticalNotAssessed } = ground;
  return [
    {
      statement: 'Direct georeferencing',
      sentences: [
        ...ground.claims,
        ...(verticalNotAssessed === null
          ? []
          : [`Heights were not judged: ${verticalNotAssessed}.`]),
      ],
    },
    {
      statement: 'Accuracy after a constant shift and turn',
      sentences:
        'reason' in boresight
          ? [`No constant shift or turn was estimated: ${boresight.reason}.`]
          : boresight.claims,
    },
    ...ofPairs,
    RECORDS,
  ];
}

/** The same as one list of sentences. */
export function claimSentences(accuracy: FlightAccuracy): string[] {
  return claimGroups(accuracy).flatMap(({ sentences }) => sentences);
}
