import type { FlightImage, ImageDescription } from '../../contracts/flight.ts';
import { type Camera, type Pose, simpleCamera } from '../../maths/camera.ts';
import { areaOf, footprintOf, tiltOf } from '../../maths/footprint.ts';
import { geodeticToEnu } from '../../maths/geodesy.ts';
import { planeGround } from '../../maths/ground.ts';
import { frameTurn } from '../../maths/local-frames.ts';
import type { Place, Polygon } from '../../maths/polygon.ts';
import { gimbalRotation, multiply } from '../../maths/rotation.ts';
import type { GroundBelow } from './ground-below.ts';

/** The level frame of a flight: meters east and north of its middle, up from its ground. */
export interface FlightFrame {
  latitude: number;
  longitude: number;
  /** Altitude of the ground, in the datum of the flight; null where nothing tells it. */
  groundAltitude: number | null;
  /** Whether a person stated that altitude: then it goes before what the flight records above its take-off. */
  isGroundStated?: boolean | undefined;
  /** The ground model of the flight, where there is one. */
  ground?: GroundBelow | undefined;
}

/** What the height of an image above the ground is taken from. */
export type HeightSource = 'groundModel' | 'statedGround' | 'takeOff' | 'levelGround';

/** An image in the frame of its flight; what its record does not tell is null. */
export interface PlacedImage {
  name: string;
  /** Of the image among those of the flight, in order of name. */
  rank: number;
  place: Place;
  capturedAt: string | null;
  /** Above the ground, meters. */
  height: number | null;
  heightSource: HeightSource | null;
  camera: Camera | null;
  pose: Pose | null;
  footprint: Polygon | null;
  /** Square root of the footprint's area over its pixels, meters. */
  gsd: number | null;
  tiltDegrees: number | null;
  /** Azimuth that the top of the image points to, degrees clockwise from north. */
  topAzimuth: number | null;
  description: ImageDescription;
}

/** @returns null without a position. */
export function placeImage(
  { name, description }: FlightImage,
  rank: number,
  frame: FlightFrame,
): PlacedImage | null {
  if (description === null || description.position === null) return null;
  const { latitude, longitude } = description.position;
  const origin = originOf(frame);
  const here = {
    latitudeDegrees: latitude,
    longitudeDegrees: longitude,
    heightMeters: origin.heightMeters,
  };
  const [east, north] = geodeticToEnu(here, origin);
  const above = heightAboveGround(description, frame);
  const height = above?.meters ?? null;
  const camera = cameraOf(description);
  const { attitude } = description;
  const rotation =
    attitude === null ? null : multiply(frameTurn(here, origin), gimbalRotation(attitude));
  const pose: Pose | null =
    rotation === null || height === null ? null : { center: [east, north, height], rotation };
  const outline =
    camera === null || pose === null ? null : footprintOf(camera, pose, planeGround(0));
  const { width, height: rows } = description;
  return {
    name,
    rank,
    place: [east, north],
    capturedAt: description.capturedAt,
    height,
    heightSource: above?.source ?? null,
    camera,
    pose,
    footprint: outline?.map(([x, y]): Place => [x, y]) ?? null,
    gsd: outline === null ? null : Math.sqrt(areaOf(outline) / (width * rows)),
    tiltDegrees: rotation === null ? null : tiltOf(rotation),
    // The top of the image is at -y of the camera.
    topAzimuth:
      rotation === null ? null : (Math.atan2(-rotation[0][1], -rotation[1][1]) * 180) / Math.PI,
    description,
  };
}

/** Origin of the frame, as the geodesy takes it. */
export function originOf({ latitude, longitude, groundAltitude }: FlightFrame) {
  return {
    latitudeDegrees: latitude,
    longitudeDegrees: longitude,
    heightMeters: groundAltitude ?? 0,
  };
}

/**
 * By the ground model, where there is one below the image; else over the ground that a person states. Else the
 * record above take-off, which is good to decimeters on flat ground; an altitude alone needs the ground's own.
 */
function heightAboveGround(
  { relativeAltitude, position }: ImageDescription,
  { groundAltitude, isGroundStated, ground }: FlightFrame,
): { meters: number; source: HeightSource } | null {
  const altitude = position?.altitude ?? null;
  const below =
    position === null || ground === undefined
      ? null
      : ground.heightAt(position.longitude, position.latitude);
  if (altitude !== null && below !== null) {
    const meters = altitude - below - ground!.offset;
    if (meters > 0) return { meters, source: 'groundModel' };
  }
  const overGround =
    altitude === null || groundAltitude === null || altitude <= groundAltitude
      ? null
      : altitude - groundAltitude;
  if (overGround !== null && isGroundStated === true) {
    return { meters: overGround, source: 'statedGround' };
  }
  if (relativeAltitude !== null && relativeAltitude > 0) {
    return { meters: relativeAltitude, source: 'takeOff' };
  }
  return overGround === null ? null : { meters: overGround, source: 'levelGround' };
}

/** Null without a focal length, and for a fisheye lens, which follows another law. */
export function cameraOf(description: ImageDescription): Camera | null {
  const { width, height, focalPixels, calibration, lens } = description;
  if (focalPixels === null || width === 0 || lens === 'fisheye') return null;
  if (calibration === null || calibration === undefined) {
    return simpleCamera({ columns: width, rows: height, focalPixels });
  }
  const { focalX, focalY, centerX, centerY, k1, k2, k3, p1, p2 } = calibration;
  const distortion = { k1, k2, k3, p1, p2 };
  return { columns: width, rows: height, focalX, focalY, centerX, centerY, distortion };
}
