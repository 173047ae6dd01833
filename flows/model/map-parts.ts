import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ChannelParts } from './channels.ts';
import type { ItemAnswer, RunEnding } from './engine.ts';

/** A part of a large map. */
export interface MapPart {
  /** Its items, in a file. */
  readonly page: ArtifactRef;
  readonly count: number;
  /** Answers of an earlier run of the same items. */
  readonly known?: ArtifactRef;
  /** How it ended there, when all of its items ended well: it need not run again. */
  readonly done?: PartEnd;
}

/** How a large map is divided. */
export interface MapPlan {
  /** Items of the list. */
  readonly count: number;
  readonly layout: ArtifactRef;
  readonly parts: readonly MapPart[];
}

/** How a part of a large map ended. */
export interface PartEnd {
  readonly answers: ArtifactRef;
  /** Items of the list that failed in it, those that share a key counted each. */
  readonly failed: number;
  /** Writes to channels, in the order of the list. */
  readonly writes: ChannelParts;
  /** What ended the whole run, when something in an item did. */
  readonly ending?: RunEnding;
}

/** The end of a part whose answers are all known, or `undefined` when one is missing or failed. */
export function endOfKnown(
  places: readonly number[],
  known: readonly ItemAnswer[],
  answers: ArtifactRef,
): PartEnd | undefined {
  const done = new Map(known.map((answer) => [answer.index, answer]));
  if (places.some((index) => done.get(index)?.value === undefined)) return undefined;
  const writes: Record<string, ChannelParts[string][number][]> = {};
  for (const index of places) {
    for (const [name, values] of Object.entries(done.get(index)!.writes ?? {})) {
      (writes[name] ??= []).push(...values);
    }
  }
  return { answers, failed: 0, writes };
}
