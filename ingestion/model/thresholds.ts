import type { ChangedThresholds, FlightThresholds } from '../../contracts/flight-thresholds.ts';

/** The limits that hold where a request states no others. */
export const defaultThresholds: FlightThresholds = {
  minImages: 3,
  maxErrorShare: 0.1,
  blurErrorOffset: 0.08,
  blurErrorNmads: 6,
  blurWarningOffset: 0.05,
  blurAlwaysError: 0.55,
  underexposedMean: 0.1,
  underexposedClipLow: 0.2,
  overexposedMean: 0.92,
  overexposedClipHigh: 0.2,
  motionBlurWarning: 0.5,
  motionBlurError: 1.5,
  forwardOverlapWarning: 0.7,
  forwardOverlapError: 0.6,
  sideOverlapWarning: 0.6,
  sideOverlapError: 0.4,
  lowOverlapShare: 0.1,
  minImagesOnGround: 3,
  maxHoleShare: 0.01,
  maxUncoveredShare: 0.01,
  maxGsdRatio: 1.3,
  tiltInfo: 5,
  tiltWarning: 15,
  nadirTilt: 15,
  maxSpeed: 60,
  maxSpeedMultirotor: 30,
  maxCrab: 30,
  maxCrabShare: 0.2,
  maxTimeStepRatio: 20,
  editedAfterMinutes: 10,
  thumbnailAdvantage: 0.2,
  turnAdvantage: 5,
  altitudeOutlierMeters: 50,
  altitudeOutlierNmads: 8,
  positionOutlierMeters: 3000,
  positionOutlierRatio: 10,
  maxPositionDifference: 1,
  maxFocalDifference: 0.005,
  datumOffset: 5,
  datumSpread: 2,
  sameCaptureMeters: 0.01,
  sameCaptureHashBits: 2,
  sameCaptureFootprintShare: 0.02,
  controlRaysError: 2,
  controlRaysWarning: 3,
  controlPointsError: 3,
  controlPointsWarning: 5,
  minControlShare: 0.25,
  maxGroundDistance: 20_000,
};

/** The limits of one flight: the defaults, but for what its request changes. */
export function thresholdsWith(changed: ChangedThresholds | undefined): FlightThresholds {
  // A limit that is there and undefined would hide its default.
  const stated = Object.entries(changed ?? {}).filter(([, limit]) => limit !== undefined);
  return { ...defaultThresholds, ...Object.fromEntries(stated) };
}

/** The limits as a manifest keeps them: one that judges an area of interest says nothing without one. */
export function keptThresholds(
  limits: FlightThresholds,
  hasBoundary: boolean,
): Partial<FlightThresholds> {
  const { maxUncoveredShare, ...others } = limits;
  return hasBoundary ? { ...others, maxUncoveredShare } : others;
}
