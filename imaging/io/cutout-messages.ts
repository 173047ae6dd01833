import type { Cutout, CutoutOptions } from './cut-out.ts';
import type { NetworkSource } from './network.ts';

/** One image for a process that removes backgrounds: its encoded bytes, never its pixels. */
export interface CutoutRequest {
  image: Uint8Array;
  /** Null for the method for plain backdrops. */
  network: NetworkSource | null;
  options: CutoutOptions;
}

/** The message that comes after the bytes of the image. */
export type RequestMessage = Omit<CutoutRequest, 'image'>;

/** What such a process answers with, after the bytes of the cut-out if there is one. */
export type AnswerMessage = { residentBytes: number } & (
  | { cutout: Omit<Cutout, 'bytes'> }
  /** `isPermanent` is false for what another attempt may mend. */
  | { failure: { type: string; message: string; isPermanent: boolean } }
);
