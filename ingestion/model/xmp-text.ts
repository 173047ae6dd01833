/** Longer packets do not occur with cameras; what stands behind is not read. */
const MAX_LENGTH = 1_000_000;

// Every repetition has a bound, so that no packet makes the search take long.
const ATTRIBUTE = /([\w-]{1,40}:\w{1,60})\s{0,20}=\s{0,20}(?:"([^"<]{0,500})"|'([^'<]{0,500})')/g;
const ELEMENT =
  /<([\w-]{1,40}:\w{1,60})(?:\s[^<>]{0,200})?>(?:\s{0,40}<rdf:(?:Seq|Bag|Alt)>\s{0,40}<rdf:li(?:\s[^<>]{0,100})?>)?([^<]{0,500})(?=<)/g;

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

/**
 * Reads the simple properties of an XMP packet: attributes, elements, and the first item of a list.
 *
 * The packet is never parsed as XML: entities that it declares are not expanded and nothing is
 * fetched, so a hostile packet is only text. Of a property that occurs twice the first counts.
 *
 * @example
 * xmpProperties('<rdf:Description drone-dji:GimbalYawDegree="+92.90"/>');
 * // { 'drone-dji:GimbalYawDegree': '+92.90' }
 */
export function xmpProperties(packet: string): Record<string, string> {
  const text = packet.slice(0, MAX_LENGTH);
  const properties: Record<string, string> = Object.create(null);
  for (const pattern of [ATTRIBUTE, ELEMENT]) {
    for (const [, name, first, second] of text.matchAll(pattern)) {
      if (name !== undefined) properties[name] ??= unescaped(first ?? second ?? '');
    }
  }
  return { ...properties };
}

function unescaped(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => NAMED[name] ?? '');
}
