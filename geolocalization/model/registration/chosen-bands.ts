import type { SceneLocation } from '../../../contracts/geolocalization.ts';
import type { RegistrationPlan } from '../../../contracts/scene-registration-plan.ts';
import type { ReferenceFile } from '../../../contracts/scene-registration.ts';
import { bandsToCompare, nearestBand } from './bands-to-compare.ts';

/**
 * The bands of a scene and of each of its references that are compared: the first reference decides which of
 * the scene, and each of the others shows the one that is nearest to that, or as without wavelengths.
 */
export function chosenBands(
  scene: Pick<SceneLocation, 'bands' | 'wavelengths'>,
  references: readonly [ReferenceFile, ...ReferenceFile[]],
): Pick<RegistrationPlan, 'references' | 'comparedBands'> & { bands: number[] } {
  const known = { bands: scene.bands ?? 1, wavelengths: scene.wavelengths };
  const compared = bandsToCompare(known, knownBands(references[0]));
  const { wavelengths } = compared;
  if (wavelengths === null) return { bands: compared.scene, references: [...references] };
  const chosen = references.map((file) => {
    const nearest = nearestBand(wavelengths.scene, knownBands(file));
    return nearest === null ? file : { ...file, bands: [nearest.band] };
  });
  return { bands: compared.scene, references: chosen, comparedBands: { ...compared, wavelengths } };
}

function knownBands({ bands, wavelengths }: ReferenceFile) {
  return { bands: wavelengths?.length ?? bands.length, wavelengths };
}
