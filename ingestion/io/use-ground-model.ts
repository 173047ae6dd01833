import { basename } from 'node:path';
import { InvalidInput } from '../../contracts/failures.ts';
import type { GroundModel } from '../../contracts/flight.ts';
import type { ArtifactStore } from '../../platform/artifact-store.ts';
import { type KnownOfModel, readHeightModel } from '../../platform/height-model.ts';
import type { ManifestBuilder } from '../model/manifest.ts';

/** A ground model on this machine. */
export interface ModelFile extends KnownOfModel {
  path: string;
}

/**
 * The ground model of a flight: the one that was named or lies beside its folder, else the one that came with
 * its images.
 *
 * @param path whole; undefined when there is none.
 */
export async function modelFileOf(
  path: string | undefined,
  kept: GroundModel | undefined,
  store: ArtifactStore,
): Promise<ModelFile | null> {
  if (path !== undefined) return { path, name: basename(path) };
  if (kept === undefined) return null;
  const { file, name, system } = kept;
  return { path: await store.fileOf(file), name, system };
}

/**
 * Gives a flight that was surveyed the ground model that lies below it. One that cannot be used is a finding,
 * and heights above the ground come from elsewhere.
 */
export async function useGroundModel(
  builder: ManifestBuilder,
  model: ModelFile | null,
): Promise<void> {
  const { bounds } = builder;
  if (model === null || bounds === null || !builder.needsGround) return;
  const { path, ...known } = model;
  try {
    const { heightAt } = await readHeightModel(path, bounds, known);
    builder.useGround(heightAt);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    builder.remark({
      code: 'CRS_UNKNOWN',
      severity: 'warning',
      scope: 'file',
      subject: known.name ?? basename(path),
      message: error.message,
      values: {},
    });
  }
}
