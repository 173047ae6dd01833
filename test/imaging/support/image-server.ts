import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeScratchIsRemoved } from '../../support/scratch-folder.ts';

/** Serves the files of a folder on this machine until the tests of the file have ended; @returns its address. */
export async function serveFolder(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    createReadStream(join(folder, new URL(request.url!, 'http://localhost').pathname))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  beforeScratchIsRemoved(async () => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
