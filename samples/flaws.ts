import type { Shot } from './flight-plan.ts';

/** What is wrong with an image of the sample on purpose. */
type Flaw = 'truncated' | 'blurred' | 'copy';

/** The bad images by their number: a broken transfer, a shaken shot, and a file copied twice. */
const FLAWS: ReadonlyMap<number, Flaw> = new Map([
  [13, 'truncated'],
  [22, 'blurred'],
  [31, 'copy'],
]);

/** Standard deviation of the blur, in pixels: far more than sharpening could bring back. */
export const BLUR_SIGMA = 6;

/** A shot with what is wrong with its file. */
export interface SampleShot extends Shot {
  flaw?: Flaw;
}

/** Marks the bad images; a copy takes over everything but the name from the image before it. */
export function markFlaws(shots: readonly Shot[]): SampleShot[] {
  return shots.map((shot, index) => {
    const flaw = FLAWS.get(index + 1);
    if (flaw === undefined) return shot;
    return flaw === 'copy' ? { ...shots[index - 1]!, name: shot.name, flaw } : { ...shot, flaw };
  });
}
