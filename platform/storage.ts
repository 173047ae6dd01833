/** Files and the bytes in them. */
export interface Amount {
  files: number;
  bytes: number;
}

/**
 * Where the files of skyloom lie, under keys with slashes such as `artifacts/ab/abc…`: a folder that all
 * workers share, or a bucket. Every write is whole or not there.
 */
export interface Storage {
  /** As people read it: the path of the folder, or the address of the bucket. */
  readonly place: string;
  /** A folder on this machine for files that are being written; it is there. */
  scratchFolder(): Promise<string>;
  /** Takes over a finished file whose name is its content, unless it is there already. */
  adopt(
    key: string,
    scratchPath: string,
    content: { sha256: string; bytes: number },
  ): Promise<void>;
  /** Path of a file on this machine with that content; it must not be changed. */
  fileOf(key: string, sha256: string): Promise<string>;
  /** Null when it is not there. */
  statOf(key: string): Promise<{ bytes: number } | null>;
  /** Gives a file that is there a second, plain name. */
  copy(from: { key: string; sha256: string }, toKey: string): Promise<void>;
  /** @param isDurable whether it must outlive a power failure. */
  writeSmall(key: string, content: Uint8Array, isDurable: boolean): Promise<void>;
  /** Null when it is not there. */
  readSmall(key: string): Promise<Buffer | null>;
  /** Names one level below, of files and folders, in order; none when there is nothing. */
  namesBelow(key: string): Promise<string[]>;
  /** When something right below was last written, milliseconds since 1970; null when there is nothing. */
  lastWriteBelow(key: string): Promise<number | null>;
  /** Safe to repeat. */
  remove(key: string): Promise<void>;
  /** Removes everything below. Safe to repeat. */
  removeBelow(key: string): Promise<void>;
  /**
   * Removes a file unless it is wanted, also when it comes to be wanted meanwhile.
   *
   * @returns its bytes; 0 when it stays.
   */
  removeUnless(key: string, isWanted: () => Promise<boolean>): Promise<number>;
  /** Removes, or only counts, what is below, matches, and was written before a time. */
  removeOld(key: string, old: OldFiles): Promise<Amount>;
}

export interface OldFiles {
  cutoffMs: number;
  isDryRun: boolean;
  /** By the last part of a key. */
  isMeant: (name: string) => boolean;
}
