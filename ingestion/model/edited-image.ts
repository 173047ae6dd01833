import { type RecordedTags, textOf, xmpText } from './recorded-tags.ts';
import { isoTimeOf } from './capture-time.ts';

/** Programs that turn, crop or recompress what they save. */
const EDITORS =
  /photoshop|lightroom|gimp|photo viewer|fotoanzeige|picasa|snapseed|paint|irfanview|acdsee|affinity|darktable|rawtherapee|luminar|faststone/i;
/** A camera writes its file at once. */
const LATE_MINUTES = 10;

/**
 * Why an image seems to have been saved again by a program after it left the camera, or null: then its
 * pixels may be turned or cropped while its tags speak of the original.
 */
export function editReason(tags: RecordedTags): string | null {
  const programs = [textOf(tags, 'Software'), xmpText(tags, ['xmp:CreatorTool'])];
  const editor = programs.find((program) => program !== null && EDITORS.test(program));
  if (editor !== undefined && editor !== null) return `it was saved by "${editor}"`;
  const taken = isoTimeOf(textOf(tags, 'DateTimeOriginal'));
  const modified = isoTimeOf(textOf(tags, 'DateTime') ?? xmpText(tags, ['xmp:ModifyDate']));
  if (taken === null || modified === null) return null;
  const minutes = (Date.parse(`${modified}Z`) - Date.parse(`${taken}Z`)) / 60_000;
  return minutes > LATE_MINUTES
    ? `it was changed ${Math.round(minutes)} minutes after it was taken`
    : null;
}
