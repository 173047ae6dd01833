import { openObjectSource } from '../../platform/bucket-range.ts';
import type { BucketSourceOptions } from '../../platform/bucket-source.ts';
import { type ByteSource, openFileSource } from '../../platform/byte-source.ts';
import { openAddressSource } from '../../platform/download-range.ts';
import { isAddress, isBucketAddress } from '../../platform/image-sources.ts';

/** Whether a location is one whose parts come over a network. */
export function isAfar(location: string): boolean {
  return isAddress(location) || isBucketAddress(location);
}

/** Opens what a path, an http(s) address or an s3 address names, to read parts of it. */
export function openSource(location: string, options: BucketSourceOptions): Promise<ByteSource> {
  if (isAddress(location)) return openAddressSource(location, options);
  if (isBucketAddress(location)) return openObjectSource(location, options);
  return openFileSource(location);
}
