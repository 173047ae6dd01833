import { describe, expect, it } from '@jest/globals';
import { findTriggerDelay } from '../../../accuracy/model/trigger-delay.ts';
import { residualOf } from '../../../accuracy/model/observation-residual.ts';
import { project } from '../../../maths/camera.ts';
import { gimbalRotation } from '../../../maths/rotation.ts';
import { exampleCamera } from '../../maths/example-camera.ts';

describe('findTriggerDelay()', () => {
  it('finds a camera that fires late, flying to and fro', () => {
    const [speed, delay] = [10, 0.05];
    const images = [0, 180, 0, 180].map((yaw) => {
      const rotation = gimbalRotation({ yaw, pitch: -90, roll: 0 });
      const north = Math.cos((yaw * Math.PI) / 180) * speed * delay;
      const taken = { center: [0, north, 100], rotation } as const;
      const point = { name: 'P', position: [5, 3, 0], isHeightKnown: true } as const;
      const pixel = project(exampleCamera, taken, point.position)!;
      const residual = residualOf({ point: 'P', image: 'A', pixel }, point, exampleCamera, {
        center: [0, 0, 100],
        rotation,
      });
      const heading = [Math.round(Math.sin((yaw * Math.PI) / 180)), yaw === 0 ? 1 : -1] as const;
      return { along: 'along' in residual ? residual.along : NaN, speed, heading };
    });
    const found = findTriggerDelay(images)!;
    expect(found.seconds).toBeCloseTo(0.05, 9);
    expect(found.alongMeters).toBeCloseTo(-0.5, 9);
    expect(found.images).toBe(4);
    expect(found.isToAndFro).toBe(true);
    const oneWay = images.map((image) => ({ ...image, heading: [0, 1] as const }));
    expect(findTriggerDelay(oneWay)!.isToAndFro).toBe(false);
  });

  it('finds none in a shift of the datum, nor in too few images', () => {
    const shifted = [0.5, -0.5, 0.5, -0.5].map((along) => ({
      along,
      speed: 10,
      heading: [0, Math.sign(along)] as const,
    }));
    expect(findTriggerDelay(shifted)).toBeNull();
    expect(findTriggerDelay(shifted.slice(0, 1))).toBeNull();
    expect(findTriggerDelay(shifted.map((image) => ({ ...image, speed: 0 })))).toBeNull();
  });
});
