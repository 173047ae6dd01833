import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { AdmittedRequest, Verdict } from '../../contracts/automation.ts';
import type { LocatedScenes, SceneLocation } from '../../contracts/geolocalization.ts';
import type { SceneRegistration } from '../../contracts/scene-registration.ts';
import { listWords } from './words.ts';

/** A scene of the report: what its file says, what the comparison gave, and its documents by name. */
export interface SceneOfReport extends SceneLocation {
  /** Only when the request gives a reference. */
  registration?: SceneRegistration;
  documents: Record<string, ArtifactRef>;
}

/** The result of a satellite request as a document: every scene with its place, or why it has none. */
export interface ScenesReport {
  schemaVersion: 1;
  imageType: 'Satellite';
  jobId: string;
  message: string;
  verdict: Verdict;
  counts: { images: number; usable: number; failed: number };
  scenes: SceneOfReport[];
  notEvaluated: string[];
}

/** Scenes whose sentences are part of the message; all are in the report. */
const NAMED_SCENES = 3;

export function scenesReport(
  request: AdmittedRequest,
  scenes: SceneOfReport[],
  { verdict }: LocatedScenes,
): ScenesReport {
  const isCompared = request.reference !== undefined;
  const usable = scenes.filter(isUsable).length;
  const sentences = scenes.map(sentenceOf);
  const how = isCompared ? 'against the reference' : 'by their own georeference';
  return {
    schemaVersion: 1,
    imageType: 'Satellite',
    jobId: request.jobId,
    message: `Scenes "${request.jobId}": ${usable} of ${scenes.length} located ${how}; ${listWords(sentences, NAMED_SCENES)}`,
    verdict,
    counts: { images: scenes.length, usable, failed: scenes.length - usable },
    scenes,
    notEvaluated: request.notEvaluated,
  };
}

function isUsable({ status, registration }: SceneOfReport): boolean {
  // One that states nothing may have been found by a search.
  return registration === undefined ? status === 'stated' : registration.status === 'LOCATED';
}

function sentenceOf({ name, reason, registration }: SceneOfReport): string {
  if (registration === undefined) return reason;
  const { displacement, circularError90, status, findings = [] } = registration;
  const words = [`Scene "${name}" is ${status}`, ...findings.map(({ message }) => message)];
  if (displacement !== null && findings.length === 0) {
    const { eastMeters, northMeters } = displacement;
    words.push(
      `lies ${Math.abs(eastMeters).toFixed(2)} m too far ${eastMeters < 0 ? 'west' : 'east'} and ${Math.abs(northMeters).toFixed(2)} m too far ${northMeters < 0 ? 'south' : 'north'}`,
    );
  }
  if (circularError90 !== null) {
    words.push(`CE90 ${circularError90.meters.toFixed(2)} m after the correction`);
  }
  return displacement === null ? `${words[0]}: ${registration.reason}` : words.join(', ');
}
