import { describe, expect, it } from '@jest/globals';
import { agreeingPairs, type DirectionPair } from '../../../accuracy/model/relative-orientation.ts';
import { multiply, type Vector3 } from '../../../maths/rotation.ts';
import { rotationFromVector } from '../../../maths/rotation-vector.ts';
import { randomNumbers } from '../../../maths/seeded-random.ts';
import { subtract, transformBack } from '../../../maths/vector.ts';

/** The second camera stands 0.3 of the distance to the ground beside the first, a little turned. */
const baseline: Vector3 = [1, 0, 0];
const turn = rotationFromVector([0.03, -0.04, 0.05]);
const tolerance = 1e-3;

function pairsOver(relief: number, wrong: number): DirectionPair[] {
  const random = randomNumbers('pairs');
  const place = (): Vector3 => [random() - 0.5, random() - 0.5, 1 + relief * (random() - 0.5)];
  const direction = ([x, y, z]: Vector3): Vector3 => [x / z, y / z, 1];
  return Array.from({ length: 100 }, (_, index) => {
    const point = place();
    const seen = index < wrong ? place() : point;
    const second = transformBack(turn, subtract(seen, [0.3, 0, 0]));
    return { first: direction(point), second: direction(second) };
  });
}

const recorded = {
  rotation: multiply(turn, rotationFromVector([-0.03, 0.03, 0.02])),
  baseline,
};

describe('agreeingPairs()', () => {
  it.each([
    ['hilly', 0.4],
    ['level', 0],
  ])('tells right pairs from wrong ones over %s ground', (_words, relief) => {
    const pairs = pairsOver(relief, 40);
    const agreeing = agreeingPairs(pairs, recorded, tolerance, randomNumbers('draws'));
    const right = Array.from({ length: 60 }, (_, index) => 40 + index);
    expect(agreeing).toEqual(expect.arrayContaining(right));
    // A wrong pair may lie in the right plane by accident.
    expect(agreeing.length).toBeLessThan(66);
  });

  it('gives the same for the same draws, and nothing for too few pairs', () => {
    const pairs = pairsOver(0.4, 40);
    const once = agreeingPairs(pairs, recorded, tolerance, randomNumbers('draws'));
    expect(agreeingPairs(pairs, recorded, tolerance, randomNumbers('draws'))).toEqual(once);
    expect(agreeingPairs(pairs.slice(0, 4), recorded, tolerance, randomNumbers('draws'))).toEqual(
      [],
    );
  });
});
