import type { Finding } from '../../contracts/findings.ts';
import type { GroundAccuracy } from '../../contracts/ground-accuracy.ts';
import { controlFinding, namesWords } from './control-finding.ts';
import { isBiasSignificant } from './error-statistics.ts';

/** What stands out in the figures of a flight: a shift of all points, blunders, rays that hardly meet. */
export function groundFindings(
  ground: GroundAccuracy,
  flightId: string,
  classMeters: number | null,
): Finding[] {
  return [
    ...biasFindings(ground, flightId, classMeters),
    ...ground.patterns.map(({ kind, point, image, words }) =>
      controlFinding('GCP_BLUNDER', 'warning', point ?? image ?? flightId, sentence(words), {
        kind,
        point,
        image,
      }),
    ),
    ...ground.swappedNames.map(({ point, fits, rmseAsNamed, rmseSwapped }) =>
      controlFinding(
        'GCP_BLUNDER',
        'warning',
        point,
        `The observations of "${point}" fit "${fits}": were the names exchanged?`,
        { point, fits, rmseAsNamed, rmseSwapped },
      ),
    ),
    ...weakFindings(ground, flightId),
  ];
}

/** A shift of less than this share of a pixel is none that anyone could mend. */
const LEAST_BIAS_PIXELS = 0.1;

function biasFindings(
  { statistics, suggestedClasses }: GroundAccuracy,
  flightId: string,
  classMeters: number | null,
): Finding[] {
  if (statistics === null) return [];
  const axes = ['east', 'north', 'up'] as const;
  return axes.flatMap((direction): Finding[] => {
    const axis = statistics[direction];
    const limit = direction === 'up' ? null : classMeters;
    if (axis === null || !isBiasSignificant(axis, limit)) return [];
    if (Math.abs(axis.mean) < LEAST_BIAS_PIXELS * (suggestedClasses?.high ?? 0)) return [];
    return [
      {
        code: 'BIAS_SIGNIFICANT',
        severity: 'warning',
        scope: 'flight',
        subject: flightId,
        message: `All points come out ${Math.abs(axis.mean).toFixed(3)} m too far ${wordOf(direction, axis.mean)} on average, which is no accident: a circular error computed from the RMSE is then no percentile`,
        values: { direction, mean: axis.mean, standardDeviation: axis.standardDeviation },
      },
    ];
  });
}

function wordOf(direction: 'east' | 'north' | 'up', mean: number): string {
  const opposite = { east: 'west', north: 'south', up: 'down' } as const;
  return mean < 0 ? opposite[direction] : direction;
}

function weakFindings({ points }: GroundAccuracy, flightId: string): Finding[] {
  const weak = points.filter(
    ({ rays, rayPixels, rayAngleDegrees }) =>
      rays >= 2 && rayPixels === null && rayAngleDegrees !== null,
  );
  if (weak.length === 0) return [];
  return [
    controlFinding(
      'GEOMETRY_WEAK',
      'warning',
      flightId,
      `Rays to these points are too parallel for a height: ${namesWords(weak.map(({ point }) => point))}`,
      { points: weak.length },
    ),
  ];
}

function sentence(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
