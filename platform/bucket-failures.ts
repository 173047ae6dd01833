/** A bucket did not do what it was asked. */
export class BucketFailure extends Error {
  /** Whether asking again gives the same answer. */
  readonly isLasting: boolean;
  readonly isObjectMissing: boolean;

  constructor(message: string, kind: { isLasting: boolean; isObjectMissing: boolean }) {
    super(message);
    this.isLasting = kind.isLasting;
    this.isObjectMissing = kind.isObjectMissing;
  }
}

/** What an error of the SDK says of itself. */
interface SdkError {
  name: string;
  message: string;
  $metadata?: { httpStatusCode?: number };
}

export function statusOf(error: unknown): number | undefined {
  return isSdkError(error) ? error.$metadata?.httpStatusCode : undefined;
}

/** Whether an object, not its bucket, is not there. */
export function isObjectMissing(error: unknown): boolean {
  if (!isSdkError(error) || error.name === 'NoSuchBucket') return false;
  return error.name === 'NoSuchKey' || error.name === 'NotFound' || statusOf(error) === 404;
}

/** An error of the SDK as one sentence that says what to do about it. */
export function bucketFailure(what: string, place: string, error: unknown): unknown {
  if (error instanceof BucketFailure || !isSdkError(error)) return error;
  if (error.name === 'AbortError') return error;
  const known = reasons[error.name] ?? byStatus(statusOf(error));
  const reason = known ?? passing(error);
  return new BucketFailure(`Cannot ${what} "${place}" as ${reason}`, {
    isLasting: known !== undefined,
    isObjectMissing: isObjectMissing(error),
  });
}

const bucketMissing = 'there is no such bucket: create it, or correct its name';

/** Where an answer does not say by itself that it is the bucket that is missing. */
export function noSuchBucket(what: string, place: string): BucketFailure {
  const message = `Cannot ${what} "${place}" as ${bucketMissing}`;
  return new BucketFailure(message, { isLasting: true, isObjectMissing: false });
}

const wrongKey =
  'the credentials are not known to the service: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';
const denied = 'the credentials do not allow it: grant them this bucket';

/** What stays as it is until somebody does something. */
const reasons: Record<string, string> = {
  NoSuchBucket: bucketMissing,
  NoSuchKey: 'there is no such object',
  NotFound: 'there is no such object',
  AccessDenied: denied,
  AllAccessDisabled: denied,
  InvalidAccessKeyId: wrongKey,
  SignatureDoesNotMatch: wrongKey,
  ExpiredToken: 'the credentials have expired: give new ones',
  CredentialsProviderError:
    'there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another way that AWS knows',
  PermanentRedirect: 'the bucket lies in another region: set AWS_REGION',
  InvalidBucketName: 'this is no name of a bucket',
};

function byStatus(status: number | undefined): string | undefined {
  if (status === 403) return denied;
  if (status === 301) return reasons['PermanentRedirect'];
  return status === 404 ? reasons['NoSuchKey'] : undefined;
}

function passing(error: SdkError): string {
  const status = statusOf(error);
  if (error.name === 'SlowDown' || status === 503) return 'the service asks to slow down';
  if (status !== undefined) return `the service answered with status ${status} (${error.name})`;
  return `the service cannot be reached (${error.message || error.name})`;
}

function isSdkError(error: unknown): error is SdkError {
  return error instanceof Error;
}
