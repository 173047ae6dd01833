import { homedir, platform } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { nearestName } from '../maths/nearest-name.ts';

const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1');

/** Every setting of skyloom, read from the environment once per process. Temporal's own are `TEMPORAL_*`. */
export const settingsSchema = z.object({
  SKYLOOM_HOME: z.string().min(1).default(defaultHome()).meta({
    description: 'Folder of the artifact store, the results, the embedded server and the samples',
    shownDefault: "the user's data folder, such as `~/.local/share/skyloom`",
  }),
  SKYLOOM_STORE: z.string().min(1).optional().meta({
    description:
      'Where all workers keep artifacts, results and remembered measures: a folder, or `s3://bucket/prefix`',
    shownDefault: 'the folder `SKYLOOM_HOME`',
  }),
  SKYLOOM_S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        'Address of an S3-compatible service, whose buckets are then parts of the path; credentials and region come from the environment as AWS has them',
      shownDefault: 'that of AWS',
    }),
  SKYLOOM_S3_SOURCES: z.string().optional().meta({
    description:
      'Buckets and prefixes that requests may read images from, such as `s3://flights/2026`, separated by commas',
    shownDefault: 'any when the server is on this machine, else none',
  }),
  SKYLOOM_CACHE_MEGABYTES: z.coerce
    .number()
    .positive()
    .default(20_000)
    .describe('Files of a bucket that a machine keeps below `SKYLOOM_HOME` to read them again'),
  SKYLOOM_SOURCE_ROOTS: z.string().optional().meta({
    description: 'Folders that requests may read images from, separated by `:` (`;` on Windows)',
    shownDefault: 'any folder when the server is on this machine, else none',
  }),
  SKYLOOM_ALLOW_PRIVATE_ADDRESSES: flag.default(false).meta({
    description: 'Whether images may be downloaded from private and loopback addresses',
    shownDefault: '`false`',
  }),
  SKYLOOM_MAX_IMAGE_MEGAPIXELS: z.coerce
    .number()
    .positive()
    .default(300)
    .describe('Images with more pixels are refused by name, before they are decoded'),
  SKYLOOM_MAX_DOWNLOAD_MEGABYTES: z.coerce
    .number()
    .positive()
    .default(4096)
    .describe('Largest file that is downloaded or copied into the artifact store'),
  SKYLOOM_PIXEL_THREADS: z.coerce.number().int().positive().optional().meta({
    description: 'Images in work at a time per processor worker',
    shownDefault: 'one per core',
  }),
  SKYLOOM_DECODE_MEGABYTES: z.coerce
    .number()
    .positive()
    .default(250)
    .describe(
      'Memory of the pixels that one processor worker decodes at a time, some 60 for an image of 12 megapixels; images wait for it, but two are always decoded: raise it on machines of more than four cores',
    ),
  SKYLOOM_IMAGE_MEMORY_MEGABYTES: z.coerce.number().positive().optional().meta({
    description:
      'Memory that the image tasks of one worker take at a time; images wait for it, and those that need more are refused by name',
    shownDefault: 'half of what the machine or the container has',
  }),
  SKYLOOM_MODEL_DIR: z.string().min(1).optional().meta({
    description: 'Folder of the weights that backgrounds are removed with',
    shownDefault: '`models` in `SKYLOOM_HOME`',
  }),
  SKYLOOM_CUTOUT_PROCESSES: z.coerce.number().int().positive().optional().meta({
    description: 'Processes per worker that remove backgrounds, one image each at a time',
    shownDefault: 'one per core, while they fit into 40 % of the memory',
  }),
  SKYLOOM_CUTOUT_MEGABYTES: z.coerce
    .number()
    .positive()
    .default(1536)
    .describe(
      'Memory of each of those processes: images that need more are refused by name, and a process that holds on to more is started anew',
    ),
  SKYLOOM_TASKS: z.string().optional().meta({
    description:
      'Modules with tasks and flows of your own for `imaging` workers and `skyloom flow`, separated by `:`',
    shownDefault: 'none',
  }),
  SKYLOOM_LANES: z
    .string()
    .regex(/^[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*$/, 'must be names, such as cpu,gpu')
    .optional()
    .meta({
      description:
        'Lanes (`queue` of a task or step) that have `imaging` workers of their own, separated by commas; those of every other lane serve together',
      shownDefault: 'none',
    }),
  SKYLOOM_ALLOWED_PROGRAMS: z.string().optional().meta({
    description:
      'Programs that the task `process.run@1` may start, as `name=/absolute/path`, separated by `:`',
    shownDefault: 'none',
  }),
  SKYLOOM_TELEMETRY_ADDRESS: z
    .string()
    .regex(/^[^:\s]+:\d{1,5}$/, 'must be host:port, such as 127.0.0.1:9464')
    .optional()
    .meta({
      description:
        'Where a worker serves `/metrics`, `/livez` and `/readyz`, as host:port; port 0 takes a free one; the workers of `skyloom up` take this port and those after it',
      shownDefault: 'served nowhere',
    }),
  SKYLOOM_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Least severe log line that is written'),
});

export type Settings = z.infer<typeof settingsSchema>;

export type Environment = Record<string, string | undefined>;

/** @throws {Error} that names every setting that cannot be used. */
export function readSettings(environment: Environment = process.env): Settings {
  // An empty variable is how files and containers say that a setting is left out.
  const given = Object.entries(environment).filter(([, value]) => value !== '');
  const parsed = settingsSchema.safeParse(Object.fromEntries(given));
  const slips = unknownSettings(environment);
  if (parsed.success && slips.length === 0)
    return { ...parsed.data, SKYLOOM_HOME: resolve(parsed.data.SKYLOOM_HOME) };
  const issues = parsed.error?.issues ?? [];
  const faults = [...issues.map(({ path, message }) => `${path.join('.')}: ${message}`), ...slips];
  throw new Error(`Cannot read the settings: ${faults.join('; ')}`);
}

/** Read by the tests, and by `docker-compose.yml`. */
const othersOfOurs = ['SKYLOOM_LONG_TESTS', 'SKYLOOM_TEST_DATA', 'SKYLOOM_IMAGES'];

/** A setting that nothing reads would be thought to be in force. */
function unknownSettings(environment: Environment): string[] {
  const known = [...Object.keys(settingsSchema.shape), ...othersOfOurs];
  return Object.keys(environment)
    .filter((name) => name.startsWith('SKYLOOM_') && !known.includes(name))
    .sort()
    .map((name) => {
      const near = nearestName(name.slice('SKYLOOM_'.length), known.map(withoutPrefix));
      const hint = near === undefined ? 'remove it' : `did you mean SKYLOOM_${near}?`;
      return `${name}: not a setting (${hint})`;
    });
}

function withoutPrefix(name: string): string {
  return name.slice('SKYLOOM_'.length);
}

/** The folders that requests may read from; `/` stands for all. */
export function sourceRoots(settings: Settings, isServerLocal: boolean): string[] {
  const roots = settings.SKYLOOM_SOURCE_ROOTS;
  if (roots === undefined) return isServerLocal ? [resolve('/')] : [];
  return roots
    .split(delimiter)
    .filter(Boolean)
    .map((root) => resolve(root));
}

/** Lanes of flow tasks that have workers of their own. */
export function ownLanes({ SKYLOOM_LANES = '' }: Settings): string[] {
  return SKYLOOM_LANES.split(',').filter(Boolean);
}

/** Whether requests may read an object or prefix; without a list, on the machine of the server, all. */
export function mayReadBucket(
  address: string,
  settings: Settings,
  isServerLocal: boolean,
): boolean {
  const sources = settings.SKYLOOM_S3_SOURCES;
  if (sources === undefined) return isServerLocal;
  return sources
    .split(',')
    .map((source) => source.trim().replace(/\/$/, ''))
    .some((source) => source !== '' && (address === source || address.startsWith(`${source}/`)));
}

/** Paths of the modules that bring tasks and flows of their own. */
export function taskModules({ SKYLOOM_TASKS = '' }: Settings): string[] {
  return SKYLOOM_TASKS.split(delimiter).filter(Boolean);
}

/** The settings with more modules of that kind. */
export function withTaskModules(settings: Settings, more: readonly string[] = []): Settings {
  const all = [...taskModules(settings), ...more.map((path) => resolve(path))];
  return all.length === 0 ? settings : { ...settings, SKYLOOM_TASKS: all.join(delimiter) };
}

/**
 * Programs that flows may start, by the name that flows know them by.
 *
 * @throws {Error} for an entry that is not `name=/absolute/path`.
 */
export function allowedPrograms({ SKYLOOM_ALLOWED_PROGRAMS = '' }: Settings): Map<string, string> {
  return new Map(
    SKYLOOM_ALLOWED_PROGRAMS.split(delimiter)
      .filter(Boolean)
      .map((entry) => {
        const [name = '', path = ''] = entry.split('=');
        if (name !== '' && isAbsolute(path)) return [name, path];
        throw new Error(
          `Cannot read SKYLOOM_ALLOWED_PROGRAMS as each entry must be name=/absolute/path: found "${entry}"`,
        );
      }),
  );
}

function defaultHome(): string {
  const { XDG_DATA_HOME, LOCALAPPDATA } = process.env;
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Application Support', 'skyloom');
  if (platform() === 'win32') return join(LOCALAPPDATA ?? homedir(), 'skyloom');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'skyloom');
}
