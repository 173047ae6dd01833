import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { request } from 'undici';

/** A scraper gives up after ten seconds; whoever hangs longer is of no use to it. */
const SCRAPE_LIMIT_MS = 5_000;

/** What the endpoints of a worker are answered from. */
export interface TelemetrySources {
  /** Where Temporal's own exporter listens, as host:port. */
  exporterAddress: string;
  /** Whether the process is worth keeping; false lets the container start it anew. */
  isAlive: () => boolean;
  /** Whether it takes work: connected, polling, and not told to stop. */
  isReady: () => Promise<boolean>;
}

/** An HTTP server that answers. */
export interface TelemetryServer {
  /** As host:port, with the port that was really taken. */
  address: string;
  close(): Promise<void>;
}

/**
 * Serves `/metrics` (Temporal's and those of the process, in Prometheus' text form), `/livez` and
 * `/readyz` on one address.
 *
 * @param address host:port; port 0 takes a free one.
 * @throws {Error} when the address cannot be listened on.
 */
export async function startTelemetryServer(
  address: string,
  sources: TelemetrySources,
): Promise<TelemetryServer> {
  const [host, port] = splitAddress(address);
  const processMetrics = new Registry();
  collectDefaultMetrics({ register: processMetrics });
  const server = createServer((incoming, response) => {
    answer(incoming.url ?? '/', response, sources, processMetrics).catch((error: unknown) => {
      send(response, 503, `${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot serve telemetry on ${address}: ${reason}`);
  }
  return { address: `${host}:${portOf(server)}`, close: () => closeServer(server) };
}

async function answer(
  url: string,
  response: ServerResponse,
  { exporterAddress, isAlive, isReady }: TelemetrySources,
  processMetrics: Registry,
): Promise<void> {
  const { pathname } = new URL(url, 'http://worker');
  if (pathname === '/livez') return say(response, isAlive());
  if (pathname === '/readyz') return say(response, isAlive() && (await isReady()));
  if (pathname !== '/metrics') return send(response, 404, 'See /metrics, /livez and /readyz\n');
  const { body } = await request(`http://${exporterAddress}/metrics`, {
    headersTimeout: SCRAPE_LIMIT_MS,
    bodyTimeout: SCRAPE_LIMIT_MS,
  });
  const engine = await body.text();
  send(response, 200, `${engine}${await processMetrics.metrics()}`, processMetrics.contentType);
}

function say(response: ServerResponse, isWell: boolean): void {
  send(response, isWell ? 200 : 503, isWell ? 'ok\n' : 'not ok\n');
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': contentType }).end(text);
}

function splitAddress(address: string): [host: string, port: number] {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon), Number(address.slice(colon + 1))];
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
