import { z } from 'zod';
import type { ArtifactRef } from '../../contracts/artifacts.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import type { ItemAnswer } from '../model/engine.ts';
import type { PageItem } from '../model/map-layout.ts';
import { listsOwner } from './stored-lists.ts';

const pageSchema = z.array(z.unknown());

/** The files that one part of a large map reads and writes. */
export function createPageFiles(store: ArtifactStore) {
  /** The items of a part, and what an earlier run knew of them. */
  async function readPage(part: {
    page: ArtifactRef;
    known?: ArtifactRef;
  }): Promise<{ page: readonly PageItem[]; known: readonly ItemAnswer[] }> {
    return {
      page: (await store.readJson(part.page, pageSchema)) as PageItem[],
      known: part.known === undefined ? [] : await readAnswers(store, part.known),
    };
  }

  /** Writes down what the items of a part gave. */
  async function writeAnswers(part: {
    runKey: string;
    answers: readonly ItemAnswer[];
  }): Promise<ArtifactRef> {
    return store.addJson(listsOwner(part.runKey), part.answers);
  }

  return { readPage, writeAnswers };
}

export type PageFiles = ReturnType<typeof createPageFiles>;

/** What the items of a part gave, as `writeAnswers` wrote it. */
export async function readAnswers(store: ArtifactStore, ref: ArtifactRef): Promise<ItemAnswer[]> {
  return (await store.readJson(ref, pageSchema)) as ItemAnswer[];
}
