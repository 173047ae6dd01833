/** A definition of real systems has some hundred characters; a long one has some thousand. */
const MAX_CHARACTERS = 20_000;
const WKT_START = /(?:PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|COMPD_CS|COMPOUNDCRS)\[/;

/**
 * The definition of a reference system inside a text that may hold more, such as the citation in a file of
 * Esri's software: WKT up to the bracket that closes it, or a PROJ string.
 *
 * @returns null when there is none.
 *
 * @example
 * definitionIn('ESRI PE String = GEOGCS["GCS_WGS_1984",…]|'); // 'GEOGCS["GCS_WGS_1984",…]'
 */
export function definitionIn(text: string): string | null {
  const start = WKT_START.exec(text)?.index;
  if (start !== undefined) return closedWkt(text.slice(start, start + MAX_CHARACTERS));
  const proj = /\+(?:proj|init)=[^|\r\n]+/.exec(text)?.[0].trim();
  return proj === undefined || proj.length > MAX_CHARACTERS ? null : proj;
}

/** The EPSG code that a definition itself names for the whole of it; null when it names none. */
export function epsgIn(wkt: string): number | null {
  const code = /(?:AUTHORITY\["EPSG",\s*"?|ID\["EPSG",\s*)(\d{4,6})"?\]\s*\]$/i.exec(
    wkt.trim(),
  )?.[1];
  return code === undefined ? null : Number(code);
}

/**
 * What is wrong with the units of a definition: libraries take one without a size for meters, in silence.
 *
 * @returns the name of the first unit that states no size; null when all do.
 */
export function unitWithoutSize(definition: string): string | null {
  const units = definition.matchAll(
    /\b(?:LENGTH|ANGLE|SCALE)?UNIT\s*\[\s*"([^"]*)"\s*(?:,\s*([^,\]]*))?/g,
  );
  for (const [, name, size] of units) {
    const value = Number(size?.trim() || 'none');
    if (!(Number.isFinite(value) && value > 0)) return name!;
  }
  return null;
}

function closedWkt(text: string): string | null {
  let [depth, isQuoted] = [0, false];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (character === '[') depth++;
    if (character === ']' && --depth === 0) return text.slice(0, at + 1);
  }
  return null;
}
