import type { AdmittedRequest, Verdict } from '../../contracts/automation.ts';
import type { LocatedScenes, SceneLocation } from '../../contracts/geolocalization.ts';
import { listWords } from './words.ts';

/** The result of a satellite request as a document: every scene with its place, or why it has none. */
export interface ScenesReport {
  schemaVersion: 1;
  imageType: 'Satellite';
  jobId: string;
  message: string;
  verdict: Verdict;
  counts: { images: number; usable: number; failed: number };
  scenes: SceneLocation[];
  notEvaluated: string[];
}

/** Scenes whose sentences are part of the message; all are in the report. */
const NAMED_SCENES = 3;

export function scenesReport(
  request: AdmittedRequest,
  scenes: SceneLocation[],
  { verdict }: LocatedScenes,
): ScenesReport {
  const stated = scenes.filter(({ status }) => status === 'stated').length;
  const sentences = scenes.map(({ reason }) => reason);
  return {
    schemaVersion: 1,
    imageType: 'Satellite',
    jobId: request.jobId,
    message: `Scenes "${request.jobId}": ${stated} of ${scenes.length} located by their own georeference; ${listWords(sentences, NAMED_SCENES)}`,
    verdict,
    counts: { images: scenes.length, usable: stated, failed: scenes.length - stated },
    scenes,
    notEvaluated: request.notEvaluated,
  };
}
