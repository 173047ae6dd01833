import { isoTimeOf } from './capture-time.ts';
import { type RecordedTags, textOf, xmpText } from './recorded-tags.ts';

/** Programs that turn, crop or recompress what they save. */
const EDITORS =
  /photoshop|lightroom|gimp|photo viewer|fotoanzeige|picasa|snapseed|paint|irfanview|acdsee|affinity|darktable|rawtherapee|luminar|faststone/i;

/** The program that seems to have saved an image again after it left the camera, or null. */
export function editorOf(tags: RecordedTags): string | null {
  const programs = [textOf(tags, 'Software'), xmpText(tags, ['xmp:CreatorTool'])];
  return programs.find((program) => program !== null && EDITORS.test(program)) ?? null;
}

/**
 * Minutes between the capture of an image and the last change of its file, null where the tags do not say
 * both: a camera writes its file at once.
 */
export function changedAfterMinutes(tags: RecordedTags): number | null {
  const taken = isoTimeOf(textOf(tags, 'DateTimeOriginal'));
  const modified = isoTimeOf(textOf(tags, 'DateTime') ?? xmpText(tags, ['xmp:ModifyDate']));
  if (taken === null || modified === null) return null;
  return (Date.parse(`${modified}Z`) - Date.parse(`${taken}Z`)) / 60_000;
}
