import { type RecordedTags, textOf, xmpText } from './recorded-tags.ts';

const TIME =
  /^(\d{4})[:-](\d{2})[:-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|[+-]\d{2}:\d{2})?$/;

/**
 * When the image was taken, as local ISO time without zone: cameras write the time of their clock.
 *
 * @returns null when the tags state none that exists in a calendar.
 *
 * @example
 * readCaptureTime({ exif: { DateTimeOriginal: '2016:06:23 16:32:50' }, xmp: {} });
 * // '2016-06-23T16:32:50'
 */
export function readCaptureTime(tags: RecordedTags): string | null {
  const original = textOf(tags, 'DateTimeOriginal');
  const fraction = /^\d{1,9}$/.exec(textOf(tags, 'SubSecTimeOriginal') ?? '')?.[0];
  return (
    isoTime(original, fraction) ??
    isoTime(xmpText(tags, ['exif:DateTimeOriginal', 'xmp:CreateDate']), undefined)
  );
}

/** A time of the tags as local ISO time without zone; null when it is none of a calendar. */
export function isoTimeOf(text: string | null): string | null {
  return isoTime(text, undefined);
}

function isoTime(text: string | null, fraction: string | undefined): string | null {
  const found = text === null ? null : TIME.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, stated] = found;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // A date that does not exist, such as month 0 or February 30, does not come back as it went in.
  const date = new Date(`${iso}Z`);
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(iso)) return null;
  const decimals = stated ?? fraction;
  return decimals === undefined ? iso : `${iso}.${decimals}`;
}
