import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureHome } from '../../platform/home-folder.ts';
import { type Check, fault, ok, reasonIn, warning } from './check.ts';

/** Below this the next flight of some thousand images does not fit. */
const SCARCE_BYTES = 20e9;
const TOO_LITTLE_BYTES = 1e9;
/** Ages of files decide what clean-up removes; a network disk may have a clock of its own. */
const MAX_SKEW_MS = 60_000;

/** Does with the storage what the artifact store does: writes, syncs and links a file. */
export async function checkStorage(home: string): Promise<Check[]> {
  const folder = join(home, 'artifacts', 'tmp');
  const path = join(folder, `doctor-${randomUUID()}`);
  try {
    await ensureHome(home);
    await mkdir(folder, { recursive: true });
    const before = Date.now();
    const file = await open(path, 'w');
    try {
      await file.writeFile('doctor');
      await file.sync();
    } finally {
      await file.close();
    }
    await link(path, `${path}-link`);
    const skewMs = Math.round((await stat(path)).mtimeMs - before);
    return [ok('storage', `${home} takes files`), checkStorageClock(skewMs)];
  } catch (error) {
    return [
      fault(
        'storage',
        `${home}: ${reasonIn(error)}`,
        'The user of the workers must be able to write there, on a file system with hard links; or set SKYLOOM_HOME',
      ),
    ];
  } finally {
    // Where nothing could be written there is nothing to remove.
    await rm(path, { force: true }).catch(() => undefined);
    await rm(`${path}-link`, { force: true }).catch(() => undefined);
  }
}

function checkStorageClock(skewMs: number): Check {
  const name = 'storage clock';
  const words = `${Math.abs(skewMs)} ms off`;
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return ok(name, words);
  return warning(name, words, 'Synchronize the clocks of this machine and its file server (NTP)');
}

export async function checkFreeDisk(home: string): Promise<Check> {
  try {
    await ensureHome(home);
    const { bavail, bsize } = await statfs(home);
    const freeBytes = bavail * bsize;
    const words = `${(freeBytes / 1e9).toFixed(1)} GB free below ${home}`;
    const remedy = 'Remove old runs by "skyloom cleanup", or move SKYLOOM_HOME to a larger disk';
    if (freeBytes < TOO_LITTLE_BYTES) return fault('disk', words, remedy);
    return freeBytes < SCARCE_BYTES ? warning('disk', words, remedy) : ok('disk', words);
  } catch (error) {
    return fault('disk', reasonIn(error), 'Set SKYLOOM_HOME to a folder that can be written');
  }
}
