import type { ArtifactRef } from './artifacts.ts';

/** Which run has ended, and what its result refers to: all else that it wrote is given back. */
export interface ReclaimRequest {
  runKey: string;
  keep: ArtifactRef[];
}

export interface Reclaimed {
  files: number;
  bytes: number;
}

/** What is to be removed because it is long over. */
export interface ExpiryRequest {
  /** Age, in milliseconds, from which on a finished run is removed, with its results. */
  olderThanMs: number;
  /** Counts what would be removed, and removes nothing. */
  isDryRun: boolean;
}

/** What was removed, or would be in a dry run. */
export interface Expired {
  runs: number;
  files: number;
  bytes: number;
  /** Results of costly steps that were kept for later runs. */
  remembered: number;
}
