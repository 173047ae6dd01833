import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  name: string;
  content?: Buffer;
  isDeflated?: boolean;
  isEncrypted?: boolean;
  method?: number;
  /** Mode of Unix with the kind of the file in it, such as `0o120777` of a link. */
  mode?: number;
  /** In place of the right ones. */
  crc?: number;
  statedBytes?: number;
  /** Sizes and place in the extra field of zip64. */
  isZip64?: boolean;
  /** The place of another member in the directory, instead of its own. */
  placeOf?: string;
}

const MAX_32 = 0xffffffff;

/** A zip archive, byte by byte, so that it may be wrong in every way. */
export function zipFile(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const places = new Map<string, number>();
  let at = 0;
  for (const member of members) {
    const { name, content = Buffer.from(name), isDeflated = false, isZip64 = false } = member;
    const plain = isDeflated ? deflateRawSync(content) : content;
    // An encrypted member begins with twelve bytes of its own.
    const packed = member.isEncrypted === true ? Buffer.concat([Buffer.alloc(12), plain]) : plain;
    const head = Buffer.alloc(26);
    head.writeUInt16LE(isZip64 ? 45 : 20, 0);
    head.writeUInt16LE(0x800 | (member.isEncrypted === true ? 1 : 0), 2);
    head.writeUInt16LE(member.method ?? (isDeflated ? 8 : 0), 4);
    head.writeUInt32LE(member.crc ?? crc32(content), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(member.statedBytes ?? content.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    places.set(name, at);
    const place = places.get(member.placeOf ?? name)!;
    const local = Buffer.concat([signature(0x04034b50), head, Buffer.from(name), packed]);
    directory.push(directoryEntry(member, head, packed.length, content.length, place));
    parts.push(local);
    at += local.length;
  }
  const listing = Buffer.concat(directory);
  const isZip64 = members.some((member) => member.isZip64);
  return Buffer.concat([...parts, listing, ...endOf(members.length, listing.length, at, isZip64)]);
}

function directoryEntry(
  { name, mode = 0o100644, isZip64 = false, statedBytes }: ZipMember,
  head: Buffer,
  packed: number,
  bytes: number,
  place: number,
): Buffer {
  const own = Buffer.from(head);
  const extra = Buffer.alloc(isZip64 ? 28 : 0);
  if (isZip64) {
    own.writeUInt32LE(MAX_32, 14);
    own.writeUInt32LE(MAX_32, 18);
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    extra.writeBigUInt64LE(BigInt(statedBytes ?? bytes), 4);
    extra.writeBigUInt64LE(BigInt(packed), 12);
    extra.writeBigUInt64LE(BigInt(place), 20);
  }
  own.writeUInt16LE(extra.length, 24);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE((mode << 16) >>> 0, 6);
  tail.writeUInt32LE(isZip64 ? MAX_32 : place, 10);
  const madeByUnix = Buffer.from([45, 3]);
  return Buffer.concat([signature(0x02014b50), madeByUnix, own, tail, Buffer.from(name), extra]);
}

function endOf(count: number, bytes: number, at: number, isZip64: boolean): Buffer[] {
  const end = Buffer.alloc(18);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 4);
  end.writeUInt16LE(isZip64 ? 0xffff : count, 6);
  end.writeUInt32LE(isZip64 ? MAX_32 : bytes, 8);
  end.writeUInt32LE(isZip64 ? MAX_32 : at, 12);
  const plain = [signature(0x06054b50), end];
  if (!isZip64) return plain;
  const long = Buffer.alloc(52);
  long.writeBigUInt64LE(44n, 0);
  long.writeUInt16LE(45, 8);
  long.writeUInt16LE(45, 10);
  long.writeBigUInt64LE(BigInt(count), 20);
  long.writeBigUInt64LE(BigInt(count), 28);
  long.writeBigUInt64LE(BigInt(bytes), 36);
  long.writeBigUInt64LE(BigInt(at), 44);
  const locator = Buffer.alloc(16);
  locator.writeBigUInt64LE(BigInt(at + bytes), 4);
  locator.writeUInt32LE(1, 12);
  return [signature(0x06064b50), long, signature(0x07064b50), locator, ...plain];
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
