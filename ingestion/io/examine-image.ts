import type { Finding } from '../../contracts/findings.ts';
import type { ImageDescription, PixelMeasures } from '../../contracts/flight.ts';
import { type FileType, fileTypeOf } from '../model/file-type.ts';
import { imageError, imageWarning, lensFinding } from '../model/finding.ts';
import { foreignFormatOf } from '../model/foreign-format.ts';
import type { GreyRaster } from '../model/grey-raster.ts';
import {
  faultOfFile,
  hasUnreadablePixels,
  judgedByPreview,
  NO_DECODER,
  unreadablePixels,
} from '../model/image-fault.ts';
import { type HeifParts, heifParts } from '../model/heif-parts.ts';
import { type ImageTags, interpretTags, sizeByTags } from '../model/interpret-tags.ts';
import { jpegCoding } from '../model/jpeg-coding.ts';
import { isRaf, rawParts } from '../model/raw-parts.ts';
import type { RecordedTags } from '../model/recorded-tags.ts';
import { thumbnailTurn, type ThumbnailTurn } from '../model/thumbnail-turn.ts';
import { rounded } from '../model/value-spread.ts';
import { readSharedFile } from './image-file.ts';
import { decodeGrey, type ImageHeader, readImageHeader } from './image-pixels.ts';
import { examineInThread, readTagsInThread } from './pixel-threads.ts';

export interface ExaminationOptions {
  /** How findings call the image. */
  name: string;
  /** Images with more pixels are refused by their header. */
  limitPixels: number;
  /** For decoding, and for reading the tags. */
  timeoutSeconds: number;
  /** Images decoded side by side; by default one per core. Counts with the first image. */
  threads?: number;
  /** Memory of the pixels that are decoded at a time; images wait for it. */
  decodeBytes?: number;
}

/** What one look at an image gave. Findings of severity error mean that the pixels cannot be used. */
export interface ImageExamination {
  description: Omit<ImageDescription, 'thumbnail' | 'preview'>;
  /** JPEG, upright. */
  thumbnail: Buffer | null;
  /** Grey JPEG as stored, of at most 640 pixels a side. */
  preview: Buffer | null;
  findings: Finding[];
}

/** One image on its way: its file and what that is. */
interface Subject extends ExaminationOptions {
  file: SharedArrayBuffer;
  bytes: Uint8Array;
  type: FileType;
  deadline: AbortSignal;
}

/** What the pixels gave; a finding where they gave nothing. */
interface Seen {
  measures: PixelMeasures | null;
  thumbnail: Buffer | null;
  preview: Buffer | null;
  grid: GreyRaster | null;
  findings: Finding[];
}

const nothingCoded: HeifParts = { size: null, orientation: null };
const noSize = { width: 0, height: 0 };
const noTags: RecordedTags = { exif: {}, xmp: {} };

/** Cameras write 160 x 120, some twice that. */
const MAX_THUMBNAIL_PIXELS = 4e6;

const unseen: Seen = { measures: null, thumbnail: null, preview: null, grid: null, findings: [] };

const nothingKnown: ImageExamination['description'] = {
  format: 'unknown',
  width: 0,
  height: 0,
  orientation: null,
  make: null,
  model: null,
  capturedAt: null,
  position: null,
  attitude: null,
  relativeAltitude: null,
  focalPixels: null,
  focalSource: null,
  measures: null,
};

/**
 * Examines one image: reads its file once, its tags, and decodes it once in full.
 *
 * A damaged or unknown file is a finding, not an error, and then nothing else is said against it.
 * Pixels are measured and tags are read in threads, so that the event loop stays free.
 *
 * @throws only when the file cannot be read from the disk.
 */
export async function examineImage(
  path: string,
  options: ExaminationOptions,
): Promise<ImageExamination> {
  const { name, timeoutSeconds } = options;
  const file = await readSharedFile(path);
  const bytes = new Uint8Array(file);
  if (bytes.length === 0) {
    const message = `Cannot use image "${name}" as its file is empty: copy it again from the camera`;
    return refused(imageError('FILE_EMPTY', name, message));
  }
  const type = fileTypeOf(bytes);
  if (type === null) {
    return refused(notAnImage(name, foreignFormatOf(bytes)));
  }
  const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
  return examineSubject({ ...options, file, bytes, type, deadline });
}

async function examineSubject(subject: Subject): Promise<ImageExamination> {
  const { name, type, limitPixels } = subject;
  if (type === 'raw') return examineRaw(subject);
  const header = await headerOf(subject);
  if (isFinding(header)) {
    if (header.severity === 'error') return refused(header, { ...nothingKnown, format: type });
    const seen = { ...unseen, findings: [header] };
    // What no decoder knows may still say in its boxes how large it is.
    const { size, orientation } = isHeif(type) ? heifParts(subject.bytes) : nothingCoded;
    const { tags } = await tagsOf(subject, () => size ?? noSize);
    return described(subject, size === null ? null : { ...size, orientation }, tags, seen);
  }
  const { width, height } = header;
  if (width * height > limitPixels) {
    const found = `${width} × ${height} pixels`;
    const message = `Cannot use image "${name}" as at most ${limitPixels / 1e6} megapixels are taken: found ${found}, raise SKYLOOM_MAX_IMAGE_MEGAPIXELS or leave it out`;
    const finding = imageError('IMAGE_TOO_LARGE', name, message, { width, height, limitPixels });
    return refused(finding, { ...nothingKnown, format: type, width, height });
  }
  const [{ tags, thumbnail }, seen] = await Promise.all([
    tagsOf(subject, () => header),
    pixelsOf(subject, header),
  ]);
  const turn = await turnOfThumbnail(header, thumbnail, seen.grid);
  const raster = isHeif(type) ? heifRaster(subject.bytes, header, seen.measures !== null) : header;
  return described(subject, raster, tags, seen, turn);
}

function isHeif(type: FileType): boolean {
  return type === 'heic' || type === 'avif';
}

/**
 * What the pixels of a HEIF file are those of: the raster as it is coded, which a viewer turns; or, where they
 * were decoded, the one that the decoder gave, which is turned already.
 */
function heifRaster(
  bytes: Uint8Array,
  { width, height, orientation }: ImageHeader,
  isDecoded: boolean,
): Pick<ImageHeader, 'width' | 'height' | 'orientation'> {
  const coded = heifParts(bytes);
  if (coded.orientation === null) return { width, height, orientation };
  if (isDecoded) return { width, height, orientation: 1 };
  return { ...(coded.size ?? { width, height }), orientation: coded.orientation };
}

/**
 * A raw file by its tags, and by the JPEG that its camera put into it: the sensor's own data are not read,
 * and that is said.
 */
async function examineRaw(subject: Subject): Promise<ImageExamination> {
  const { name, type, limitPixels } = subject;
  const { size: listed, preview } = rawParts(subject.bytes);
  // What has no directories keeps its tags in the JPEG.
  const tagged = isRaf(subject.bytes) && preview !== null ? withFile(subject, preview) : subject;
  let size = listed;
  const { tags, thumbnail } = await tagsOf(tagged, (recorded) => {
    size = sizeByTags(listed, recorded);
    return size ?? noSize;
  });
  const header = await previewHeader(preview);
  const isUsable = header !== null && header.width * header.height <= limitPixels;
  const unread = isUsable
    ? judgedByPreview(name, type, header)
    : unreadablePixels(name, type, NO_DECODER);
  const known = size === null ? null : { ...size, orientation: header?.orientation ?? null };
  if (!isUsable || preview === null) {
    return described(subject, known, tags, { ...unseen, findings: [unread] });
  }
  const seen = await pixelsOf({ ...withFile(subject, preview), type: 'jpeg' }, header);
  // A preview that is damaged says nothing about the sensor data beside it.
  if (seen.measures === null) {
    return described(subject, known, tags, { ...unseen, findings: [unread] });
  }
  const turn = await turnOfThumbnail(header, thumbnail, seen.grid);
  return described(subject, known ?? header, tags, { ...seen, findings: [unread] }, turn);
}

/** The same, with a part of its file in place of it. */
function withFile(subject: Subject, part: Uint8Array): Subject {
  const file = new SharedArrayBuffer(part.length);
  const bytes = new Uint8Array(file);
  bytes.set(part);
  return { ...subject, file, bytes };
}

async function previewHeader(preview: Uint8Array | null): Promise<ImageHeader | null> {
  if (preview === null) return null;
  try {
    return await readImageHeader(preview);
  } catch {
    // Damaged: then the file is known by its tags alone.
    return null;
  }
}

/** The header, or the finding that says why there is none. */
async function headerOf(subject: Subject): Promise<ImageHeader | Finding> {
  const { name, type, bytes } = subject;
  if (hasUnreadablePixels(type)) return unreadablePixels(name, type, NO_DECODER);
  try {
    return await readImageHeader(bytes);
  } catch (error) {
    return faultOfFile(name, { type, bytes, said: wordsOf(error) });
  }
}

async function pixelsOf(subject: Subject, header: ImageHeader): Promise<Seen> {
  const { name, type, file, bytes, limitPixels, timeoutSeconds, threads, decodeBytes } = subject;
  const task = { file, header, limitPixels, timeoutSeconds };
  const seen = await examineInThread(task, threads, decodeBytes);
  if (seen.measures !== null) {
    const { measures, grid } = seen;
    const [thumbnail, preview] = [Buffer.from(seen.thumbnail), Buffer.from(seen.preview)];
    return { measures, thumbnail, preview, grid, findings: [] };
  }
  const finding = seen.isUnscaled
    ? unreadablePixels(name, type, seen.said)
    : faultOfFile(name, { type, bytes, said: seen.said });
  return { ...unseen, findings: [finding] };
}

/** The tags, or the finding that says that reading them took too long. */
async function tagsOf(
  { name, type, file, bytes, deadline }: Subject,
  sizeOf: (recorded: RecordedTags) => { width: number; height: number },
): Promise<{ tags: ImageTags | Finding; thumbnail: Uint8Array | null }> {
  try {
    const { thumbnail, ...recorded } = await readTagsInThread(file, deadline);
    return { tags: interpretTags(recorded, sizeOf(recorded)), thumbnail };
  } catch (error) {
    const tags = deadline.aborted
      ? faultOfFile(name, { type, bytes, said: wordsOf(error) })
      : interpretTags(noTags, sizeOf(noTags));
    return { tags, thumbnail: null };
  }
}

/** Puts together what was seen and what the tags say. */
function described(
  { name, type, bytes }: Subject,
  header: Pick<ImageHeader, 'width' | 'height' | 'orientation'> | null,
  tags: ImageTags | Finding,
  { measures, thumbnail, preview, findings }: Seen,
  turn: ThumbnailTurn | null = null,
): ImageExamination {
  const size = { width: header?.width ?? 0, height: header?.height ?? 0 };
  const known = {
    ...nothingKnown,
    format: type,
    ...size,
    orientation: header?.orientation ?? null,
  };
  const fault = [...findings, ...(isFinding(tags) ? [tags] : [])].find(
    ({ severity }) => severity === 'error',
  );
  if (isFinding(tags)) {
    return { description: known, thumbnail, preview, findings: fault ? [fault] : [tags] };
  }
  const { position, focal, orientation, ...more } = tags;
  const { editor: _editor, isBare: _bare, changedAfterMinutes, ...rest } = more;
  const apart = position.position === null ? null : position.apart;
  return {
    description: {
      ...known,
      ...rest,
      orientation: known.orientation ?? orientation,
      position: position.position,
      focalPixels: focal?.pixels ?? null,
      focalSource: focal?.source ?? null,
      measures,
      coding: type === 'jpeg' ? jpegCoding(bytes) : null,
      ...(apart === null ? {} : { positionsApart: rounded(apart, 3) }),
      ...(changedAfterMinutes === null
        ? {}
        : { changedAfterMinutes: rounded(changedAfterMinutes, 3) }),
      ...(turn === null ? {} : { thumbnailTurn: turn }),
    },
    thumbnail,
    preview,
    // Of a file that cannot be used nothing more is said: it is out, whatever its tags lack.
    findings: fault ? [fault] : [...findings, ...findingsOfTags(name, tags, header !== null)],
  };
}

function findingsOfTags(name: string, tags: ImageTags, isSizeKnown: boolean): Finding[] {
  const findings: Finding[] = [];
  if (tags.lens === 'fisheye') findings.push(lensFinding(name));
  if (tags.position.position === null) {
    const { code, reason } = tags.position;
    findings.push(imageError(code, name, `Cannot place image "${name}" as ${reason}`));
  } else {
    for (const { code, reason } of tags.position.doubts) {
      findings.push(
        imageWarning(code, name, `The place of image "${name}" is in doubt as ${reason}`),
      );
    }
  }
  if (tags.editor !== null) {
    const message = `Image "${name}" is not as the camera made it: it was saved by "${tags.editor}", and may be turned or cropped; take the file as the camera wrote it`;
    findings.push(imageWarning('EDITED_IMAGE', name, message));
  }
  if (tags.focal === null && isSizeKnown) {
    const message = `Cannot compute the geometry of image "${name}" as its tags do not say the focal length: state focalPixels, or sensorWidthMillimeters, as camera in flight.json`;
    findings.push(imageWarning('FOCAL_UNKNOWN', name, message));
  }
  if (tags.isBare) {
    const message = `Image "${name}" has no tags at all: a program has removed them, or no camera made it; take the file as the camera wrote it, or state its place in geo.txt`;
    findings.push(imageWarning('EXIF_MISSING', name, message));
  }
  return findings;
}

function notAnImage(name: string, format: string | null): Finding {
  if (format === null) {
    const message = `Cannot use file "${name}" as it is not an image, whatever its name says: leave it out, or copy it again from the camera`;
    return imageError('NOT_AN_IMAGE', name, message);
  }
  const message = `Cannot use file "${name}" as it is no photo but a ${format}, whatever its name says: export its images`;
  return imageError('FORMAT_UNSUPPORTED', name, message, { format });
}

/** Compares the image with the small picture that its camera put beside it; null when they agree. */
async function turnOfThumbnail(
  { width, height }: ImageHeader,
  thumbnail: Uint8Array | null,
  grid: GreyRaster | null,
): Promise<ThumbnailTurn | null> {
  if (thumbnail === null || grid === null) return null;
  let small: GreyRaster;
  try {
    small = await decodeGrey(thumbnail, MAX_THUMBNAIL_PIXELS);
  } catch {
    // A thumbnail that cannot be read says nothing about the image.
    return null;
  }
  const turn = thumbnailTurn({ width, height, grid }, small);
  if (turn === null) return null;
  return { ...turn, asStored: rounded(turn.asStored), turned: rounded(turn.turned) };
}

function refused(
  finding: Finding,
  description: ImageExamination['description'] = nothingKnown,
): ImageExamination {
  return { description, thumbnail: null, preview: null, findings: [finding] };
}

function isFinding(value: object): value is Finding {
  return 'severity' in value;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
