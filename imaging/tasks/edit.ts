import { stat } from 'node:fs/promises';
import type { Metadata, Sharp } from 'sharp';
import { z } from 'zod';
import { UnsupportedImage } from '../../contracts/failures.ts';
import { type ImageFormat, imageFormatSchema, type StoredImage } from '../../contracts/images.ts';
import type { TaskContext } from '../../flows/build/task-context.ts';
import type { Settings } from '../../platform/configuration.ts';
import { memoryBudget } from '../../platform/memory-budget.ts';
import { type OpenedImage, openImage, readHeader, refuseTooManyPixels } from '../io/open-image.ts';
import { encodeImage } from '../io/write-image.ts';
import { EDIT_BASE_BYTES, editBytes, type EditPlan } from '../model/edit-memory.ts';

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

export interface Size {
  width: number;
  height: number;
}

/** How an edit changes the need for memory; without it the image keeps its size and is read line by line. */
export interface EditShape {
  /** Of what is written, from the size of the upright image. */
  sizeFrom?: (upright: Size) => Size;
  isWhole?: boolean;
}

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
   * Does work that needs the pixels of images, once there is memory for all of it. Work that is admitted
   * must not ask for more: it would wait for what waits for it.
   *
   * @param plan what is done with each image, from its header.
   * @param more bytes that the work takes beside reading and writing.
   * @throws {UnsupportedImage} that names an image: before decoding when it is too large for the worker.
   */
  async withImages<Result>(
    images: readonly StoredImage[],
    context: TaskContext,
    plan: (header: Metadata, index: number) => EditPlan,
    work: (opened: OpenedImage[]) => Promise<Result>,
    more: (headers: Metadata[]) => number = () => 0,
  ): Promise<Result> {
    const headers: Metadata[] = [];
    let needed = EDIT_BASE_BYTES;
    for (const [index, image] of images.entries()) {
      const { bytes, header } = await this.lookAt(image, context);
      refuseTooManyPixels(header, image.name, this.limits.limitPixels);
      needed += editBytes(header, bytes, plan(header, index)) - EDIT_BASE_BYTES;
      headers.push(header);
    }
    const name = images.map((image) => image.name).join('", "');
    return this.withMemory(needed + more(headers), name, context, async () => {
      const opened: OpenedImage[] = [];
      for (const image of images) {
        // Asked for anew: while this waited, a bucket's copy on this machine may have made room for others.
        opened.push(await openImage(await context.fileOf(image), image.name, this.limits));
      }
      return work(opened);
    });
  }

  /** Reads the header of a stored image. */
  async lookAt(
    image: StoredImage,
    context: TaskContext,
  ): Promise<{ path: string; bytes: number; header: Metadata }> {
    const path = await context.fileOf(image);
    const { size: bytes } = await stat(path);
    return { path, bytes, header: await readHeader(path, image.name) };
  }

  /** Does other work within the memory of the worker. */
  withMemory<Result>(
    bytes: number,
    name: string,
    context: TaskContext,
    work: () => Promise<Result>,
  ): Promise<Result> {
    return memoryBudget(this.settings).run(bytes, name, context.signal, work);
  }

  /** The same for one image. */
  withImage<Result>(
    image: StoredImage,
    context: TaskContext,
    work: (opened: OpenedImage) => Promise<Result>,
    plan: (header: Metadata) => EditPlan = () => ({}),
  ): Promise<Result> {
    return this.withImages([image], context, plan, ([opened]) => work(opened!));
  }

  /** Makes a new image of one, in the same format when nothing else is said. */
  edit(
    image: StoredImage,
    context: TaskContext,
    output: Output,
    work: (pixels: Sharp, opened: OpenedImage) => Sharp,
    { sizeFrom = (size) => size, isWhole = false }: EditShape = {},
  ): Promise<StoredImage> {
    const planned = (header: Metadata): EditPlan => {
      const size = sizeFrom(uprightSize(header));
      this.refuseTooLarge(size, image.name);
      const { channels, depth } = header;
      return { isWhole, written: { ...size, channels, depth, format: formatOf(header, output) } };
    };
    return this.withImage(
      image,
      context,
      async (opened) => {
        const format = formatOf(opened.header, output);
        const pixels = work(opened.pixels, opened);
        const size = sizeFrom(uprightSize(opened.header));
        return this.store(opened, pixels, image.name, { ...output, format, size }, context);
      },
      planned,
    );
  }

  /** Writes pixels that were worked on and stores the file. */
  async store(
    opened: OpenedImage,
    pixels: Sharp,
    name: string,
    {
      format,
      quality,
      keepMetadata,
      allowsEightBits,
      size,
    }: Output & { format: ImageFormat; size: Size },
    context: TaskContext,
  ): Promise<StoredImage> {
    const { bytes, mediaType, width, height } = await encodeImage(opened, pixels, name, {
      format,
      quality,
      keepsMetadata: keepMetadata,
      allowsEightBits: allowsEightBits ?? false,
      pixels: size.width * size.height,
    });
    const stored = await context.put(bytes, mediaType);
    return { ...stored, name: withExtension(name, format), width, height };
  }

  /** @throws {UnsupportedImage} when more pixels would be made than may be read. */
  refuseTooLarge({ width, height }: Size, name: string): void {
    const { limitPixels } = this.limits;
    if (width * height <= limitPixels) return;
    throw new UnsupportedImage(
      `Cannot make ${width} x ${height} pixels of image "${name}" as ${limitPixels / 1e6} megapixels are allowed: ask for less`,
    );
  }
}

/** The format that is asked for, or that of the image. */
export function formatOf(
  { format: found }: Metadata,
  { format }: Pick<Output, 'format'>,
): ImageFormat {
  return format ?? (writable.has(found) ? (found as ImageFormat) : 'png');
}

function withExtension(name: string, format: ImageFormat): string {
  const extension = format === 'jpeg' ? 'jpg' : format === 'tiff' ? 'tif' : format;
  return `${name.replace(/\.[A-Za-z0-9]{1,5}$/, '')}.${extension}`;
}

/** Width and height as they are once the image is upright. */
export function uprightSize({ width, height, orientation = 1 }: Metadata): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
