import { cutRaster, type PixelWindow, type Raster } from '../../maths/raster.ts';

/** Pixels that are kept decoded of a file: 36 MB. */
const KEPT_PIXELS = 4e6;
/** Blocks are at least this long, so that few are asked for. */
const MIN_SIDE = 256;

export type ReadBlock = (window: PixelWindow, bands: readonly number[]) => Promise<Raster>;

/**
 * Keeps the blocks of a file that were decoded last: windows overlap, and each would decode the tiles or
 * strips under it anew.
 *
 * @param tile size in which the file is stored.
 */
export class BlockCache {
  private readonly read: ReadBlock;
  private readonly size: { width: number; height: number };
  private readonly block: { width: number; height: number };
  private isFirst = true;
  /** In the order of their last use. */
  private readonly kept = new Map<string, Promise<Raster>>();

  constructor(
    read: ReadBlock,
    size: { width: number; height: number },
    tile: { width: number; height: number },
  ) {
    this.read = read;
    this.size = size;
    this.block = {
      width: Math.min(size.width, tile.width * Math.ceil(MIN_SIDE / tile.width)),
      height: Math.min(size.height, tile.height * Math.ceil(MIN_SIDE / tile.height)),
    };
  }

  /** Reads a window that lies wholly inside of the file. */
  async readWindow(window: PixelWindow, bands: readonly number[]): Promise<Raster> {
    const pixelsOfBlock = this.block.width * this.block.height;
    const isLarge = window.width * window.height > KEPT_PIXELS / 4;
    // Who reads once needs no blocks; who reads again pays for one window twice.
    const isOnly = this.isFirst;
    this.isFirst = false;
    if (isOnly || isLarge || 2 * pixelsOfBlock > KEPT_PIXELS) return this.read(window, bands);
    const whole = emptyRaster(window);
    const [firstColumn, lastColumn] = this.blocksAlong(window.x, window.width, this.block.width);
    const [firstRow, lastRow] = this.blocksAlong(window.y, window.height, this.block.height);
    for (let row = firstRow; row <= lastRow; row++) {
      for (let column = firstColumn; column <= lastColumn; column++) {
        const x = column * this.block.width;
        const y = row * this.block.height;
        paste(whole, await this.blockAt(x, y, bands), x - window.x, y - window.y);
      }
    }
    return whole.valid?.includes(0) === true ? whole : { ...whole, valid: null };
  }

  private blocksAlong(start: number, length: number, side: number): [first: number, last: number] {
    return [Math.floor(start / side), Math.floor((start + length - 1) / side)];
  }

  private blockAt(x: number, y: number, bands: readonly number[]): Promise<Raster> {
    const key = `${x} ${y} ${bands.join()}`;
    const known = this.kept.get(key);
    this.kept.delete(key);
    const width = Math.min(this.block.width, this.size.width - x);
    const height = Math.min(this.block.height, this.size.height - y);
    const block = known ?? this.read({ x, y, width, height }, bands);
    this.kept.set(key, block);
    const limit = Math.floor(KEPT_PIXELS / (this.block.width * this.block.height));
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= limit) break;
      this.kept.delete(oldest);
    }
    return block;
  }
}

function emptyRaster({ width, height }: PixelWindow): Raster {
  return cutRaster(
    { width: 0, height: 0, values: new Float64Array(), valid: null },
    { x: 0, y: 0, width, height },
  );
}

/** Copies what of a block lies in a raster whose first pixel is at (-x, -y) of it. */
function paste(whole: Raster, block: Raster, x: number, y: number): void {
  const [from, to] = [Math.max(0, x), Math.min(whole.width, x + block.width)];
  for (let row = Math.max(0, y); row < Math.min(whole.height, y + block.height); row++) {
    const source = (row - y) * block.width - x;
    const target = row * whole.width;
    whole.values.set(block.values.subarray(source + from, source + to), target + from);
    if (block.valid === null) whole.valid!.fill(1, target + from, target + to);
    else whole.valid!.set(block.valid.subarray(source + from, source + to), target + from);
  }
}
