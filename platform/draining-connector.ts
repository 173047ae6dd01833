import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** Of undici's parser of HTTP/1, what is needed here. */
interface Parser {
  paused: boolean;
  /** Parses what the socket holds. */
  resume: () => void;
  llhttp: { llhttp_resume: (ptr: unknown) => void };
  ptr: unknown;
}

/**
 * Lets an answer end whose reader is slower than its server. When the last bytes fill the reader's buffer, the
 * parser is paused with nothing left to parse; a connection that is closed then fails an assertion of undici 7,
 * which ends the process (nodejs/undici issue 5360, mended in version 8, for Node 22 and later). Here such a
 * parser goes on before it is told of the end: what it still hands over is buffered, as far as it was received.
 */
export function drainingConnector(connect: buildConnector.connector): buildConnector.connector {
  return (target, done) =>
    connect(target, (...answer) => {
      const [, socket] = answer;
      // Before the listeners that undici adds when it has the socket.
      socket?.on('end', () => drain(socket)).on('close', () => drain(socket));
      done(...answer);
    });
}

function drain(socket: Socket): void {
  const parser = parserOf(socket);
  if (parser?.paused !== true) return;
  // The socket is empty: this ends an answer that says how long it is, once all of it is there.
  parser.resume();
  if (!parser.paused) return;
  // Any other is ended by the end of the connection, or cut short by it: undici asks the parser which, next.
  parser.llhttp.llhttp_resume(parser.ptr);
  parser.paused = false;
}

/** Undici keeps it on the socket, under a symbol. */
function parserOf(socket: Socket): Parser | null {
  const key = Object.getOwnPropertySymbols(socket).find(
    ({ description }) => description === 'parser',
  );
  return key === undefined
    ? null
    : ((socket as unknown as Record<symbol, Parser | null>)[key] ?? null);
}
