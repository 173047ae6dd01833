import type { Finding } from '../../contracts/findings.ts';
import type { StatedCrs } from './stated-crs.ts';

/** Angles as a file records them, degrees, with the convention that they follow. */
export type RecordedAngles =
  /** Yaw clockwise from north; pitch 0 at nadir, 90 at the horizon (geo.txt, Camera:Pitch). */
  | { convention: 'yaw-pitch-roll'; yaw: number; pitch: number; roll: number }
  /** Rotations about the axes of the map grid. */
  | { convention: 'omega-phi-kappa'; omega: number; phi: number; kappa: number };

/** Where an image was taken, as a position file says, in the system of that file. */
export interface RecordedPose {
  image: string;
  x: number;
  y: number;
  z: number | null;
  angles: RecordedAngles | null;
  /** One sigma, meters; null when the file does not say. */
  sdHorizontal: number | null;
  sdVertical: number | null;
  line: number;
}

/** What a position file says; `crs` is null when it states none. */
export interface RecordedPoses {
  crs: StatedCrs | null;
  poses: RecordedPose[];
  findings: Finding[];
}
