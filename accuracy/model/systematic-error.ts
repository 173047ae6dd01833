import type { Camera, Pose } from '../../maths/camera.ts';
import { multiply, type Vector3 } from '../../maths/rotation.ts';
import { rotationFromVector } from '../../maths/rotation-vector.ts';
import { subtract } from '../../maths/vector.ts';

/** What is wrong alike with every recorded pose of a flight. */
export interface SystematicError {
  /**
   * How the camera sits turned in its mount: a rotation vector in camera axes (x right, y down, z
   * forward), radians. The true rotation is the recorded one times exp([boresight]x).
   */
  boresight: Vector3;
  /** Recorded minus true position, meters east, north, up. */
  bias: Vector3;
  /** True over assumed focal length, minus 1. */
  focalScale: number;
}

/** The pose without the systematic error. */
export function correctPose({ center, rotation }: Pose, error: SystematicError): Pose {
  return {
    center: subtract(center, error.bias),
    rotation: multiply(rotation, rotationFromVector(error.boresight)),
  };
}

/** The camera without the systematic error. */
export function correctCamera(camera: Camera, { focalScale }: SystematicError): Camera {
  return {
    ...camera,
    focalX: camera.focalX * (1 + focalScale),
    focalY: camera.focalY * (1 + focalScale),
  };
}
