import { describe, expect, it } from '@jest/globals';
import { mediaTypes } from '../../../../contracts/artifacts.ts';
import type { ReferenceFile } from '../../../../contracts/scene-registration.ts';
import { bandsToCompare } from '../../../../geolocalization/model/registration/bands-to-compare.ts';
import { chosenBands } from '../../../../geolocalization/model/registration/chosen-bands.ts';

const of = (...wavelengths: (number | null)[]) => ({ bands: wavelengths.length, wavelengths });
const RGB = [0.665, 0.56, 0.49] as const;

describe('bandsToCompare()', () => {
  it.each([
    ['neither', { bands: 4 }, { bands: 1 }, [0, 1, 2], [0]],
    ['only the scene', of(...RGB, 0.84), { bands: 3 }, [0, 1, 2], [0, 1, 2]],
    ['only the reference', { bands: 2 }, of(0.84), [0], [0]],
    ['one of them for no band', of(null, null, null), of(0.84), [0, 1, 2], [0]],
  ])('takes a luminance when %s tells wavelengths', (_who, scene, reference, one, other) => {
    const expected = { scene: one, reference: other, wavelengths: null };
    expect(bandsToCompare(scene, reference)).toEqual(expected);
  });

  it('takes a luminance when both start with the same colors, in any order', () => {
    const landsat = of(0.482, 0.5615, 0.6545, 0.865);
    const { scene, reference, wavelengths } = bandsToCompare(of(...RGB, 0.842), landsat);
    expect([scene, reference, wavelengths]).toEqual([[0, 1, 2], [0, 1, 2], null]);
  });

  it('takes the nearest pair', () => {
    expect(bandsToCompare(of(...RGB, 0.842), of(0.86))).toEqual({
      scene: [3],
      reference: [0],
      wavelengths: { scene: 0.842, reference: 0.86 },
    });
    expect(bandsToCompare(of(0.7), of(1.6, null, 0.76, 0.72))).toMatchObject({
      scene: [0],
      reference: [3],
    });
  });

  it('takes the pair of one color where the first three bands are others', () => {
    const coastalFirst = of(0.443, 0.49, 0.56, 0.665);
    expect(bandsToCompare(of(...RGB), coastalFirst)).toMatchObject({
      scene: [2],
      reference: [1],
      wavelengths: { scene: 0.49, reference: 0.49 },
    });
  });

  it('takes the shorter wavelength of pairs as near, but for rounding', () => {
    // 0.66 - 0.65 and 0.51 - 0.5 differ in their last digits.
    expect(bandsToCompare(of(0.66, 0.51), of(0.65, 0.5))).toMatchObject({
      scene: [1],
      reference: [1],
    });
    expect(bandsToCompare(of(0.6), of(0.65, 0.55))).toMatchObject({ reference: [1] });
  });

  it('takes a luminance when no pair is near', () => {
    const thermal = bandsToCompare(of(...RGB), of(10.9));
    expect(thermal).toEqual({ scene: [0, 1, 2], reference: [0], wavelengths: null });
    expect(bandsToCompare(of(0.8), of(0.9)).wavelengths).not.toBeNull();
    expect(bandsToCompare(of(0.8), of(0.901)).wavelengths).toBeNull();
  });
});

describe('chosenBands()', () => {
  const file = (bands: number[], wavelengths?: (number | null)[]): ReferenceFile => ({
    name: 'x.tif',
    file: { sha256: 'a'.repeat(64), bytes: 1, mediaType: mediaTypes.geoTiff },
    transform: [0, 1, 0, 0, 0, -1],
    map: { epsg: 32632 },
    width: 1,
    height: 1,
    bands,
    ...(wavelengths === undefined ? {} : { wavelengths }),
  });
  const main = file([0], [0.842]);

  it('takes of each further reference the band that is nearest to that of the scene', () => {
    const others = [file([0, 1, 2], [0.49, 0.865, 0.705]), file([0], [0.49]), file([0, 1, 2])];
    const { bands, references, comparedBands } = chosenBands(of(...RGB, 0.84), [main, ...others]);
    expect(bands).toEqual([3]);
    expect(references.map((reference) => reference.bands)).toEqual([[0], [1], [0], [0, 1, 2]]);
    const wavelengths = { scene: 0.84, reference: 0.842 };
    expect(comparedBands).toEqual({ scene: [3], reference: [0], wavelengths });
  });

  it('leaves the references as they are when wavelengths do not decide', () => {
    const chosen = chosenBands({ bands: 4 }, [main, file([0, 1, 2], [...RGB])]);
    expect(chosen).toEqual({ bands: [0, 1, 2], references: [main, file([0, 1, 2], [...RGB])] });
  });
});
