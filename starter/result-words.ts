import { stat } from 'node:fs/promises';
import type { AutomationResult, ImageType, Verdict } from '../contracts/automation.ts';
import { isBucketAddress } from '../platform/image-sources.ts';
import { WrongUsage } from './exit-codes.ts';
import { verdictWords } from './terminal.ts';

/** A result as a person reads it. */
export function resultWords({
  imageType,
  jobId,
  verdict,
  message,
  digest,
  notEvaluated,
}: AutomationResult): string {
  const what = imageType === 'Navad' ? 'Flight' : 'Scene';
  const sentences = message.split('; ');
  return [
    `${what} ${jobId}: ${verdictWords(verdict)}`,
    ...sentences.slice(1).map((sentence) => `  - ${sentence}`),
    ...(notEvaluated.length === 0
      ? []
      : [`  - not evaluated by this version: ${notEvaluated.join(', ')}`]),
    `  Digest   ${digest}`,
  ].join('\n');
}

/** Where people find the documents of a result, if they are on this machine. */
export async function resultsLine(folder: string): Promise<string> {
  if (isBucketAddress(folder)) return `  Results  ${folder}`;
  const isHere = await stat(folder).then(
    () => true,
    () => false,
  );
  return `  Results  ${isHere ? folder : `not at ${folder}: cleaned up, or on the storage of the workers`}`;
}

/** Whether the verdict says that what was asked for was not reached. */
export function isNegative(verdict: Verdict): boolean {
  return ['fail', 'unlocated', 'no-match', 'not-comparable'].includes(verdict);
}

/** The image type in any letter case. */
export function parseImageType(type: string): ImageType {
  const known: ImageType[] = ['Navad', 'Satellite'];
  const found = known.find((each) => each.toLowerCase() === type.toLowerCase());
  if (found !== undefined) return found;
  throw new WrongUsage(`Cannot take "${type}" as a type: use navad or satellite`);
}
