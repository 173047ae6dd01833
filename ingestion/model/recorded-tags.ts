/**
 * What the camera wrote about an image, before anything is believed.
 *
 * `exif` maps a tag's name to text, or to its numbers: a rational with a zero denominator is NaN.
 * `xmp` maps `prefix:Name`, as it stands in the packet, to the text.
 */
export interface RecordedTags {
  exif: Readonly<Record<string, string | readonly number[]>>;
  xmp: Readonly<Record<string, string>>;
}

/** A tag as text without padding; null when it is absent, empty or not text. */
export function textOf(tags: RecordedTags, name: string): string | null {
  const value = tags.exif[name];
  return typeof value === 'string' ? trimmed(value) : null;
}

/** The first of the XMP properties that says anything. */
export function xmpText(tags: RecordedTags, names: readonly string[]): string | null {
  for (const name of names) {
    const value = trimmed(tags.xmp[name] ?? '');
    if (value !== null) return value;
  }
  return null;
}

/** The first finite number of a tag; null when there is none. */
export function numberOf(tags: RecordedTags, name: string): number | null {
  const value = tags.exif[name];
  const number = typeof value === 'string' ? Number.NaN : (value?.[0] ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** An XMP property as a number: `+12.30` or `136169/100`; null when it is absent or something else. */
export function xmpNumber(tags: RecordedTags, names: readonly string[]): number | null {
  const text = xmpText(tags, names);
  const found = text === null ? null : NUMBER.exec(text);
  if (found === null) return null;
  const number = Number(found[1]) / Number(found[2] ?? 1);
  return Number.isFinite(number) ? number : null;
}

const NUMBER =
  /^([+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:e[+-]?\d{1,3})?)(?:\/(\d{1,20}))?$/i;

function trimmed(text: string): string | null {
  const kept = text.replaceAll('\0', '').trim();
  return kept === '' ? null : kept;
}
