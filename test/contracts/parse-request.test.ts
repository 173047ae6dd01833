import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInput } from '../../contracts/failures.ts';
import { parseRequest, unknownFields } from '../../contracts/parse-request.ts';

describe('parseRequest()', () => {
  it('takes the original contract: snake_case keys, the type in any letter case', () => {
    expect(parseRequest({ image_path: '/data/f7', image_type: 'navad' })).toEqual({
      imagePath: '/data/f7',
      imageType: 'Navad',
    });
  });

  it('passes over unknown keys and fields that are null', () => {
    expect(
      parseRequest({ imagePath: '/f', imageType: 'Satellite', job_id: null, colour: 'red' }),
    ).toEqual({ imagePath: '/f', imageType: 'Satellite' });
  });

  it('takes a search area across the antimeridian, and none the long way round', () => {
    const scene = { imagePath: '/f', imageType: 'Satellite' };
    for (const searchArea of [
      [179, -18, -179, -16],
      [11, 47, 12, 48],
    ]) {
      expect(parseRequest({ ...scene, searchArea })).toMatchObject({ searchArea });
    }
    for (const searchArea of [
      [12, 47, 11, 48],
      [11, 48, 12, 47],
      [11, 47, 11, 48],
    ]) {
      expect(() => parseRequest({ ...scene, searchArea })).toThrow(
        /it has to be west, south, east, north with (west below east, or above it across the antimeridian|south below north)/,
      );
    }
  });

  it('refuses what is nearly a known field, and names what is not', () => {
    const good = { imagePath: '/f', imageType: 'Navad' };
    expect(() => parseRequest({ ...good, chek_points: 'a.txt' })).toThrow(
      'Cannot start as "chekPoints" is not known (Did you mean checkPoints?)',
    );
    expect(() => parseRequest({ image_pth: '/f', image_type: 'Navad' })).toThrow(
      'imagePath is missing; "imagePth" is not known (Did you mean imagePath?)',
    );
    expect(unknownFields({ ...good, colour: 'red', requested_by: 'me', job_id: 'x' })).toEqual([
      'colour',
      'requestedBy',
    ]);
    expect(unknownFields('text')).toEqual([]);
  });

  it.each([
    [undefined, 'must be an object'],
    [null, 'must be an object'],
    [[], 'must be an object'],
    ['Navad', 'must be an object'],
    [{}, 'imagePath is missing; imageType is missing'],
    [{ imagePath: '/f' }, 'imageType is missing'],
    [{ imagePath: '/f', imageType: 'Drone' }, 'must be "Navad" or "Satellite": found "Drone"'],
    [{ imagePath: 7, imageType: 'Navad' }, 'imagePath is not usable'],
    [{ imagePath: ' ', imageType: 'Navad' }, 'imagePath is not usable'],
    [{ imagePath: '/f', imageType: 'Navad', force: 'yes' }, 'force is not usable'],
  ])('refuses %j with a sentence', (input, words) => {
    expect(() => parseRequest(input)).toThrow(words);
  });

  it('throws nothing but its refusal, whatever is sent', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        try {
          parseRequest(input);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput);
        }
      }),
    );
  });
});
