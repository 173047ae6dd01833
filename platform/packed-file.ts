import { gunzipSync, inflateRawSync } from 'node:zlib';

const BLOCK = 512;

/**
 * Takes one file out of a package of npm, a compressed tar archive.
 *
 * Source: POSIX.1-2001, pax, "ustar interchange format".
 *
 * @throws {Error} when the archive has no such file.
 */
export function fileInTarball(archive: Buffer, path: string): Buffer {
  const tar = gunzipSync(archive);
  for (let at = 0; at + BLOCK <= tar.length;) {
    const name = textAt(tar, at, 100);
    const prefix = textAt(tar, at + 345, 155);
    const size = Number.parseInt(textAt(tar, at + 124, 12), 8) || 0;
    const from = at + BLOCK;
    if ((prefix === '' ? name : `${prefix}/${name}`) === path) {
      return tar.subarray(from, from + size);
    }
    at = from + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`it has no file "${path}"`);
}

function textAt(bytes: Buffer, from: number, length: number): string {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end < 0 ? length : end).trim();
}

const END_OF_DIRECTORY = 0x06054b50;
const ENTRY = 0x02014b50;

/**
 * Takes one file out of a wheel of Python, a zip archive.
 *
 * Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 4.3.12 and 4.3.16.
 *
 * @throws {Error} when the archive is damaged or has no such file.
 */
export function fileInWheel(archive: Buffer, path: string): Buffer {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  if (end < 0) throw new Error('it is no zip archive');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== ENTRY) throw new Error('its directory is damaged');
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    if (name === path) return unpacked(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`it has no file "${path}"`);
}

function unpacked(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const size = archive.readUInt32LE(entry + 20);
  const header = archive.readUInt32LE(entry + 42);
  const from = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(from, from + size);
  return method === 0 ? packed : inflateRawSync(packed);
}
