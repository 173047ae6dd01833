import type { Cutout, CutoutOptions } from './cut-out.ts';
import type { NetworkSource } from './network.ts';

/** One image for a process that removes backgrounds: its encoded bytes, never its pixels. */
export interface CutoutRequest {
  image: Uint8Array;
  /** Null for the method for plain backdrops. */
  network: NetworkSource | null;
  options: CutoutOptions;
}

/** What such a process answers with. */
export type CutoutAnswer = { residentBytes: number } & (
  | { cutout: Cutout }
  /** `isPermanent` is false for what another attempt may mend. */
  | { failure: { type: string; message: string; isPermanent: boolean } }
);
