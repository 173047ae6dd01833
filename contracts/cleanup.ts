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
