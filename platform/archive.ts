import { stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';

/** The archive as a whole cannot be used. */
export class ArchiveRefused extends Error {}

/** One member of an archive cannot be taken; the others may. */
export class MemberRefused extends Error {}

/** A member whose bytes are not those that were packed. */
export class MemberDamaged extends Error {}

export interface ArchiveLimits {
  members: number;
  /** Of all members together, unpacked. */
  totalBytes: number;
  /** Unpacked to packed, of one member; images hardly shrink, and bombs do. */
  ratio: number;
}

export const archiveLimits: ArchiveLimits = { members: 250_000, totalBytes: 4e12, ratio: 200 };

/** Below it a ratio says nothing: a small file of one color may shrink a thousandfold. */
const RATIO_COUNTS_FROM_BYTES = 1e6;
/** Archives kept open: their directories are read once, and not for each of their images. */
const KEPT_OPEN = 2;

export interface ArchiveListing {
  /** Names with slashes, of files that lie inside and may be opened, in code-unit order. */
  members: string[];
  leftOut: { name: string; reason: string; isOutside: boolean }[];
}

/**
 * What a zip archive holds, with what is never unpacked from it: links, and names that lead out of it.
 *
 * @throws {ArchiveRefused} when it is no zip archive, has too many members or too much in them, or has
 * members that share their bytes, as only bombs do.
 */
export async function listArchive(
  path: string,
  limits: ArchiveLimits = archiveLimits,
): Promise<ArchiveListing> {
  const { members, leftOut } = await openKept(path, limits);
  return { members: [...members.keys()].sort(), leftOut };
}

/**
 * Opens one member as a stream; its length and checksum are checked on the way.
 *
 * @throws {MemberRefused} when it is encrypted, packed in an unknown way, or grows beyond the ratio. The
 * stream fails with {MemberDamaged} when its bytes are not those that were packed.
 */
export async function openMember(
  path: string,
  name: string,
  limits: ArchiveLimits = archiveLimits,
): Promise<Readable> {
  const { zip, members } = await openKept(path, limits);
  const entry = members.get(name);
  if (entry === undefined) throw new MemberRefused(`it is not in the archive any more`);
  const refusal = refusalOf(entry, limits);
  if (refusal !== null) throw new MemberRefused(refusal);
  const packed = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw new MemberDamaged(wordsOf(error));
  });
  const whole = packed.pipe(checked(entry));
  packed.on('error', (error: Error) => whole.destroy(new MemberDamaged(wordsOf(error))));
  whole.once('close', () => packed.destroy());
  // A small member may fail before anybody reads it: the stream keeps the error for its reader, where without
  // a listener it would end the process.
  whole.on('error', () => undefined);
  return whole;
}

/** Closes what is kept open, so that the files can be removed. */
export function closeArchives(): void {
  for (const kept of keptOpen.values()) {
    kept.then(
      ({ zip }) => zip.close(),
      () => undefined,
    );
  }
  keptOpen.clear();
}

interface OpenArchive extends Pick<ArchiveListing, 'leftOut'> {
  zip: ZipFile;
  members: Map<string, Entry>;
}

const keptOpen = new Map<string, Promise<OpenArchive>>();

async function openKept(path: string, limits: ArchiveLimits): Promise<OpenArchive> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path} ${size} ${mtimeMs}`;
  const known = keptOpen.get(key);
  if (known !== undefined) return known;
  const opening = open(path, limits);
  keptOpen.set(key, opening);
  opening.catch(() => keptOpen.delete(key));
  for (const [oldest, archive] of keptOpen) {
    if (keptOpen.size <= KEPT_OPEN) break;
    keptOpen.delete(oldest);
    // What is being read from it is read to its end first.
    archive.then(
      ({ zip }) => zip.close(),
      () => undefined,
    );
  }
  return opening;
}

async function open(path: string, limits: ArchiveLimits): Promise<OpenArchive> {
  // Sizes are checked here, so that one wrong member does not cost the archive.
  const options = {
    autoClose: false,
    decodeStrings: false,
    lazyEntries: true,
    validateEntrySizes: false,
  } as const;
  const zip = await openPromise(path, options).catch(refuse);
  const found: OpenArchive = { zip, members: new Map(), leftOut: [] };
  try {
    await readDirectory(found, limits);
    return found;
  } catch (error) {
    zip.close();
    return refuse(error);
  }
}

/** What the system says of a file is not about the archive. */
function refuse(error: unknown): never {
  const isOfSystem = error instanceof Error && 'syscall' in error;
  if (isOfSystem || error instanceof ArchiveRefused) throw error;
  throw new ArchiveRefused(`it is no zip archive, or a damaged one (${wordsOf(error)})`);
}

async function readDirectory(found: OpenArchive, limits: ArchiveLimits): Promise<void> {
  const entries: Entry[] = [];
  let totalBytes = 0;
  for await (const entry of found.zip.eachEntry()) {
    entries.push(entry);
    totalBytes += entry.uncompressedSize;
    if (entries.length > limits.members) {
      throw new ArchiveRefused(`it has more than ${limits.members} members`);
    }
    if (totalBytes > limits.totalBytes) {
      throw new ArchiveRefused(`it unpacks to more than ${limits.totalBytes} bytes`);
    }
    take(entry, found);
  }
  refuseSharedBytes(entries);
}

function take(entry: Entry, { members, leftOut }: OpenArchive): void {
  const name = nameOf(entry);
  if (name.endsWith('/')) return;
  const leaveOut = (reason: string, isOutside = false) => leftOut.push({ name, reason, isOutside });
  if (leadsOut(name)) return void leaveOut('its name leads out of the archive', true);
  if (isLink(entry)) return void leaveOut('it is a link');
  if (members.has(name)) return void leaveOut('another member has the same name');
  members.set(name, entry);
}

function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
}

function leadsOut(name: string): boolean {
  return /^(\/|[A-Za-z]:)/.test(name) || name.includes('\0') || name.split('/').includes('..');
}

/** Archives that Unix made keep the kind of a file in the upper half of its attributes. */
function isLink({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  const isUnix = versionMadeBy >>> 8 === 3;
  return isUnix && ((externalFileAttributes >>> 16) & 0o170_000) === 0o120_000;
}

function refuseSharedBytes(entries: Entry[]): void {
  let end = 0;
  for (const entry of entries.sort(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  )) {
    if (entry.relativeOffsetOfLocalHeader < end) {
      throw new ArchiveRefused('members of it share their bytes, as only bombs do');
    }
    end = entry.relativeOffsetOfLocalHeader + 30 + entry.compressedSize;
  }
}

function refusalOf(entry: Entry, { ratio }: ArchiveLimits): string | null {
  const { uncompressedSize, compressedSize, compressionMethod } = entry;
  if (entry.isEncrypted()) return 'it is encrypted: unpack the archive first';
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    return `it is packed by method ${compressionMethod}, which is not known: pack it by "deflate" or not at all`;
  }
  const isBomb =
    uncompressedSize > RATIO_COUNTS_FROM_BYTES && uncompressedSize > compressedSize * ratio;
  return isBomb ? `it unpacks to more than ${ratio} times its bytes` : null;
}

function checked({ crc32: expected, uncompressedSize }: Entry): Transform {
  let found = 0;
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > uncompressedSize) {
        return done(new MemberDamaged(`it unpacks to more than its ${uncompressedSize} bytes`));
      }
      found = crc32(chunk, found);
      done(null, chunk);
    },
    flush(done) {
      if (bytes === uncompressedSize && found === expected) return done();
      done(new MemberDamaged('its bytes do not match their checksum'));
    },
  });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
