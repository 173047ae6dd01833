import { defaultPayloadConverter, type PayloadConverter } from '@temporalio/common';

const knownEncodings = ['json/plain', 'binary/plain', 'binary/null'];

/** Stands for a value that a client sent in a way that no worker of this system can read. */
export class UnreadablePayload {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/**
 * Reads payloads as Temporal does, except that an unreadable one becomes a value that says so.
 *
 * Arguments and memo are read before a line of the workflow runs: what is thrown there counts as a bug of
 * the worker, so that the run would neither go on nor end. As a value, the workflow itself can refuse it.
 */
export const payloadConverter: PayloadConverter = {
  toPayload: (value, context, hint) => defaultPayloadConverter.toPayload(value, context, hint),
  fromPayload<T>(...[payload, context, hint]: Parameters<PayloadConverter['fromPayload']>): T {
    try {
      return defaultPayloadConverter.fromPayload<T>(payload, context, hint as never);
    } catch {
      return new UnreadablePayload(reasonFor(payload.metadata?.['encoding'])) as T;
    }
  },
};

function reasonFor(encoding: Uint8Array | null | undefined): string {
  if (!encoding) return 'it has no encoding; send JSON';
  const name = new TextDecoder().decode(encoding);
  if (knownEncodings.includes(name)) return `it is not valid ${name}; send JSON`;
  return `encoding ${JSON.stringify(name)} is not known; send JSON`;
}
