import type { Finding, FindingCode } from '../../contracts/findings.ts';
import type { FlightImage, ImageAttitude } from '../../contracts/flight.ts';
import type { FiledPose, FlightCompanions } from '../../contracts/flight-companions.ts';
import { gimbalAttitudeOf } from '../../maths/gimbal-attitude.ts';
import { convergenceAt, type ToGround } from '../../maths/map-projection.ts';
import { nadirRotation } from '../../maths/nadir-attitude.ts';
import { gridToTrueNorth, opkRotation } from '../../maths/opk.ts';
import { CountedFindings } from './counted-findings.ts';
import { lineFinding } from './file-finding.ts';
import { groundDistance } from './ground-distance.ts';
import type { RecordedPose } from './recorded-poses.ts';

/** What tags say of a position no longer counts where a file says better. */
const superseded: readonly FindingCode[] = [
  'GPS_INVALID',
  'GPS_MISSING',
  'GPS_REF_MISSING',
  'GPS_ZERO',
];
/** A tenth of a millimeter, and a millionth of a degree: below what any file states. */
const DIGITS = { degrees: 9, angle: 6 };
const SAME_METERS = 0.1;
/** Images that a finding names; the number says how many there are. */
const NAMED = 5;

/** How a file may name an image: its path, its name, its name without extension, in any letter case. */
export function keysOfName(name: string): string[] {
  const path = name.replaceAll('\\', '/').toLowerCase();
  const last = path.split('/').at(-1)!;
  const bare = last.replace(/\.(?:jpe?g|tiff?|png|webp|dng|iiq|heic|heif|avif)$/, '');
  return [...new Set([path, last, bare])];
}

/** Brings recorded poses from the map to WGS84 and true north; what cannot be placed is a finding. */
export function placePoses(
  recorded: readonly RecordedPose[],
  toGround: ToGround,
  isGeographic: boolean,
  file: string,
): Pick<FlightCompanions, 'poses' | 'findings'> {
  const poses: Record<string, FiledPose> = Object.create(null);
  const findings = new CountedFindings();
  for (const pose of recorded) {
    const position = toGround(pose.x, pose.y);
    const convergence = convergenceAt(toGround, pose.x, pose.y, isGeographic);
    if (position === null || convergence === null) {
      const reason = `its coordinates ${pose.x}, ${pose.y} are no place in the system of the file`;
      findings.add(lineFinding('GEO_ROW_INVALID', file, pose.line, reason));
      continue;
    }
    const [longitude, latitude] = position;
    poses[keysOfName(pose.image)[0]!] = {
      latitude: rounded(latitude, DIGITS.degrees),
      longitude: rounded(longitude, DIGITS.degrees),
      altitude: pose.z,
      attitude: attitudeOf(pose, convergence),
      sdHorizontal: pose.sdHorizontal,
      sdVertical: pose.sdVertical,
    };
  }
  return { poses: { ...poses }, findings: findings.entries() };
}

function attitudeOf({ angles }: RecordedPose, convergence: number): ImageAttitude | null {
  if (angles === null) return null;
  const rotation =
    angles.convention === 'omega-phi-kappa'
      ? gridToTrueNorth(opkRotation(angles), convergence)
      : nadirRotation(angles);
  const { yaw, pitch, roll } = gimbalAttitudeOf(rotation);
  return {
    yaw: rounded(yaw, DIGITS.angle),
    pitch: rounded(pitch, DIGITS.angle),
    roll: rounded(roll, DIGITS.angle),
  };
}

/** The image as the file places it; the image itself when the file does not know it. */
export function withFiledPose(image: FlightImage, { poses }: FlightCompanions): FlightImage {
  const { description } = image;
  const pose = keysOfName(image.name)
    .map((key) => (Object.hasOwn(poses, key) ? poses[key] : undefined))
    .find((found) => found !== undefined);
  if (pose === undefined || description === null) return image;
  const { latitude, longitude, altitude, attitude, sdHorizontal, sdVertical } = pose;
  const tagged = description.position;
  // The same place as the receiver recorded: then what it said of its accuracy still holds.
  const recorded = tagged !== null && groundDistance(tagged, pose) < SAME_METERS ? tagged : null;
  return {
    ...image,
    description: {
      ...description,
      position: {
        latitude,
        longitude,
        altitude: altitude ?? tagged?.altitude ?? null,
        source: 'file',
        sdHorizontal: sdHorizontal ?? recorded?.sdHorizontal ?? null,
        sdVertical: sdVertical ?? recorded?.sdVertical ?? null,
        rtkFlag: recorded?.rtkFlag ?? null,
      },
      attitude: attitude ?? description.attitude,
    },
    findings: image.findings.filter(({ code }) => !superseded.includes(code)),
  };
}

/** Says which images a position file knows and the flight has not. */
export function strangersIn(
  { poseFile, poses }: FlightCompanions,
  imageNames: Iterable<string>,
): Finding[] {
  const known = new Set([...imageNames].flatMap(keysOfName));
  const strangers = Object.keys(poses).filter((key) => !known.has(key));
  if (poseFile === null || strangers.length === 0) return [];
  const named = strangers.slice(0, NAMED).join(', ');
  return [
    {
      code: 'GEO_IMAGE_MISSING',
      severity: 'warning',
      scope: 'file',
      subject: poseFile,
      message: `File "${poseFile}" places ${strangers.length} images that the flight has not (${named}): add them, or take them off`,
      values: { images: strangers.length },
    },
  ];
}

function rounded(value: number, digits: number): number {
  // Without the sum a small negative number would become -0, which JSON does not tell from 0.
  return Number(value.toFixed(digits)) + 0;
}
