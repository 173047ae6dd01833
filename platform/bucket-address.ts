import { InvalidInput } from '../contracts/failures.ts';

export interface BucketAddress {
  bucket: string;
  /** Of one object, or the beginning of many; empty for the whole bucket. */
  key: string;
}

/**
 * The parts of `s3://bucket/key`. Keys are taken as they stand: a `%` is a character like any other.
 *
 * @throws {InvalidInput} when there is no bucket in it.
 *
 * @example
 * parseBucketAddress('s3://flights/2026/f7/'); // { bucket: 'flights', key: '2026/f7/' }
 */
export function parseBucketAddress(address: string): BucketAddress {
  const [, bucket, key = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/is.exec(address) ?? [];
  if (bucket === undefined) {
    throw new InvalidInput(`Cannot read "${address}" as it is not s3://bucket/prefix`);
  }
  return { bucket, key };
}
