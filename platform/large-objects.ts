import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type * as Sdk from '@aws-sdk/client-s3';
import { mapWindow } from '../durable/map-window.ts';
import { BucketFailure, statusOf } from './bucket-failures.ts';

/** Up to where objects go in one request, and how large their parts are otherwise. */
export interface PartLimits {
  uploadBytes: number;
  copyBytes: number;
  partBytes: number;
}

/**
 * One request may bring 5 GiB; what breaks off in parts is sent again by part. A copy moves no bytes over the
 * network, and goes in one request as long as it may.
 *
 * Source: Amazon Simple Storage Service User Guide, "Amazon S3 multipart upload limits".
 */
export const partLimits: PartLimits = {
  uploadBytes: 256 * 1024 ** 2,
  copyBytes: 5 * 1024 ** 3,
  partBytes: 64 * 1024 ** 2,
};

const MOST_PARTS = 10_000;
/** Parts on their way at a time: each is held in memory, so that it can be sent again. */
const PARTS_AT_A_TIME = 2;

/** Asks the service for one thing; failures are {BucketFailure}s, in words. */
export type Ask = <Output>(
  send: (
    sdk: typeof Sdk,
    client: Sdk.S3Client,
    options: { abortSignal?: AbortSignal },
  ) => Promise<Output>,
  isExpected?: (error: unknown) => boolean,
) => Promise<Output | null>;

interface Target {
  Bucket: string;
  Key: string;
}

interface Part {
  number: number;
  from: number;
  /** Behind the last byte. */
  to: number;
}

/**
 * Writes a file as an object of many parts, each with its SHA-256 for the service to check.
 *
 * @returns whether it was written; false when `isNew` and it is there.
 */
export async function uploadInParts(
  ask: Ask,
  target: Target,
  { path, bytes, isNew }: { path: string; bytes: number; isNew: boolean },
  { partBytes }: PartLimits,
): Promise<boolean> {
  const file = await open(path);
  try {
    return await inParts(ask, target, { bytes, partBytes, isNew }, async (UploadId, part) => {
      const Body = new Uint8Array(part.to - part.from);
      await fill(file, Body, part.from, path);
      const ChecksumSHA256 = createHash('sha256').update(Body).digest('base64');
      const PartNumber = part.number;
      const sent = await ask((sdk, client) =>
        client.send(
          new sdk.UploadPartCommand({ ...target, UploadId, PartNumber, Body, ChecksumSHA256 }),
        ),
      );
      return { PartNumber, ETag: sent!.ETag, ChecksumSHA256 };
    });
  } finally {
    await file.close();
  }
}

/** Copies an object within the service, part by part. */
export async function copyInParts(
  ask: Ask,
  target: Target,
  { source, bytes }: { source: string; bytes: number },
  { partBytes }: PartLimits,
): Promise<void> {
  await inParts(ask, target, { bytes, partBytes, isNew: false }, async (UploadId, part) => {
    const PartNumber = part.number;
    const CopySourceRange = `bytes=${part.from}-${part.to - 1}`;
    const copied = await ask((sdk, client) =>
      client.send(
        new sdk.UploadPartCopyCommand({
          ...target,
          UploadId,
          PartNumber,
          CopySource: source,
          CopySourceRange,
        }),
      ),
    );
    return { PartNumber, ETag: copied!.CopyPartResult?.ETag };
  });
}

async function inParts(
  ask: Ask,
  target: Target,
  { bytes, partBytes, isNew }: { bytes: number; partBytes: number; isNew: boolean },
  bring: (uploadId: string, part: Part) => Promise<Sdk.CompletedPart>,
): Promise<boolean> {
  const begun = await ask((sdk, client) =>
    client.send(new sdk.CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: 'SHA256' })),
  );
  const UploadId = begun!.UploadId!;
  try {
    const parts = partsOf(bytes, partBytes);
    const Parts = await mapWindow(parts, PARTS_AT_A_TIME, (part) => bring(UploadId, part));
    const input: Sdk.CompleteMultipartUploadCommandInput = {
      ...target,
      UploadId,
      MultipartUpload: { Parts },
    };
    if (isNew) input.IfNoneMatch = '*';
    const done = await ask(
      (sdk, client) => client.send(new sdk.CompleteMultipartUploadCommand(input)),
      (error) => isNew && [409, 412].includes(statusOf(error) ?? 0),
    );
    if (done !== null) return true;
    await abandon(ask, { ...target, UploadId });
    return false;
  } catch (error) {
    await abandon(ask, { ...target, UploadId });
    throw error;
  }
}

/** Parts of an upload that never ends are stored, and paid for. */
async function abandon(ask: Ask, upload: Target & { UploadId: string }): Promise<void> {
  try {
    await ask((sdk, client) => client.send(new sdk.AbortMultipartUploadCommand(upload)));
  } catch (error) {
    // What ended the upload is what has to be said; a rule of the bucket removes what is left.
    if (!(error instanceof BucketFailure)) throw error;
  }
}

function partsOf(bytes: number, partBytes: number): Part[] {
  const size = Math.max(partBytes, Math.ceil(bytes / MOST_PARTS));
  return Array.from({ length: Math.ceil(bytes / size) }, (_, index) => ({
    number: index + 1,
    from: index * size,
    to: Math.min(bytes, (index + 1) * size),
  }));
}

async function fill(
  file: Awaited<ReturnType<typeof open>>,
  bytes: Uint8Array,
  position: number,
  path: string,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, position + at);
    if (bytesRead === 0) throw new Error(`Cannot read "${path}" as it became shorter meanwhile`);
    at += bytesRead;
  }
}
