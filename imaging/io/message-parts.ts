/** Of one message: taking it apart and putting it together is done before a worker's next tick. */
const PART_BYTES = 2 ** 21;

/** Messages by which bytes travel before the message that they belong to. */
type PartMessage = { begin: number } | { part: Uint8Array };

/** The sending end of a message channel: a child process, or the process itself in a child. */
export interface Channel {
  send?(message: object, done: (error: Error | null) => void): boolean;
}

/**
 * Sends a message, and before it the bytes that belong to it, in parts that are waited for one by one: a
 * picture of a hundred megabytes in one message would stop the event loops of both processes.
 *
 * @throws when the other end is gone.
 */
export async function sendWithBytes(
  channel: Channel,
  message: object,
  bytes: Uint8Array | null,
): Promise<void> {
  if (bytes !== null) {
    await send(channel, { begin: bytes.length });
    for (let from = 0; from < bytes.length; from += PART_BYTES) {
      await send(channel, { part: bytes.subarray(from, from + PART_BYTES) });
    }
  }
  await send(channel, message);
}

function send(channel: Channel, message: PartMessage | object): Promise<void> {
  return new Promise((resolve, reject) => {
    if (channel.send === undefined)
      return reject(new Error('Cannot send as the channel is closed'));
    channel.send(message, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Puts bytes together that arrive in parts. */
export class PartsInbox {
  private bytes: Uint8Array | null = null;
  private filled = 0;

  /** @returns the message with its bytes once both are whole; null for a part on its way. */
  take<Message>(
    message: PartMessage | Message,
  ): { message: Message; bytes: Uint8Array | null } | null {
    if (isBegin(message)) {
      this.bytes = new Uint8Array(message.begin);
      this.filled = 0;
      return null;
    }
    if (isPart(message)) {
      this.bytes!.set(message.part, this.filled);
      this.filled += message.part.length;
      return null;
    }
    const { bytes } = this;
    this.bytes = null;
    return { message: message as Message, bytes };
  }
}

function isBegin(message: unknown): message is { begin: number } {
  return typeof message === 'object' && message !== null && 'begin' in message;
}

function isPart(message: unknown): message is { part: Uint8Array } {
  return typeof message === 'object' && message !== null && 'part' in message;
}
