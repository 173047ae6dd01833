import type { Settings } from '../../platform/configuration.ts';
import { digestOfFile } from '../../platform/model-weights.ts';
import { type ExitCode, exitCodes, WrongUsage } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import type { Verification } from '../../verify-artifact.ts';

/** Makes a file again from what is known of its making, and says whether it is the same. */
export async function verify(
  artifact: string,
  settings: Settings,
  terminal: Terminal,
): Promise<ExitCode> {
  const sha256 = await digestIn(artifact);
  const stopping = new AbortController();
  const stop = () => stopping.abort(new Error('The verification was stopped'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  // Loaded here as every other command can do without the decoders.
  const { verifyArtifact } = await import('../../verify-artifact.ts');
  const verification = await verifyArtifact(sha256, settings, stopping.signal);
  terminal.answer(verification, verificationWords(verification));
  return verification.verdict === 'equal' ? exitCodes.done : exitCodes.verdictNegative;
}

async function digestIn(artifact: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(artifact)) return artifact;
  const found = await digestOfFile(artifact);
  if (found !== null) return found.sha256;
  throw new WrongUsage(
    `Cannot verify "${artifact}": give the SHA-256 of an artifact, or a file that is there`,
  );
}

function verificationWords(verification: Verification): string {
  const { verdict, artifact, madeBy, largestDifference, remade, damaged } = verification;
  const { task, version, inputs } = madeBy;
  return [
    `${verdict.toUpperCase()}: ${artifact}`,
    `made by ${task} of version ${version} from ${inputs.length === 0 ? 'no stored file' : inputs.join(', ')}`,
    ...(remade.length === 0
      ? []
      : [`made again from its own origin, as it is no longer stored: ${remade.join(', ')}`]),
    ...(damaged.length === 0
      ? []
      : [`stored, but with other bytes than its name says: ${damaged.join(', ')}`]),
    ...(largestDifference === null
      ? []
      : [`largest difference of a sample: ${largestDifference.toFixed(4)} of 1`]),
  ].join('\n');
}
