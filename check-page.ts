import { writeFile } from 'node:fs/promises';
import type { CheckedFlight } from './contracts/checked-flight.ts';
import { inlineImages } from './platform/inline-images.ts';
import { checkPage } from './orchestrator/model/check-page.ts';
import type { ArtifactStore } from './platform/artifact-store.ts';

/** Writes what a check found as one file that needs no network, with pictures of the images that have a finding. */
export async function writeCheckPage(
  checked: CheckedFlight,
  store: ArtifactStore,
  path: string,
): Promise<void> {
  const remarked = checked.images.filter(({ findings }) => findings.length > 0);
  const thumbnails = await inlineImages(
    store,
    remarked.map(({ name, description }) => ({ name, ref: description?.thumbnail ?? null })),
  );
  await writeFile(path, checkPage(checked, thumbnails));
}
