import type { Finding } from '../../contracts/findings.ts';
import type { ImageDescription, PixelMeasures } from '../../contracts/flight.ts';
import { type FileType, fileTypeOf } from '../model/file-type.ts';
import { imageError, imageWarning } from '../model/finding.ts';
import {
  faultOfFile,
  hasUnreadablePixels,
  NO_DECODER,
  unreadablePixels,
} from '../model/image-fault.ts';
import { type ImageTags, interpretTags } from '../model/interpret-tags.ts';
import { readSharedFile } from './image-file.ts';
import { type ImageHeader, readImageHeader } from './image-pixels.ts';
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
}

/** What one look at an image gave. Findings of severity error mean that the pixels cannot be used. */
export interface ImageExamination {
  description: Omit<ImageDescription, 'thumbnail'>;
  /** JPEG, upright. */
  thumbnail: Buffer | null;
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
  findings: Finding[];
}

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
    const message = `Cannot use file "${name}" as it is not an image, whatever its name says`;
    return refused(imageError('NOT_AN_IMAGE', name, message));
  }
  const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
  return examineSubject({ ...options, file, bytes, type, deadline });
}

async function examineSubject(subject: Subject): Promise<ImageExamination> {
  const { name, type, limitPixels } = subject;
  const header = await headerOf(subject);
  if (isFinding(header)) {
    if (header.severity === 'error') return refused(header, { ...nothingKnown, format: type });
    const seen = { measures: null, thumbnail: null, findings: [header] };
    return described(subject, null, await tagsOf(subject, { width: 0, height: 0 }), seen);
  }
  const { width, height } = header;
  if (width * height > limitPixels) {
    const found = `${width} × ${height} pixels`;
    const message = `Cannot use image "${name}" as at most ${limitPixels / 1e6} megapixels are taken: found ${found}, raise SKYLOOM_MAX_IMAGE_MEGAPIXELS or leave it out`;
    const finding = imageError('IMAGE_TOO_LARGE', name, message, { width, height, limitPixels });
    return refused(finding, { ...nothingKnown, format: type, width, height });
  }
  const [tags, seen] = await Promise.all([tagsOf(subject, header), pixelsOf(subject, header)]);
  return described(subject, header, tags, seen);
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
  const { name, type, file, bytes, limitPixels, timeoutSeconds, threads } = subject;
  const seen = await examineInThread({ file, header, limitPixels, timeoutSeconds }, threads);
  if (seen.measures !== null) {
    return { measures: seen.measures, thumbnail: Buffer.from(seen.thumbnail), findings: [] };
  }
  const finding = seen.isUnscaled
    ? unreadablePixels(name, type, seen.said)
    : faultOfFile(name, { type, bytes, said: seen.said });
  return { measures: null, thumbnail: null, findings: [finding] };
}

/** The tags, or the finding that says that reading them took too long. */
async function tagsOf(
  { name, type, file, bytes, deadline }: Subject,
  size: { width: number; height: number },
): Promise<ImageTags | Finding> {
  try {
    return interpretTags(await readTagsInThread(file, deadline), size);
  } catch (error) {
    if (!deadline.aborted) return interpretTags({ exif: {}, xmp: {} }, size);
    return faultOfFile(name, { type, bytes, said: wordsOf(error) });
  }
}

/** Puts together what was seen and what the tags say. */
function described(
  { name, type }: Subject,
  header: ImageHeader | null,
  tags: ImageTags | Finding,
  { measures, thumbnail, findings }: Seen,
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
  if (isFinding(tags)) return { description: known, thumbnail, findings: fault ? [fault] : [tags] };
  const { position, focal, orientation, editedBecause: _reason, ...rest } = tags;
  return {
    description: {
      ...known,
      ...rest,
      orientation: known.orientation ?? orientation,
      position: position.position,
      focalPixels: focal?.pixels ?? null,
      focalSource: focal?.source ?? null,
      measures,
    },
    thumbnail,
    // Of a file that cannot be used nothing more is said: it is out, whatever its tags lack.
    findings: fault ? [fault] : [...findings, ...findingsOfTags(name, tags, header !== null)],
  };
}

function findingsOfTags(name: string, tags: ImageTags, isSizeKnown: boolean): Finding[] {
  const findings: Finding[] = [];
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
  if (tags.editedBecause !== null) {
    const message = `Image "${name}" is not as the camera made it: ${tags.editedBecause}, and may be turned or cropped`;
    findings.push(imageWarning('EDITED_IMAGE', name, message));
  }
  if (tags.focal === null && isSizeKnown) {
    const message = `Cannot compute the geometry of image "${name}" as its tags do not say the focal length`;
    findings.push(imageWarning('FOCAL_UNKNOWN', name, message));
  }
  return findings;
}

function refused(
  finding: Finding,
  description: ImageExamination['description'] = nothingKnown,
): ImageExamination {
  return { description, thumbnail: null, findings: [finding] };
}

function isFinding(value: object): value is Finding {
  return 'severity' in value;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
