import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidInput } from '../../contracts/failures.ts';
import { parseRequest } from '../../contracts/parse-request.ts';

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
