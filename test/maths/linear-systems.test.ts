import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NormalEquations } from '../../maths/normal-equations.ts';
import { SymmetricSystem } from '../../maths/symmetric-system.ts';
import { expectNumbers } from './example-camera.ts';

describe('SymmetricSystem', () => {
  it('solves a system worked out by hand', () => {
    const system = new SymmetricSystem(3);
    // [[4, 2, 0], [2, 5, 1], [0, 1, 3]] x = [8, 15, 11]
    system.add(0, 0, 4);
    system.add(0, 1, 2);
    system.add(1, 1, 5);
    system.add(2, 1, 1);
    system.add(2, 2, 3);
    system.right.set([8, 15, 11]);
    expectNumbers([...system.solve()!], [1, 2, 3], 12);
  });

  it('solves any sum of squares with something on the diagonal', () => {
    const row = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), row, (rows, wanted) => {
        const system = new SymmetricSystem(5);
        const entry = (a: number, b: number) =>
          rows.reduce((sum, values) => sum + values[a]! * values[b]!, a === b ? 1 : 0);
        for (let a = 0; a < 5; a++) {
          for (let b = 0; b <= a; b++) if (entry(a, b) !== 0) system.add(a, b, entry(a, b));
          system.right[a] = wanted.reduce((sum, value, b) => sum + entry(a, b) * value, 0);
        }
        expectNumbers([...system.solve()!], wanted, 7);
      }),
    );
  });

  it('adds equations as the normal equations of few unknowns do', () => {
    const slopes = [
      [1, 2, 0.5],
      [0, 1, -1],
      [3, -1, 2],
      [1, 1, 1],
    ];
    const [system, other] = [new SymmetricSystem(5), new NormalEquations(3)];
    slopes.forEach((row, index) => {
      system.addEquation(
        Int32Array.of(0, 2, 4),
        Float64Array.from(row),
        index + 1,
        1 / (1 + index),
      );
      other.add(row, index + 1, 1 / (1 + index));
    });
    for (const unknown of [1, 3]) system.add(unknown, unknown, 1);
    const [a, b, c] = other.solve(0)!;
    expectNumbers([...system.solve()!], [a!, 0, b!, 0, c!], 12);
  });

  it('is what remains of a larger system once three unknowns are taken out', () => {
    // M = [[N, W], [W^t, I]] with two unknowns to keep: N - W W^t is left, and g - W h.
    const w = Float64Array.of(0.1, 0.2, 0.3, -0.2, 0.1, 0.4);
    const system = new SymmetricSystem(2);
    system.add(0, 0, 3);
    system.add(1, 0, 0.5);
    system.add(1, 1, 2);
    system.subtractProduct(Int32Array.of(0, 1), 0, 2, w, w);
    expectNumbers([...system.diagonal()], [3 - 0.14, 2 - 0.21], 12);
    system.right.set([1, 1]);
    const off = 0.5 - (-0.02 + 0.02 + 0.12);
    const determinant = 2.86 * 1.79 - off * off;
    expectNumbers(
      [...system.solve()!],
      [(1.79 - off) / determinant, (2.86 - off) / determinant],
      12,
    );
  });

  it('says null where an unknown is not determined', () => {
    const system = new SymmetricSystem(2);
    system.add(0, 0, 1);
    expect(system.solve()).toBeNull();
  });
});

describe('NormalEquations', () => {
  it('fits a line through points, with its certainty', () => {
    const equations = new NormalEquations(2);
    for (const x of [-1, 0, 1]) equations.add([1, x], 3 + 2 * x, 4);
    expectNumbers(equations.solve(0), [3, 2], 12);
    expectNumbers(equations.cofactors().flat(), [1 / 12, 0, 0, 1 / 8], 12);
  });

  it('leans to what is known beforehand, and less far when damped', () => {
    const equations = new NormalEquations(1);
    equations.add([1], 2, 1);
    equations.addToUnknown(0, 0, 1);
    expectNumbers(equations.solve(0), [1], 12);
    expectNumbers(equations.solve(1), [0.5], 12);
    expect(new NormalEquations(1).solve(0)).toBeNull();
  });
});
