import { readFileSync } from 'node:fs';
import type { ControlObservation, ControlPoint } from '../../accuracy/model/control.ts';
import { type Camera, type Pose, simpleCamera } from '../../maths/camera.ts';
import { type Enu, type GeodeticPosition, geodeticToEnu } from '../../maths/geodesy.ts';
import { gimbalRotation } from '../../maths/rotation.ts';
import { nadirRotation } from '../../maths/nadir-attitude.ts';
import { fromGrid, utmZone } from '../../maths/transverse-mercator.ts';

/** Lines of a list in the grid of a UTM zone: its EPSG code first, comments and blank lines left out. */
function rowsOf(path: string): { zone: number; rows: string[][] } {
  const lines = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const epsg = Number(/^EPSG:326(\d\d)$/.exec(lines[0]!.trim())![1]);
  return { zone: epsg, rows: lines.slice(1).map((line) => line.trim().split(/\s+/)) };
}

function inFlight(zone: number, [x, y, z]: number[], origin: GeodeticPosition): Enu {
  const place = fromGrid(utmZone(zone, 'north'), x!, y!);
  return geodeticToEnu({ ...place, heightMeters: z! }, origin);
}

/** Surveyed points and where they were seen, in meters east, north, up of the origin. */
export function readControl(
  path: string,
  origin: GeodeticPosition,
): { points: Map<string, ControlPoint>; observations: ControlObservation[] } {
  const { zone, rows } = rowsOf(path);
  const points = new Map<string, ControlPoint>();
  const observations = rows.map(([x, y, z, u, v, image, name]) => {
    const position = inFlight(zone, [Number(x), Number(y), Number(z)], origin);
    points.set(name!, { name: name!, position, isHeightKnown: true });
    return { point: name!, image: image!, pixel: [Number(u), Number(v)] as const };
  });
  return { points, observations };
}

/** Poses of a `geo.txt`, in meters east, north, up of the origin. */
export function readGeo(path: string, origin: GeodeticPosition): Map<string, Pose> {
  const { zone, rows } = rowsOf(path);
  return new Map(
    rows.map(([name, ...numbers]) => {
      const [x, y, z, yaw, pitch, roll] = numbers.map(Number);
      const center = inFlight(zone, [x!, y!, z!], origin);
      const rotation = nadirRotation({ yaw: yaw!, pitch: pitch!, roll: roll! });
      return [name!, { center, rotation }];
    }),
  );
}

/** Attributes of the XMP packet in an image file; null without one. */
export function readXmp(path: string): ((name: string) => number) | null {
  const packet = /<x:xmpmeta[\s\S]*?<\/x:xmpmeta>/.exec(readFileSync(path, 'latin1'))?.[0];
  if (packet === undefined) return null;
  return (name) => Number(new RegExp(`[:]${name}(?:="|>)([^"<]*)`).exec(packet)?.[1] ?? Number.NaN);
}

/** Pose and calibrated camera from the tags of an image, as DJI writes them. */
export function readTags(
  path: string,
  size: { columns: number; rows: number },
  origin: GeodeticPosition,
): { camera: Camera; pose: Pose } | null {
  const xmp = readXmp(path);
  const dewarp = /DewarpData="[^;]*;([^"]*)"/.exec(readFileSync(path, 'latin1'))?.[1];
  if (xmp === null || dewarp === undefined) return null;
  const [focalPixels, , , , k1, k2, p1, p2, k3] = dewarp.split(',').map(Number) as number[];
  const distortion = { k1: k1!, k2: k2!, k3: k3!, p1: p1!, p2: p2! };
  const position = {
    latitudeDegrees: xmp('GpsLatitude'),
    longitudeDegrees: xmp('GpsLongitude'),
    heightMeters: xmp('AbsoluteAltitude'),
  };
  return {
    camera: simpleCamera({ ...size, focalPixels: focalPixels!, distortion }),
    pose: {
      center: geodeticToEnu(position, origin),
      // The generator's attitudes stand in the level plane of the origin, not of the camera.
      rotation: gimbalRotation({
        yaw: xmp('GimbalYawDegree'),
        pitch: xmp('GimbalPitchDegree'),
        roll: xmp('GimbalRollDegree'),
      }),
    },
  };
}
