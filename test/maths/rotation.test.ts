import { describe, expect, it } from '@jest/globals';
import { gimbalRotation } from '../../maths/rotation.ts';

describe('gimbalRotation()', () => {
  it.each([
    [
      [0, -90, 0],
      [1, 0, 0, 0, -1, 0, 0, 0, -1],
    ],
    [
      [32, -88.7, 0.4],
      [
        0.844328878, -0.535690402, 0.012022455, -0.535825271, -0.844109651, 0.01923995,
        -0.000158386, -0.022686781, -0.999742609,
      ],
    ],
    [
      [92.9, -60, 0],
      [
        -0.05059294, -0.864916335, 0.499359679, -0.998719357, 0.043814771, -0.02529647, 0, -0.5,
        -0.866025404,
      ],
    ],
    [
      [-132, -90, 180],
      [0.669130606, -0.743144825, 0, -0.743144825, -0.669130606, 0, 0, 0, -1],
    ],
  ])('gives the published matrix for yaw, pitch, roll %j', ([yaw, pitch, roll], expected) => {
    const matrix = gimbalRotation({ yaw: yaw!, pitch: pitch!, roll: roll! }).flat();
    matrix.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 8));
  });

  it('takes a gimbal swung backwards for the same camera', () => {
    const swung = gimbalRotation({ yaw: -132, pitch: -90, roll: 180 }).flat();
    const plain = gimbalRotation({ yaw: 48, pitch: -90, roll: 0 }).flat();
    swung.forEach((value, index) => expect(value).toBeCloseTo(plain[index]!, 12));
  });
});
