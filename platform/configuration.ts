import { homedir, platform } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';

const flag = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1');

/** Every setting of skyloom, read from the environment once per process. Temporal's own are `TEMPORAL_*`. */
export const settingsSchema = z.object({
  SKYLOOM_HOME: z.string().min(1).default(defaultHome()).meta({
    description: 'Folder of the artifact store, the results, the embedded server and the samples',
    shownDefault: "the user's data folder, such as `~/.local/share/skyloom`",
  }),
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
    shownDefault: 'one per core',
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
  const parsed = settingsSchema.safeParse(environment);
  if (parsed.success) return { ...parsed.data, SKYLOOM_HOME: resolve(parsed.data.SKYLOOM_HOME) };
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`Cannot read the settings: ${faults.join('; ')}`);
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
