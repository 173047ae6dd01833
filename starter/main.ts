import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { readSettings, type Settings } from '../platform/configuration.ts';
import { type ExitCode, exitCodes, Stopped, WrongUsage } from './exit-codes.ts';
import { Terminal } from './terminal.ts';

type Work = (settings: Settings, terminal: Terminal) => Promise<ExitCode | void>;

/** Every command loads its own file only when it is used: help answers at once. */
function buildProgram(): Command {
  const program = new Command('skyloom')
    .description('Durable image-processing workflows on Temporal')
    .showSuggestionAfterError()
    .exitOverride();

  withJson(program.command('start', { isDefault: true }))
    .description('run the sample flight and scene, or your own images, from start to report')
    .argument('[source]', 'folder, image, list file or http(s) address')
    .option('--type <type>', 'navad or satellite; guessed from the content without it')
    .option('--stay', 'keep server and workers up afterwards')
    .option('--port <port>', 'port of the embedded server, 0 for a free one', parsePort)
    .option('--ui-port <port>', 'port of its Web UI, 0 for a free one', parsePort)
    .action((source: string | undefined, options) =>
      execute(options, async (settings, terminal) =>
        (await import('./commands/start.ts')).start(source, options, settings, terminal),
      ),
    );

  withJson(program.command('up'))
    .description('start the server and every kind of worker, and keep them up')
    .option('--port <port>', 'port of the embedded server, 0 for a free one', parsePort)
    .option('--ui-port <port>', 'port of its Web UI, 0 for a free one', parsePort)
    .action((options) =>
      execute(options, async (settings, terminal) =>
        (await import('./commands/up.ts')).up(options, settings, terminal),
      ),
    );

  withJson(program.command('worker'))
    .description('run one kind of worker, several, or all')
    .argument(
      '<kind...>',
      'automation, ingestion, accuracy, processor, geolocalization, cleanup, all',
    )
    .action((kinds: string[], options) =>
      execute(options, async (settings, terminal) =>
        (await import('./commands/worker.ts')).worker(kinds, settings, terminal),
      ),
    );

  withJson(program.command('run'))
    .description('start one run on the server in use')
    .argument('<type>', 'navad or satellite')
    .argument('<source>', 'folder, image, list file or http(s) address')
    .option('--id <id>', 'workflow id; a run of that id is joined, not doubled')
    .option('--job-id <name>', 'name of the flight or scene')
    .option('--tenant <name>', 'on whose behalf it runs')
    .option('--force', 'assess a flight although ingestion rejects it')
    .option('--no-wait', 'print the id and do not wait for the result')
    .action((type: string, source: string, { json: _json, ...options }) =>
      execute({ json: _json }, async (settings, terminal) =>
        (await import('./commands/run.ts')).run(type, source, options, settings, terminal),
      ),
    );

  withJson(program.command('status'))
    .description('tell how a run stands')
    .argument('<id>', 'workflow id')
    .action((id: string, options) =>
      execute(options, async (settings, terminal) =>
        (await import('./commands/inspect.ts')).status(id, settings, terminal),
      ),
    );

  withJson(program.command('result'))
    .description('wait for a run and print its result')
    .argument('<id>', 'workflow id')
    .action((id: string, options) =>
      execute(options, async (settings, terminal) =>
        (await import('./commands/inspect.ts')).result(id, settings, terminal),
      ),
    );

  withJson(program.command('list'))
    .description('list runs, newest first')
    .option('--query <query>', `visibility query, such as 'ImageType="Navad" AND Stage="done"'`)
    .action((options: { query?: string; json?: boolean }) =>
      execute(options, async (settings, terminal) =>
        (await import('./commands/inspect.ts')).list(options.query, settings, terminal),
      ),
    );

  return program;
}

async function execute(options: { json?: boolean }, work: Work): Promise<void> {
  const terminal = new Terminal(options.json === true);
  process.exitCode = (await work(readSettings(), terminal)) ?? exitCodes.done;
}

function withJson(command: Command): Command {
  return command.option('--json', 'one document on standard output, nothing else');
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new InvalidArgumentError('a port is a whole number from 0 to 65535');
}

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode =
      error instanceof WrongUsage
        ? exitCodes.wrongUsage
        : error instanceof Stopped
          ? exitCodes.stopped
          : exitCodes.failed;
  }
}
