import type { Sharp } from 'sharp';
import { z } from 'zod';
import { type ImageFormat, imageFormatSchema, type StoredImage } from '../../contracts/images.ts';
import type { TaskContext } from '../../flows/build/task-context.ts';
import type { Settings } from '../../platform/configuration.ts';
import { memoryBudget } from '../io/memory-budget.ts';
import { type OpenedImage, openImage, readHeader } from '../io/open-image.ts';
import { encodeImage } from '../io/write-image.ts';
import { editBytes } from '../model/edit-memory.ts';

/** Of the formats that lose something: what eyes do not see at full size. */
const DEFAULT_QUALITY = 85;
const DECODE_TIMEOUT_SECONDS = 120;
const writable = new Set<string>(imageFormatSchema.options);

/** What every task that writes an image can be told about the writing. */
export const outputFields = {
  /** Of the formats that lose something. */
  quality: z.number().int().min(1).max(100).default(DEFAULT_QUALITY),
  /** Keeps EXIF, XMP and IPTC; the orientation is that of the written image. The color profile is always kept. */
  keepMetadata: z.boolean().default(false),
};

export interface Output {
  format?: ImageFormat | undefined;
  quality: number;
  keepMetadata: boolean;
  allowsEightBits?: boolean;
}

/** What image tasks have in common. */
export const pixelTask = {
  queue: 'cpu',
  timeout: '5m',
  errors: ['UnsupportedImage'],
  cache: true,
} as const;

/** Opens images for tasks and stores what they make of them, within the memory of the worker. */
export class ImageEditor {
  private readonly settings: Settings;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  get limits() {
    return {
      limitPixels: this.settings.SKYLOOM_MAX_IMAGE_MEGAPIXELS * 1e6,
      timeoutSeconds: DECODE_TIMEOUT_SECONDS,
    };
  }

  /**
   * Does work that needs the pixels of one image, once there is memory for it.
   *
   * @throws {UnsupportedImage} that names the image: before decoding when it is too large for the worker.
   */
  async withImage<Result>(
    image: StoredImage,
    context: TaskContext,
    work: (opened: OpenedImage, file: Uint8Array) => Promise<Result>,
  ): Promise<Result> {
    const { name } = image;
    const file = await context.open(image);
    const header = await readHeader(file, name);
    const needed = editBytes(header, file.length);
    return memoryBudget(this.settings).run(needed, name, context.signal, async () =>
      work(await openImage(file, name, this.limits), file),
    );
  }

  /** Makes a new image of one, in the same format when nothing else is said. */
  edit(
    image: StoredImage,
    context: TaskContext,
    output: Output,
    work: (pixels: Sharp, opened: OpenedImage) => Sharp,
  ): Promise<StoredImage> {
    return this.withImage(image, context, async (opened) => {
      const found = writable.has(opened.header.format) ? opened.header.format : 'png';
      const format = output.format ?? (found as ImageFormat);
      const pixels = work(opened.pixels, opened);
      return this.store(opened, pixels, image.name, { ...output, format }, context);
    });
  }

  /** Writes pixels that were worked on and stores the file. */
  async store(
    opened: OpenedImage,
    pixels: Sharp,
    name: string,
    { format, quality, keepMetadata, allowsEightBits }: Output & { format: ImageFormat },
    context: TaskContext,
  ): Promise<StoredImage> {
    const { bytes, mediaType, width, height } = await encodeImage(opened, pixels, name, {
      format,
      quality,
      keepsMetadata: keepMetadata,
      allowsEightBits: allowsEightBits ?? false,
    });
    const stored = await context.put(bytes, mediaType);
    return { ...stored, name: withExtension(name, format), width, height };
  }
}

function withExtension(name: string, format: ImageFormat): string {
  const extension = format === 'jpeg' ? 'jpg' : format === 'tiff' ? 'tif' : format;
  return `${name.replace(/\.[A-Za-z0-9]{1,5}$/, '')}.${extension}`;
}

/** Width and height as they are once the image is upright. */
export function uprightSize({ header }: OpenedImage): { width: number; height: number } {
  const { width, height, orientation = 1 } = header;
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
