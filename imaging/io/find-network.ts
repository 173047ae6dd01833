import { join } from 'node:path';
import { z } from 'zod';
import { PermanentTaskFailure } from '../../flows/build/permanent-task-failure.ts';
import type { Settings } from '../../platform/configuration.ts';
import {
  digestOfFile,
  isWeightsId,
  knownWeights,
  modelFolder,
  weightsPath,
} from '../../platform/model-weights.ts';
import {
  type KnownProfile,
  knownProfiles,
  type ModelProfile,
  modelProfileSchema,
} from '../model/model-profile.ts';
import type { NetworkSource } from './network.ts';

const profileNames = Object.keys(knownProfiles) as [KnownProfile, ...KnownProfile[]];

/** Which network removes the background: one that is known, or a file of your own. */
export const modelChoiceSchema = z.union([
  z.enum(['u2netp', 'u2net']),
  z.object({
    /** Name of a file in the model folder; it is no path, so that a flow reaches no other file. */
    file: z.string().regex(/^[\w-][\w.-]*\.onnx$/, 'must be the name of a .onnx file'),
    /** Of the file: results are remembered by it, and a file that was exchanged is noticed. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    profile: z.union([z.enum(profileNames), modelProfileSchema]),
    licence: z.string().max(100).default('unknown'),
  }),
]);

export type ModelChoice = z.output<typeof modelChoiceSchema>;

/** What a result says about the network that made it. */
export const usedModelSchema = z.object({
  id: z.string(),
  sha256: z.string(),
  licence: z.string(),
});

export interface FoundNetwork {
  source: NetworkSource;
  used: z.infer<typeof usedModelSchema>;
}

/**
 * Finds a network in the model folder and makes sure that it is the right one. Nothing is fetched here.
 *
 * @throws {PermanentTaskFailure} `ModelMissing` or `ModelMismatch`, which say what to type.
 */
export async function findNetwork(choice: ModelChoice, settings: Settings): Promise<FoundNetwork> {
  const { id, path, sha256, profile, licence, remedy } = wanted(choice, settings);
  const found = await digestOfFile(path);
  if (found === null) {
    throw new PermanentTaskFailure(
      'ModelMissing',
      `Cannot remove backgrounds as model "${id}" is not in "${modelFolder(settings)}": ${remedy}`,
    );
  }
  if (found.sha256 !== sha256) {
    throw new PermanentTaskFailure(
      'ModelMismatch',
      `Cannot use model "${id}" as its SHA-256 is ${found.sha256}, and ${sha256} is needed: ${remedy}`,
    );
  }
  return {
    source: { id, path, sha256, profile, bytes: found.bytes },
    used: { id, sha256, licence },
  };
}

function wanted(choice: ModelChoice, settings: Settings) {
  if (typeof choice === 'string' && isWeightsId(choice)) {
    const { sha256, licence } = knownWeights[choice];
    return {
      id: choice,
      path: weightsPath(settings, choice),
      sha256,
      profile: knownProfiles.u2net as ModelProfile,
      licence,
      remedy: `type "skyloom models fetch ${choice}"`,
    };
  }
  const { file, sha256, profile, licence } = choice as Exclude<ModelChoice, string>;
  return {
    id: file,
    path: join(modelFolder(settings), file),
    sha256,
    profile: typeof profile === 'string' ? (knownProfiles[profile] as ModelProfile) : profile,
    licence,
    remedy:
      'put the file there, or correct the name or the digest ("skyloom models list" has both)',
  };
}
