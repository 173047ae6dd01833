import { describe, expect, it } from '@jest/globals';
import { parseRpc } from '../../../../geolocalization/model/rpc/parse-rpc.ts';
import {
  type RationalPolynomials,
  statedSigmaMeters,
  UnreadableRpc,
} from '../../../../geolocalization/model/rpc/rational-polynomials.ts';
import { parseRpcTag } from '../../../../geolocalization/model/rpc/rpc-tag.ts';
import { plainRpc } from './model.ts';

const { line, sample, latitude, longitude, height } = plainRpc;

const asText = (rpc: RationalPolynomials) =>
  [
    `LINE_OFF: +000${rpc.line.offset}.00 pixels`,
    `SAMP_OFF: ${rpc.sample.offset} pixels`,
    `LAT_OFF: ${rpc.latitude.offset} degrees`,
    `LONG_OFF: ${rpc.longitude.offset} degrees`,
    `HEIGHT_OFF: ${rpc.height.offset} meters`,
    `LINE_SCALE: ${rpc.line.scale}`,
    `SAMP_SCALE: ${rpc.sample.scale}`,
    `LAT_SCALE: ${rpc.latitude.scale}`,
    `LONG_SCALE: ${rpc.longitude.scale}`,
    `HEIGHT_SCALE: ${rpc.height.scale}`,
    ...rpc.line.numerator.map((value, index) => `LINE_NUM_COEFF_${index + 1}: ${value}`),
    ...rpc.line.denominator.map((value, index) => `LINE_DEN_COEFF_${index + 1}: ${value}`),
    ...rpc.sample.numerator.map((value, index) => `SAMP_NUM_COEFF_${index + 1}: ${value}`),
    ...rpc.sample.denominator.map((value, index) => `SAMP_DEN_COEFF_${index + 1}: ${value}`),
    'ERR_BIAS: 3.0 meters',
    'ERR_RAND: 4.0 meters',
  ].join('\r\n');

const asRpb = (order = 'RPC00B', values: readonly number[] = sample.numerator) => {
  const list = (numbers: readonly number[]) => `(\n\t\t\t${numbers.join(',\n\t\t\t')})`;
  return `satId = "QB02";
bandId = "P";
SpecId = "${order}";
BEGIN_GROUP = IMAGE
\terrBias = 3.0;
\terrRand = 4.0;
\tlineOffset = ${line.offset};
\tsampOffset = ${sample.offset};
\tlatOffset = ${latitude.offset};
\tlongOffset = ${longitude.offset};
\theightOffset = ${height.offset};
\tlineScale = ${line.scale};
\tsampScale = ${sample.scale};
\tlatScale = ${latitude.scale};
\tlongScale = ${longitude.scale};
\theightScale = ${height.scale};
\tlineNumCoef = ${list(line.numerator)};
\tlineDenCoef = ${list(line.denominator)};
\tsampNumCoef = ${list(values)};
\tsampDenCoef = ${list(sample.denominator)};
END_GROUP = IMAGE
END;
`;
};

const tag = [
  [3, 4, line.offset, sample.offset, latitude.offset, longitude.offset, height.offset],
  [line.scale, sample.scale, latitude.scale, longitude.scale, height.scale],
  [line.numerator, line.denominator, sample.numerator, sample.denominator].flat(),
].flat();

describe('parseRpc()', () => {
  it('reads text with units, signs and line ends of Windows', () => {
    expect(parseRpc(asText(plainRpc))).toEqual(plainRpc);
  });

  it('reads an RPB file', () => {
    expect(parseRpc(asRpb())).toEqual(plainRpc);
  });

  it('brings the order of RPC00A, where it is declared, into that of RPC00B', () => {
    // Monomials of RPC00A: PLH is the eighth, LLP the thirteenth, LPP the fifteenth.
    const old = Array<number>(20).fill(0).with(7, 7).with(12, 12).with(14, 14).with(17, 17);
    const { numerator } = parseRpc(asRpb('RPC00A', old)).sample;
    const expected = Array<number>(20).fill(0).with(10, 7).with(14, 12).with(12, 14).with(13, 17);
    expect(numerator).toEqual(expected);
  });

  it.each([
    ['a text that is none', 'FAKE', /form is not known: found "FAKE"/],
    ['an empty text', '', /form is not known/],
    ['XML of another kind', '<?xml version="1.0"?><VRTDataset/>', /XML element "VRTDataset"/],
    ['a missing key', asText(plainRpc).replace('LAT_OFF', 'X'), /LAT_OFF .*found none/],
    ['a word for a number', asText(plainRpc).replace('LAT_OFF: 50', 'LAT_OFF: north'), /"north/],
    ['a missing coefficient', asText(plainRpc).replace('LINE_NUM_COEFF_7', 'X'), /found 19/],
    ['a scale of zero', asText({ ...plainRpc, height: { offset: 1, scale: 0 } }), /height/],
    ['a place off the earth', asText({ ...plainRpc, latitude: { offset: 91, scale: 1 } }), /earth/],
    ['an RPB list that is too short', asRpb('RPC00B', [1, 2]), /found 2/],
    [
      'a version of DIMAP whose first pixel is not known',
      '<Dimap_Document><METADATA_FORMAT version="3.0"/><Rational_Function_Model/></Dimap_Document>',
      /version 2 of DIMAP is needed: found "3.0"/,
    ],
    ['DIMAP without a model', '<Rational_Function_Model/>', /no element "Inverse_Model"/],
  ])('refuses %s', (_, text, words) => {
    expect(() => parseRpc(text)).toThrow(UnreadableRpc);
    expect(() => parseRpc(text)).toThrow(words);
  });
});

describe('parseRpcTag()', () => {
  it('reads the 92 values', () => {
    expect(parseRpcTag(tag)).toEqual(plainRpc);
  });

  it('takes an error of -1 for unknown', () => {
    expect(statedSigmaMeters(parseRpcTag(tag.with(0, -1).with(1, -1)))).toBeNull();
    expect(statedSigmaMeters(parseRpcTag(tag))).toBe(5);
  });

  it('refuses too few values, and denominators of zero', () => {
    expect(() => parseRpcTag(tag.slice(1))).toThrow(/92 values are needed: found 91/);
    expect(() => parseRpcTag(tag.with(32, 0))).toThrow(/line denominator are 0/);
  });
});
