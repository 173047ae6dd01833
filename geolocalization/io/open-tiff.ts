import GeoTIFF from 'geotiff';
import type { ByteSource } from '../../platform/byte-source.ts';
import { useFastInflate } from './inflate-decoder.ts';

interface Slice {
  offset: number;
  length: number;
}

/** What the reader of TIFFs asks for bytes. */
class Bytes {
  private readonly source: ByteSource;

  constructor(source: ByteSource) {
    this.source = source;
  }

  get fileSize(): number {
    return this.source.size;
  }

  fetch(slices: Slice[]): Promise<ArrayBufferLike[]> {
    return Promise.all(slices.map(async (slice) => (await this.fetchSlice(slice)).data));
  }

  /** Past the end of the file there is nothing: zeros, as the reader asks for more than it needs. */
  async fetchSlice({ offset, length }: Slice) {
    const bytes = await this.source.read(offset, length);
    const data = new ArrayBuffer(length);
    new Uint8Array(data).set(bytes);
    return { data, offset, length };
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

/** Reads the directories of a TIFF, wherever its bytes lie; pixels are read when they are asked for. */
export function openTiff(source: ByteSource, signal?: AbortSignal): Promise<GeoTIFF> {
  useFastInflate();
  return GeoTIFF.fromSource(new Bytes(source), {}, signal);
}
