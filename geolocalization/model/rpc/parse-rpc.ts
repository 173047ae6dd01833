import { parseDimap } from './rpc-dimap.ts';
import { parseRpb, parseRpbXml } from './rpc-rpb.ts';
import { parseOssimGeometry, parseRpcText } from './rpc-text.ts';
import { type RationalPolynomials, UnreadableRpc } from './rational-polynomials.ts';

/** Real files have some 15 kB; a DigitalGlobe XML with all its parts has some hundred. */
const MAX_CHARACTERS = 16e6;

/**
 * The model in a file beside an image, whichever of the known forms it has; told by its content, as names
 * are not kept everywhere.
 *
 * @throws {UnreadableRpc} when the form is not known, or the numbers in it cannot be used.
 */
export function parseRpc(text: string): RationalPolynomials {
  if (text.length > MAX_CHARACTERS) {
    throw new UnreadableRpc('a text', `it is too long: found ${text.length} characters`);
  }
  if (/<Rational_Function_Model\b/.test(text)) return parseDimap(text);
  if (/<RPB>/i.test(text)) return parseRpbXml(text);
  if (/^\s*lineOffset\s*=/m.test(text)) return parseRpb(text);
  if (/^\s*line_num_coeff_00\s*:/m.test(text)) return parseOssimGeometry(text);
  if (/^\s*LINE_OFF\s*:/im.test(text)) return parseRpcText(text);
  const root = /<([A-Za-z_][\w.-]*)/.exec(text)?.[1];
  throw new UnreadableRpc(
    'a text',
    `its form is not known: found ${root === undefined ? JSON.stringify(text.slice(0, 20)) : `the XML element "${root}"`}`,
  );
}
