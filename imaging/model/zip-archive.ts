import { joined } from './joined-bytes.ts';

/** A file of an archive. */
export interface ZipEntry {
  name: string;
  bytes: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
/** 1 January 1980, the first day that the format knows: the same files give the same bytes on any day. */
const DATE = 0x0021;
/** Names are in UTF-8. */
const FLAGS = 0x0800;
const MAX_BYTES = 0xffffffff;
const MAX_FILES = 0xffff;

/**
 * Puts files into a zip archive as they are: pictures are compressed already.
 *
 * Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 4.3.
 *
 * @param crc32 of bytes, as the format wants it.
 * @throws {RangeError} past 4 gigabytes or 65535 files, which need another format.
 */
export function zipArchive(
  entries: readonly ZipEntry[],
  crc32: (bytes: Uint8Array) => number,
): Uint8Array {
  const total = entries.reduce(
    (sum, { name, bytes }) => sum + bytes.length + 2 * name.length + 76,
    22,
  );
  if (total > MAX_BYTES || entries.length > MAX_FILES) {
    throw new RangeError(
      `Cannot make an archive of ${entries.length} files and ${total} bytes as at most ${MAX_FILES} and ${MAX_BYTES} fit`,
    );
  }
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes } of entries) {
    const path = new TextEncoder().encode(name);
    const common = [
      [2, FLAGS],
      [2, 0],
      [2, 0],
      [2, DATE],
      [4, crc32(bytes)],
      [4, bytes.length],
      [4, bytes.length],
      [2, path.length],
      [2, 0],
    ] as const;
    const head = fields([4, LOCAL], [2, VERSION], ...common);
    parts.push(head, path, bytes);
    directory.push(
      fields(
        [4, CENTRAL],
        [2, VERSION],
        [2, VERSION],
        ...common,
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, at],
      ),
      path,
    );
    at += head.length + path.length + bytes.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const count = entries.length;
  const end = fields(
    [4, END],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, length],
    [4, at],
    [2, 0],
  );
  return joined([...parts, ...directory, end]);
}

function fields(...values: readonly (readonly [2 | 4, number])[]): Uint8Array {
  const length = values.reduce((sum, [size]) => sum + size, 0);
  const view = new DataView(new ArrayBuffer(length));
  let at = 0;
  for (const [size, value] of values) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}
