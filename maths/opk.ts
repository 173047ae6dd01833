import { type Matrix3, multiply, rotationX, rotationY, rotationZ } from './rotation.ts';

/** Degrees: rotations about the x, the once turned y and the twice turned z axis. */
export interface OmegaPhiKappa {
  omega: number;
  phi: number;
  kappa: number;
}

const DEGREE = Math.PI / 180;

/** Cosine of phi below which omega and kappa turn about the same axis. */
const GIMBAL_LOCK = 1e-9;

/** Between axes x right, y down, z forward and x right, y up, z backward; its own inverse. */
const PHOTOGRAMMETRIC: Matrix3 = [
  [1, 0, 0],
  [0, -1, 0],
  [0, 0, -1],
];

/**
 * Rotation from the camera (x right, y down, z forward) to the frame that the angles are given in:
 * Rx(omega) Ry(phi) Rz(kappa) diag(1, -1, -1). Lists of omega, phi, kappa usually stand in a map grid;
 * `gridToTrueNorth` brings the rotation to east, north, up.
 *
 * Source: K. Kraus, "Photogrammetry", de Gruyter, 2007.
 *
 * @example
 * opkRotation({ omega: 0, phi: 0, kappa: 0 }); // [[1,0,0],[0,-1,0],[0,0,-1]]: nadir, top to the north
 */
export function opkRotation({ omega, phi, kappa }: OmegaPhiKappa): Matrix3 {
  const turned = multiply(
    multiply(rotationX(omega * DEGREE), rotationY(phi * DEGREE)),
    rotationZ(kappa * DEGREE),
  );
  return multiply(turned, PHOTOGRAMMETRIC);
}

/**
 * The angles that `opkRotation` turns into this rotation: omega and kappa in (-180, 180], phi in
 * [-90, 90]. Where phi is +-90, omega and kappa are one, and omega is 0.
 *
 * @example
 * opkOf(gimbalRotation({ yaw: 32, pitch: -88.7, roll: 0.4 })); // 1.102516, -0.688853, -32.393372
 */
export function opkOf(rotation: Matrix3): OmegaPhiKappa {
  const m = multiply(rotation, PHOTOGRAMMETRIC);
  const level = Math.hypot(m[0][0], m[0][1]);
  const phi = Math.atan2(m[0][2], level) / DEGREE;
  if (level < GIMBAL_LOCK) {
    return { omega: 0, phi, kappa: Math.atan2(m[1][0], m[1][1]) / DEGREE };
  }
  return {
    omega: Math.atan2(-m[1][2], m[2][2]) / DEGREE,
    phi,
    kappa: Math.atan2(-m[0][1], m[0][0]) / DEGREE,
  };
}

/**
 * A rotation to map grid axes (grid east, grid north, up) from one to true east, north, up.
 *
 * A vector turns counter-clockwise by the convergence on its way into the grid, as grid azimuth is true
 * azimuth minus convergence. The point scale factor concerns lengths, not angles.
 *
 * @param convergenceDegrees positive east of the central meridian in the north.
 */
export function trueNorthToGrid(rotation: Matrix3, convergenceDegrees: number): Matrix3 {
  return multiply(rotationZ(convergenceDegrees * DEGREE), rotation);
}

/** Back from the grid: undoes `trueNorthToGrid`. */
export function gridToTrueNorth(rotation: Matrix3, convergenceDegrees: number): Matrix3 {
  return trueNorthToGrid(rotation, -convergenceDegrees);
}
