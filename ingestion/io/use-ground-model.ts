import { basename } from 'node:path';
import { InvalidInput } from '../../contracts/failures.ts';
import { readHeightModel } from '../../platform/height-model.ts';
import type { ManifestBuilder } from '../model/manifest.ts';

/**
 * Gives a flight that was surveyed the ground model that lies below it. One that cannot be used is a finding,
 * and heights above the ground come from elsewhere.
 *
 * @param path whole; null when there is none.
 */
export async function useGroundModel(builder: ManifestBuilder, path: string | null): Promise<void> {
  const { bounds } = builder;
  if (path === null || bounds === null || !builder.needsGround) return;
  try {
    const model = await readHeightModel(path, bounds);
    builder.useGround(model.heightAt);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    builder.remark({
      code: 'CRS_UNKNOWN',
      severity: 'warning',
      scope: 'file',
      subject: basename(path),
      message: `${error.message}; give a GeoTIFF that states its system, or take it away`,
      values: {},
    });
  }
}
