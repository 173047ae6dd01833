import type { ImageAttitude } from '../../contracts/flight.ts';
import { type RecordedTags, textOf, xmpNumber } from './recorded-tags.ts';

const RADIANS = Math.PI / 180;

/**
 * How the camera was turned, as a gimbal record: degrees, yaw clockwise from true north, pitch -90
 * at nadir.
 *
 * The attitude of the aircraft is not taken for that of the camera.
 *
 * @returns null when a part is missing or impossible.
 */
export function readAttitude(tags: RecordedTags): ImageAttitude | null {
  return attitudeUnder(tags, 'drone-dji:Gimbal', 'Degree') ?? cameraAttitude(tags);
}

/** `Camera:` tags have pitch 0 at nadir; senseFly's roll has the other sign. */
function cameraAttitude(tags: RecordedTags): ImageAttitude | null {
  const stated = attitudeUnder(tags, 'Camera:', '');
  if (stated === null) return null;
  const isSenseFly = /sensefly/i.test(textOf(tags, 'Make') ?? '');
  return gimbalOfNadirMount({ ...stated, roll: isSenseFly ? -stated.roll : stated.roll });
}

/**
 * The same rotation in the gimbal's terms, of an attitude whose pitch is 0 at nadir.
 *
 * Only without roll is that a pitch of 90 degrees less: this roll turns about the line of flight,
 * the gimbal's about the line of sight, so Rz(yaw) Ry(pitch) Rx(roll) Ry(-90) is taken apart anew.
 *
 * @example
 * gimbalOfNadirMount({ yaw: 30, pitch: 5, roll: 0 }); // { yaw: 30, pitch: -85, roll: 0 }
 */
export function gimbalOfNadirMount({ yaw, pitch, roll }: ImageAttitude): ImageAttitude {
  if (roll === 0) return { yaw, pitch: pitch - 90, roll };
  const [sp, cp] = [Math.sin(pitch * RADIANS), Math.cos(pitch * RADIANS)];
  const [sr, cr] = [Math.sin(roll * RADIANS), Math.cos(roll * RADIANS)];
  return {
    yaw: halfTurn(yaw + Math.atan2(-sr, sp * cr) / RADIANS),
    pitch: -Math.asin(cp * cr) / RADIANS,
    roll: Math.atan2(cp * sr, sp) / RADIANS,
  };
}

function attitudeUnder(tags: RecordedTags, before: string, after: string): ImageAttitude | null {
  const yaw = xmpNumber(tags, [`${before}Yaw${after}`]);
  const pitch = xmpNumber(tags, [`${before}Pitch${after}`]);
  const roll = xmpNumber(tags, [`${before}Roll${after}`]);
  if (yaw === null || pitch === null || roll === null) return null;
  const isPossible = [yaw, pitch, roll].every((angle) => Math.abs(angle) <= 360);
  return isPossible ? { yaw, pitch, roll } : null;
}

function halfTurn(degrees: number): number {
  return degrees - 360 * Math.round(degrees / 360);
}
