import type { Cutout, CutoutOptions } from './cut-out.ts';
import type { NetworkSource } from './network.ts';

/**
 * One image for a process that removes backgrounds. Files travel by their paths: bytes in messages are
 * copied twice on each side, and collecting them as garbage took a tenth of the time of the whole.
 */
export interface CutoutRequest {
  /** Path of the image. */
  file: string;
  /** Path where the cut-out is to be written, if there is a subject. */
  target: string;
  /** Null for the method for plain backdrops. */
  network: NetworkSource | null;
  options: CutoutOptions;
}

/** A cut-out whose file, if there is a subject, has been written. */
export type WrittenCutout = Omit<Cutout, 'bytes'>;

/** What such a process answers with. */
export type AnswerMessage = { residentBytes: number } & (
  | { cutout: WrittenCutout }
  /** `isPermanent` is false for what another attempt may mend. */
  | { failure: { type: string; message: string; isPermanent: boolean } }
);
