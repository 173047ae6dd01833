import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type * as Sdk from '@aws-sdk/client-s3';
import {
  BucketFailure,
  bucketFailure,
  isObjectMissing,
  noSuchBucket,
  statusOf,
} from './bucket-failures.ts';
import type { Settings } from './configuration.ts';
import { ContentChanged } from './download-failures.ts';
import { type Ask, copyInParts, partLimits, uploadInParts } from './large-objects.ts';

export interface BucketObject {
  key: string;
  bytes: number;
  modifiedMs: number;
}

export interface ObjectBody {
  body: Readable;
  /** Length of the whole object. */
  total: number;
  etag: string | null;
  mediaType: string | null;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Below every heartbeat timeout. */
const SILENCE_TIMEOUT_MS = 10_000;
const MAX_ATTEMPTS = 4;
/** Services that stand by themselves do not look at it; the SDK wants one. */
const ANY_REGION = 'us-east-1';

type Client = { sdk: typeof Sdk; client: Sdk.S3Client };

/** One per endpoint and process; the SDK is large, and loaded by those who use buckets only. */
const clients = new Map<string, Promise<Client>>();

function clientFor({ SKYLOOM_S3_ENDPOINT: endpoint }: Settings): Promise<Client> {
  const key = endpoint ?? '';
  const known = clients.get(key);
  if (known !== undefined) return known;
  const creating = createClient(endpoint);
  clients.set(key, creating);
  return creating;
}

async function createClient(endpoint: string | undefined): Promise<Client> {
  // Once per process it would tell users what our own requirements say.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const client = new sdk.S3Client({
    // Buckets as the first part of the path: names of hosts that no resolver knows are not needed then.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(endpoint !== undefined && !AWS_REGION && !AWS_DEFAULT_REGION ? { region: ANY_REGION } : {}),
    // What it has to say comes as an error, and is said in our words.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    maxAttempts: MAX_ATTEMPTS,
    // Other services than Amazon's do not know the newer checksums; ours are SHA-256, over the whole file.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_TIMEOUT_MS },
  });
  return { sdk, client };
}

function ignore(): void {}

/** Closes kept connections, so that a process can end. */
export async function closeBuckets(): Promise<void> {
  const all = [...clients.values()];
  clients.clear();
  for (const creating of all) (await creating).client.destroy();
}

/** One bucket of an S3-compatible service. Failures are {BucketFailure}s, in words. */
export class Bucket {
  private readonly name: string;
  private readonly limits: typeof partLimits;
  private readonly connect: () => Promise<Client>;

  constructor(name: string, settings: Settings, limits = partLimits) {
    this.name = name;
    this.limits = limits;
    this.connect = () => clientFor(settings);
  }

  /** Objects whose keys begin so, in order of key. */
  async *list(prefix: string, signal?: AbortSignal): AsyncGenerator<BucketObject> {
    for await (const { Contents = [] } of this.pages(prefix, undefined, signal)) {
      for (const { Key = '', Size = 0, LastModified } of Contents) {
        yield { key: Key, bytes: Size, modifiedMs: LastModified?.getTime() ?? 0 };
      }
    }
  }

  /** What stands between a prefix and the next slash, in order. */
  async namesBelow(prefix: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { Contents = [], CommonPrefixes = [] } of this.pages(prefix, '/')) {
      names.push(...Contents.map(({ Key = '' }) => Key.slice(prefix.length)));
      names.push(...CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(prefix.length, -1)));
    }
    return names.filter((name) => name !== '').sort();
  }

  private async *pages(
    prefix: string,
    delimiter?: string,
    signal?: AbortSignal,
  ): AsyncGenerator<Sdk.ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const input: Sdk.ListObjectsV2CommandInput = { Bucket: this.name, Prefix: prefix };
      if (delimiter !== undefined) input.Delimiter = delimiter;
      if (token !== undefined) input.ContinuationToken = token;
      const page: Sdk.ListObjectsV2CommandOutput = await this.ask(
        'list',
        prefix,
        signal,
        (sdk, client, options) => client.send(new sdk.ListObjectsV2Command(input), options),
      );
      yield page;
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** Null when the object is not there. */
  async head(key: string, signal?: AbortSignal): Promise<{ bytes: number } | null> {
    const Bucket = this.name;
    const found = await this.askOrNull(
      'look at',
      key,
      signal,
      (sdk, client, options) =>
        client.send(new sdk.HeadObjectCommand({ Bucket, Key: key }), options),
      isObjectMissing,
    );
    if (found !== null) return { bytes: found.ContentLength ?? 0 };
    // An answer to HEAD has no body that could say which of the two is missing.
    const bucket = await this.askOrNull(
      'look at',
      key,
      signal,
      (sdk, client, options) => client.send(new sdk.HeadBucketCommand({ Bucket }), options),
      isObjectMissing,
    );
    if (bucket === null) throw noSuchBucket('look at', this.placeOf(key));
    return null;
  }

  /**
   * Opens an object, from a byte on when it is still the same.
   *
   * @throws {ContentChanged} when it is not.
   */
  async get(
    key: string,
    { from = 0, to, etag = null }: { from?: number; to?: number; etag?: string | null } = {},
    signal?: AbortSignal,
  ): Promise<ObjectBody> {
    const input: Sdk.GetObjectCommandInput = { Bucket: this.name, Key: key };
    if (from !== 0 || to !== undefined) input.Range = `bytes=${from}-${to ?? ''}`;
    if (etag !== null) input.IfMatch = etag;
    const found = await this.askOrNull(
      'read',
      key,
      signal,
      (sdk, client, options) => client.send(new sdk.GetObjectCommand(input), options),
      (error) => etag !== null && [412, 416].includes(statusOf(error) ?? 0),
    );
    if (found === null) {
      throw new ContentChanged(`Cannot go on with "${this.placeOf(key)}" as it changed meanwhile`);
    }
    const { Body, ContentLength = 0, ContentRange, ETag, ContentType } = found;
    return {
      body: Body as Readable,
      total: Number(/\/(\d+)$/.exec(ContentRange ?? '')?.[1] ?? ContentLength),
      etag: ETag ?? null,
      mediaType: ContentType ?? null,
    };
  }

  /** Opens an object; null when it is not there. */
  async getIfThere(key: string): Promise<ObjectBody | null> {
    try {
      return await this.get(key);
    } catch (error) {
      if (error instanceof BucketFailure && error.isObjectMissing) return null;
      throw error;
    }
  }

  /** Writes an object, whole. @returns whether it was written; false when `isNew` and it is there. */
  async put(key: string, { body, bytes, sha256, isNew = false }: NewObject): Promise<boolean> {
    const input: Sdk.PutObjectCommandInput = {
      Bucket: this.name,
      Key: key,
      Body: body as NonNullable<Sdk.PutObjectCommandInput['Body']>,
      ContentLength: bytes,
    };
    if (sha256 !== undefined) input.ChecksumSHA256 = Buffer.from(sha256, 'hex').toString('base64');
    if (isNew) input.IfNoneMatch = '*';
    const written = await this.askOrNull(
      'write',
      key,
      undefined,
      (sdk, client) => client.send(new sdk.PutObjectCommand(input)),
      (error) => isNew && [409, 412].includes(statusOf(error) ?? 0),
    );
    return written !== null;
  }

  /** Writes a file as an object, a large one in parts. @returns as `put` does. */
  async putFile(
    key: string,
    path: string,
    { bytes, sha256, isNew = false }: Omit<NewObject, 'body'>,
  ): Promise<boolean> {
    if (bytes <= this.limits.uploadBytes) {
      const body = createReadStream(path);
      return this.put(key, { body, bytes, isNew, ...(sha256 === undefined ? {} : { sha256 }) });
    }
    const target = { Bucket: this.name, Key: key };
    return uploadInParts(this.asker('write', key), target, { path, bytes, isNew }, this.limits);
  }

  /** @returns whether there was something to copy. */
  async copy(fromKey: string, toKey: string): Promise<boolean> {
    const CopySource = `${this.name}/${fromKey.split('/').map(encodeURIComponent).join('/')}`;
    const found = await this.head(fromKey);
    if (found === null) return false;
    if (found.bytes > this.limits.copyBytes) {
      const source = { source: CopySource, bytes: found.bytes };
      const target = { Bucket: this.name, Key: toKey };
      await copyInParts(this.asker('copy', fromKey), target, source, this.limits);
      return true;
    }
    const copied = await this.askOrNull(
      'copy',
      fromKey,
      undefined,
      (sdk, client) =>
        client.send(new sdk.CopyObjectCommand({ Bucket: this.name, Key: toKey, CopySource })),
      isObjectMissing,
    );
    return copied !== null;
  }

  /** Safe to repeat. */
  async remove(key: string): Promise<void> {
    await this.ask('remove', key, undefined, (sdk, client) =>
      client.send(new sdk.DeleteObjectCommand({ Bucket: this.name, Key: key })),
    );
  }

  placeOf(key: string): string {
    return `s3://${this.name}/${key}`;
  }

  private asker(what: string, key: string): Ask {
    return (send, isExpected = () => false) =>
      this.askOrNull(what, key, undefined, send, isExpected);
  }

  private async ask<Output>(
    what: string,
    key: string,
    signal: AbortSignal | undefined,
    send: Send<Output>,
  ): Promise<Output> {
    const answer = await this.askOrNull(what, key, signal, send, () => false);
    return answer as Output;
  }

  /** @param isExpected whether an error is an answer, too: null. */
  private async askOrNull<Output>(
    what: string,
    key: string,
    signal: AbortSignal | undefined,
    send: Send<Output>,
    isExpected: (error: unknown) => boolean,
  ): Promise<Output | null> {
    const { sdk, client } = await this.connect();
    try {
      return await send(sdk, client, signal === undefined ? {} : { abortSignal: signal });
    } catch (error) {
      signal?.throwIfAborted();
      if (isExpected(error)) return null;
      throw bucketFailure(what, this.placeOf(key), error);
    }
  }
}

type Send<Output> = (
  sdk: Client['sdk'],
  client: Client['client'],
  options: { abortSignal?: AbortSignal },
) => Promise<Output>;

export interface NewObject {
  body: Uint8Array | Readable;
  bytes: number;
  /** Of the whole, for the service to check. */
  sha256?: string;
  /** Leave what is there as it is. */
  isNew?: boolean;
}
