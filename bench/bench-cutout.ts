import type { CutoutRequest } from '../imaging/io/cutout-messages.ts';
import { knownProfiles } from '../imaging/model/model-profile.ts';
import { knownWeights } from '../platform/model-weights.ts';

/** What a cut-out of a bench is asked for, but for its files: the default network, to PNG, whole. */
export function benchCutout(
  name: string,
  weightsPath: string,
  edge: 'none' | 'guided',
  limitBytes: number,
): Pick<CutoutRequest, 'network' | 'options'> {
  const { bytes, sha256 } = knownWeights.u2netp;
  return {
    network: { id: 'u2netp', path: weightsPath, bytes, sha256, profile: knownProfiles.u2net },
    options: {
      name,
      edge,
      format: 'png',
      quality: 90,
      crop: 'none',
      minConfidence: 0.5,
      minCoverage: 0.005,
      limitPixels: 3e8,
      limitBytes,
    },
  };
}
