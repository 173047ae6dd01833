import { describe, expect, it } from '@jest/globals';
import { simpleCamera } from '../../maths/camera.ts';
import { groundPatch } from '../../maths/ground-patch.ts';
import { patchAgreement } from '../../maths/patch-agreement.ts';
import type { Raster } from '../../maths/raster.ts';
import { gimbalRotation } from '../../maths/rotation.ts';
import { randomNumbers } from '../../maths/seeded-random.ts';

describe('groundPatch()', () => {
  const camera = simpleCamera({ columns: 8, rows: 6, focalPixels: 10 });
  const samples = Uint8Array.from({ length: 48 }, (_, index) => 5 * index);
  const image = { width: 8, height: 6, samples };
  const pose = {
    center: [100, 50, 20],
    rotation: gimbalRotation({ yaw: 0, pitch: -90, roll: 0 }),
  } as const;

  it('gives the pixels of a level camera that looks down, one a cell', () => {
    // 20 m over 10 pixels: 2 m a pixel, and the middle of 8 x 6 pixels lies between four of them.
    const patch = groundPatch(image, camera, pose, { center: [100, 50], cell: 2, cells: 4 });
    const rows = [1, 2, 3, 4].map((row) => [2, 3, 4, 5].map((column) => 5 * (8 * row + column)));
    expect([...patch.values].map((value) => Math.round(value * 1e9) / 1e9)).toEqual(rows.flat());
    expect(patch.valid!.every((isValid) => isValid === 1)).toBe(true);
  });

  it('turns with the camera, and leaves out what the image does not show', () => {
    const turned = { ...pose, rotation: gimbalRotation({ yaw: 180, pitch: -90, roll: 0 }) };
    const square = { center: [100, 50], cell: 2, cells: 8 } as const;
    const north = groundPatch(image, camera, pose, square);
    const south = groundPatch(image, camera, turned, square);
    [...north.values].reverse().forEach((value, index) => {
      expect(south.values[index]).toBeCloseTo(value, 9);
    });
    expect(north.valid!.reduce((sum, isValid) => sum + isValid, 0)).toBe(8 * 6);
  });
});

describe('patchAgreement()', () => {
  const random = randomNumbers('patches');
  const noise = (): Raster => ({
    width: 128,
    height: 128,
    values: Float64Array.from({ length: 128 * 128 }, () => random()),
    valid: null,
  });
  const moved = ({ values }: Raster, by: number): Raster => ({
    width: 128,
    height: 128,
    values: Float64Array.from(
      values,
      (_, index) => values[(index + by + values.length) % values.length]!,
    ),
    valid: null,
  });

  it('stands out where both show the same, moved, and does not where they do not', () => {
    const ground = noise();
    expect(patchAgreement(ground, moved(ground, 9 * 128 + 7), 32)).toBeGreaterThan(20);
    const unrelated = Array.from({ length: 6 }, () => patchAgreement(noise(), noise(), 32)!);
    for (const ratio of unrelated) expect(ratio).toBeLessThan(7);
  });

  it('says nothing of level or nearly empty patches', () => {
    const ground = noise();
    expect(
      patchAgreement(ground, { ...ground, values: new Float64Array(128 * 128) }, 32),
    ).toBeNull();
    const valid = new Uint8Array(128 * 128).fill(1, 0, 6000);
    expect(patchAgreement(ground, { ...ground, valid }, 32)).toBeNull();
  });
});
