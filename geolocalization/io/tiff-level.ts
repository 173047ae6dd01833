import { getDecoder, type BaseDecoder, type GeoTIFFImage } from 'geotiff';
import type { PixelWindow } from '../../maths/raster.ts';
import type { ByteSource } from '../../platform/byte-source.ts';
import { decoding, UnreadablePixels } from './unreadable-pixels.ts';
import { arraysFor, type Kind, type NumberKind, numbersIn, type Samples } from './tiff-numbers.ts';

/** Values of the tag Compression whose decoders need no more than the size of blocks: none, LZW, JPEG, deflate, PackBits. */
const PLAIN = 1;
const JPEG = 7;
const KNOWN = new Set([PLAIN, 5, JPEG, 8, 32946, 32773]);
const CHUNKY = 1;
/** Times as many pixels as needed that are read at once from rows that lie behind each other. */
const MAX_WASTE = 8;
/** Bits of NewSubfileType: an image that another one was reduced to, and one that only masks. */
const REDUCED = 1;
const MASK = 4;
/** PhotometricInterpretation of a mask. */
const TRANSPARENCY = 4;
/** FillOrder: the first pixel in the lowest bit of a byte, not in the highest. */
const LOWEST_FIRST = 2;

/**
 * One image of a TIFF, the full one or an overview, whose blocks (tiles or strips) are read as typed
 * arrays. The package reads any file, one value at a time; this takes a tenth of the time for common ones.
 */
export class TiffLevel {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
  readonly block: { width: number; height: number };
  /** An image of the same size that says by 0 where there is no data; null when there is none. */
  mask: TiffLevel | null = null;
  /** What a file beside it says of missing data; it counts before the tag. */
  statedNodata: number | undefined;
  private readonly image: GeoTIFFImage;
  private readonly source: ByteSource;
  private readonly canSkip: boolean;
  private fast: Promise<FastWay | null> | undefined;

  /** @param options.canSkip whether many small reads cost little, as those of a file on this machine. */
  constructor(image: GeoTIFFImage, source: ByteSource, { canSkip }: { canSkip: boolean }) {
    this.image = image;
    this.source = source;
    this.canSkip = canSkip;
    this.width = image.getWidth();
    this.height = image.getHeight();
    this.bands = image.getSamplesPerPixel();
    this.block = { width: image.getTileWidth(), height: image.getTileHeight() };
  }

  get nodata(): number | null {
    return this.statedNodata ?? this.image.getGDALNoData();
  }

  /** Whether its three bands are brightness and two colors, as JPEG has them. */
  get isLuminanceFirst(): boolean {
    return this.image.fileDirectory.getValue('PhotometricInterpretation') === 6;
  }

  /** The band that says by 0 where there is no data; null when there is none. */
  get alphaBand(): number | null {
    const extra = this.image.fileDirectory.getValue('ExtraSamples') as
      ArrayLike<number> | undefined;
    const meanings = Array.from(extra ?? [], Number);
    const index = meanings.findIndex((meaning) => meaning === 1 || meaning === 2);
    return index < 0 ? null : this.bands - meanings.length + index;
  }

  /** Whether it only tells where another image holds data. */
  get isMask(): boolean {
    const directory = this.image.fileDirectory;
    const isStated = (Number(directory.getValue('NewSubfileType') ?? 0) & MASK) !== 0;
    return isStated || directory.getValue('PhotometricInterpretation') === TRANSPARENCY;
  }

  /** Whether another image was reduced to it. */
  get isReduced(): boolean {
    return (Number(this.image.fileDirectory.getValue('NewSubfileType') ?? 0) & REDUCED) !== 0;
  }

  /** Whether anything tells that pixels hold no data: a value, a band of opacity or a mask. */
  get knowsGaps(): boolean {
    return this.nodata !== null || this.alphaBand !== null || this.mask !== null;
  }

  /** SampleFormat and bits of all bands, which have to be of one kind; null when they are not, or uncommon. */
  get kind(): NumberKind | null {
    const format = this.image.getSampleFormat(0);
    const bits = this.image.getBitsPerSample(0);
    for (let band = 1; band < this.bands; band++) {
      const isSame =
        this.image.getSampleFormat(band) === format && this.image.getBitsPerSample(band) === bits;
      if (!isSame) return null;
    }
    return arraysFor({ format, bits }) === null ? null : { format, bits };
  }

  /** Room for numbers of its kind. */
  arrayOf(length: number): Samples {
    const { kind } = this;
    if (kind === null) throw new RangeError('Cannot make room for bands of different kinds');
    return new (arraysFor(kind)!)(length);
  }

  /** Numbers of another kind as those of its own. */
  asOwnKind(values: Samples): Samples {
    const own = this.arrayOf(values.length);
    own.set(values);
    return own;
  }

  /**
   * The values of some bands in a window that lies inside, one array a band, row-major.
   *
   * @throws {UnreadablePixels} when they cannot be decoded.
   */
  async read(window: PixelWindow, bands: readonly number[]): Promise<Samples[]> {
    this.fast ??= this.fastWay();
    const fast = await this.fast;
    if (fast !== null) return this.readBlocks(fast, window, bands);
    const { x, y, width, height } = window;
    const decoded = await decoding(() =>
      this.image.readRasters({
        window: [x, y, x + width, y + height],
        samples: [...bands],
      }),
    );
    return bands.map((_, band) => decoded[band] as Samples);
  }

  /**
   * The same values, and by 0 where there is no data: of the band of opacity, the mask or both.
   *
   * @returns `opacity` is null when neither is there.
   */
  async readWithOpacity(
    window: PixelWindow,
    bands: readonly number[],
  ): Promise<{ bands: Samples[]; opacity: Samples | null }> {
    const alpha = this.alphaBand;
    const decoded = await this.read(window, alpha === null ? bands : [...bands, alpha]);
    const opacity = alpha === null ? null : decoded.pop()!;
    if (this.mask === null) return { bands: decoded, opacity };
    const [mask] = await this.mask.read(window, [0]);
    opacity?.forEach((value, pixel) => {
      if (value === 0) mask![pixel] = 0;
    });
    return { bands: decoded, opacity: mask! };
  }

  private async fastWay(): Promise<FastWay | null> {
    const isBits = this.bands === 1 && this.image.getBitsPerSample(0) === 1;
    const kind = isBits ? { format: 1, bits: 8 } : this.kind;
    const directory = this.image.fileDirectory;
    const compression = Number(directory.getValue('Compression') ?? PLAIN);
    if (kind === null || !KNOWN.has(compression)) return null;
    const planarConfiguration = Number(directory.getValue('PlanarConfiguration') ?? CHUNKY);
    const isTiled = directory.hasTag('TileOffsets');
    const parameters = {
      tileWidth: this.block.width,
      tileHeight: this.block.height,
      planarConfiguration,
      bitsPerSample: await directory.loadValue('BitsPerSample'),
      predictor: Number((await directory.loadValue('Predictor')) ?? 1),
      ...(compression === JPEG ? { JPEGTables: await directory.loadValue('JPEGTables') } : {}),
    };
    return {
      decoder: await decoding(() =>
        getDecoder(compression, parameters as Parameters<typeof getDecoder>[1]),
      ),
      kind: arraysFor(kind)!,
      isChunky: planarConfiguration === CHUNKY,
      isPlain: compression === PLAIN && !isBits,
      bitOrder: isBits ? await this.bitOrder() : null,
      offsets: isTiled ? 'TileOffsets' : 'StripOffsets',
      counts: isTiled ? 'TileByteCounts' : 'StripByteCounts',
      isForeign: !this.image.littleEndian && kind.bits > 8,
    };
  }

  private async bitOrder(): Promise<FastWay['bitOrder']> {
    const directory = this.image.fileDirectory;
    const order = directory.hasTag('FillOrder') ? await directory.loadValue('FillOrder') : null;
    return order === LOWEST_FIRST ? 'lowest first' : 'highest first';
  }

  private async readBlocks(
    way: FastWay,
    window: PixelWindow,
    bands: readonly number[],
  ): Promise<Samples[]> {
    const results = bands.map(() => new way.kind(window.width * window.height));
    const columns = range(window.x, window.width, this.block.width);
    const work: Promise<void>[] = [];
    for (const row of range(window.y, window.height, this.block.height)) {
      for (const column of columns) {
        const part = this.partOf(window, column, row);
        if (way.isChunky) work.push(this.fill(way, window, part, { bands, results, plane: 0 }));
        else {
          bands.forEach((plane, index) => {
            const only = { bands: [0], results: [results[index]!], plane };
            work.push(this.fill(way, window, part, only));
          });
        }
      }
      // A row of blocks at a time, so that never more is in memory.
      await Promise.all(work.splice(0));
    }
    return results;
  }

  /** What a block and a window share, in pixels of the image. */
  private partOf(window: PixelWindow, column: number, row: number): BlockPart {
    const [left, top] = [column * this.block.width, row * this.block.height];
    const x = Math.max(left, window.x);
    const y = Math.max(top, window.y);
    const right = Math.min(left + this.block.width, window.x + window.width);
    const bottom = Math.min(top + this.block.height, window.y + window.height);
    return { column, row, left, top, x, y, width: right - x, height: bottom - y };
  }

  private async fill(
    way: FastWay,
    window: PixelWindow,
    part: BlockPart,
    target: { bands: readonly number[]; results: Samples[]; plane: number },
  ): Promise<void> {
    const stride = way.isChunky ? this.bands : 1;
    const { values, firstRow, firstColumn, rowPixels } = await this.valuesOf(
      way,
      part,
      target.plane,
      stride,
    );
    for (const [index, band] of target.bands.entries()) {
      const into = target.results[index]!;
      for (let row = 0; row < part.height; row++) {
        let from = ((row + firstRow) * rowPixels + firstColumn) * stride + band;
        const start = (part.y - window.y + row) * window.width + part.x - window.x;
        if (stride === 1) {
          into.set(values.subarray(from, from + part.width), start);
          continue;
        }
        for (let to = start; to < start + part.width; to++, from += stride)
          into[to] = values[from]!;
      }
    }
  }

  /** The values of a block, or of its rows that are needed. */
  private async valuesOf(way: FastWay, part: BlockPart, plane: number, stride: number) {
    const index = this.indexOf(part, plane);
    const directory = this.image.fileDirectory;
    const offset = Number(await directory.loadValueIndexed(way.offsets, index));
    const count = Number(await directory.loadValueIndexed(way.counts, index));
    const inside = { firstRow: part.y - part.top, firstColumn: part.x - part.left };
    const rowPixels = this.block.width;
    // Blocks that were never written hold nodata.
    if (count === 0) {
      const empty = new way.kind(this.block.width * this.block.height * stride);
      return { values: empty.fill(this.nodata ?? 0), ...inside, rowPixels };
    }
    const pixelBytes = way.kind.BYTES_PER_ELEMENT * stride;
    const blockRows = Math.min(this.block.height, this.height - part.top);
    if (way.isPlain && this.canSkip && count >= rowPixels * blockRows * pixelBytes) {
      return this.plainRows(way, part, offset, pixelBytes);
    }
    const coded = await this.source.read(offset, count);
    if (coded.length < count)
      throw new UnreadablePixels(
        'the file ends before they do, so it is damaged or was not copied whole',
      );
    const bytes = coded.buffer.slice(coded.byteOffset, coded.byteOffset + coded.length);
    const packed = Buffer.from(
      await decoding(async () => way.decoder.decode(bytes as ArrayBuffer)),
    );
    const decoded = way.bitOrder === null ? packed : unpacked(packed, rowPixels, way.bitOrder);
    const needed = (inside.firstRow + part.height) * rowPixels * stride;
    return { values: numbersIn(way, decoded, needed), ...inside, rowPixels };
  }

  private async plainRows(way: FastWay, part: BlockPart, offset: number, pixelBytes: number) {
    const rowBytes = this.block.width * pixelBytes;
    const start = offset + (part.y - part.top) * rowBytes;
    const stride = pixelBytes / way.kind.BYTES_PER_ELEMENT;
    if (part.width === this.block.width) {
      const bytes = await this.source.read(start, part.height * rowBytes);
      const values = numbersIn(way, bytes, part.height * part.width * stride);
      return { values, firstRow: 0, firstColumn: 0, rowPixels: part.width };
    }
    // One read of whole rows is much faster than one a row, unless most of it is not needed.
    if (MAX_WASTE * part.width >= this.block.width) {
      const from = (part.x - part.left) * pixelBytes;
      const length = (part.height - 1) * rowBytes + part.width * pixelBytes;
      const bytes = await this.source.read(start + from, length);
      const needed = length / way.kind.BYTES_PER_ELEMENT;
      const values = numbersIn(way, bytes, needed);
      return { values, firstRow: 0, firstColumn: 0, rowPixels: this.block.width };
    }
    const rows = Array.from({ length: part.height }, (_, row) =>
      this.source.read(
        start + row * rowBytes + (part.x - part.left) * pixelBytes,
        part.width * pixelBytes,
      ),
    );
    const bytes = Buffer.concat(await Promise.all(rows));
    const values = numbersIn(way, bytes, part.height * part.width * stride);
    return { values, firstRow: 0, firstColumn: 0, rowPixels: part.width };
  }

  private indexOf({ column, row }: BlockPart, plane: number): number {
    const across = Math.ceil(this.width / this.block.width);
    const down = Math.ceil(this.height / this.block.height);
    return plane * across * down + row * across + column;
  }
}

interface FastWay {
  decoder: BaseDecoder;
  kind: Kind;
  isChunky: boolean;
  isPlain: boolean;
  /** Of images with a bit a pixel; null for those with bytes. */
  bitOrder: 'highest first' | 'lowest first' | null;
  offsets: string;
  counts: string;
  /** Of the other byte order than this machine's. */
  isForeign: boolean;
}

interface BlockPart extends PixelWindow {
  column: number;
  row: number;
  /** Pixel of the image at which the block starts. */
  left: number;
  top: number;
}

/** A byte for each bit; rows start at whole bytes. */
function unpacked(
  bits: Buffer,
  rowPixels: number,
  order: NonNullable<FastWay['bitOrder']>,
): Buffer {
  const rowBytes = Math.ceil(rowPixels / 8);
  const rows = Math.floor(bits.length / rowBytes);
  const bytes = Buffer.alloc(rows * rowPixels);
  for (let row = 0; row < rows; row++) {
    for (let pixel = 0; pixel < rowPixels; pixel++) {
      const place = order === 'lowest first' ? pixel & 7 : 7 - (pixel & 7);
      bytes[row * rowPixels + pixel] = (bits[row * rowBytes + (pixel >> 3)]! >> place) & 1;
    }
  }
  return bytes;
}

function range(start: number, length: number, step: number): number[] {
  const first = Math.floor(start / step);
  const last = Math.floor((start + length - 1) / step);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
