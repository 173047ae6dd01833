/** The limits that decide on a flight, kept in the manifest beside the decision. Luminance is 0 to 1. */
export const thresholds = {
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
} as const;
