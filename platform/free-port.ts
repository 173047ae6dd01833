import { once } from 'node:events';
import { createServer } from 'node:net';

/** Servers of this system listen on the loopback address only, unless they are told otherwise. */
export const LOOPBACK = '127.0.0.1';

/**
 * A TCP port of the loopback address that nobody uses at the moment: the preferred one, if it is free.
 *
 * Another process can take the port before it is used, so starting a server on it may still fail.
 */
export async function findFreePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFreePort(preferred))) return preferred;
  const port = await tryToListen(0);
  if (port === undefined) throw new Error(`Cannot find a free port on ${LOOPBACK}`);
  return port;
}

export async function isFreePort(port: number): Promise<boolean> {
  return (await tryToListen(port)) !== undefined;
}

/** The port that could be listened on, or undefined. */
async function tryToListen(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: LOOPBACK, exclusive: true });
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
