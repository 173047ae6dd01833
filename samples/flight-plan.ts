import type { Pose } from './camera.ts';
import type { FlightDesign } from './flight-design.ts';
import { createRandom, type SeededRandom } from './seeded-random.ts';

/** One release of the shutter: where the camera was, and where the aircraft believed it was. */
export interface Shot {
  name: string;
  /** Since the first image. */
  elapsedSeconds: number;
  /** Over ground, clockwise from true north. */
  courseDegrees: number;
  truePose: Pose;
  recordedPose: Pose;
}

/** Standard deviations of the recorded pose about the true one: a fixed RTK and a good gimbal. */
export const RECORDING_ERROR = {
  horizontalMeters: 0.012,
  verticalMeters: 0.025,
  angleDegrees: 0.03,
};

const TURN_SECONDS = 14;
const ATTITUDE_JITTER_DEGREES = 0.45;

/** SKY_0001.JPG for 1. */
const imageName = (number: number) => `SKY_${String(number).padStart(4, '0')}.JPG`;

/** Flies the lines back and forth, as a mower goes; shots come in the order of their time. */
export function planFlight(design: FlightDesign): Shot[] {
  const random = createRandom(design.seed);
  const shots: Shot[] = [];
  for (let line = 0; line < design.lines; line++) {
    for (let step = 0; step < design.imagesPerLine; step++)
      shots.push(takeShot(design, line, step, random));
  }
  return shots;
}

function takeShot(design: FlightDesign, line: number, step: number, random: SeededRandom): Shot {
  const isReturn = line % 2 === 1;
  const courseDegrees = signedDegrees(design.headingDegrees + (isReturn ? 180 : 0));
  const truePose = flownPose(
    design,
    line,
    isReturn ? design.imagesPerLine - 1 - step : step,
    courseDegrees,
    random,
  );
  const perImage = design.baseMeters / design.speedMetersPerSecond;
  const perLine = perImage * (design.imagesPerLine - 1) + TURN_SECONDS;
  return {
    name: imageName(line * design.imagesPerLine + step + 1),
    elapsedSeconds: line * perLine + step * perImage,
    courseDegrees,
    truePose,
    recordedPose: recordPose(truePose, random),
  };
}

function flownPose(
  design: FlightDesign,
  line: number,
  place: number,
  courseDegrees: number,
  random: SeededRandom,
): Pose {
  const heading = (design.headingDegrees * Math.PI) / 180;
  const along = (place - (design.imagesPerLine - 1) / 2) * design.baseMeters + random.normal(0.15);
  const across = (line - (design.lines - 1) / 2) * design.lineSpacingMeters + random.normal(0.3);
  return {
    east: along * Math.sin(heading) + across * Math.cos(heading),
    north: along * Math.cos(heading) - across * Math.sin(heading),
    up: design.heightMeters + random.normal(0.25),
    yaw: signedDegrees(courseDegrees + random.normal(ATTITUDE_JITTER_DEGREES)),
    pitch: -90 + random.normal(ATTITUDE_JITTER_DEGREES),
    roll: random.normal(ATTITUDE_JITTER_DEGREES),
  };
}

/** Angles are rounded as a file holds them, so that the truth states exactly what the tags say. */
function recordPose(pose: Pose, random: SeededRandom): Pose {
  const turned = (angle: number) => round(angle + random.normal(RECORDING_ERROR.angleDegrees), 4);
  return {
    east: pose.east + random.normal(RECORDING_ERROR.horizontalMeters),
    north: pose.north + random.normal(RECORDING_ERROR.horizontalMeters),
    up: pose.up + random.normal(RECORDING_ERROR.verticalMeters),
    yaw: turned(pose.yaw),
    pitch: turned(pose.pitch),
    roll: turned(pose.roll),
  };
}

const signedDegrees = (angle: number) => ((((angle + 180) % 360) + 360) % 360) - 180;
const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;
