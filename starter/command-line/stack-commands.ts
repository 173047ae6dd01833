import type { Command } from 'commander';
import { workerKinds } from '../../contracts/task-queues.ts';
import { withTaskModules } from '../../platform/configuration.ts';
import { examples, execute, parsePort, wholeNumber, withJson } from './command-kit.ts';

/** Commands that start servers and workers. */
export function addStackCommands(program: Command): void {
  program.commandsGroup('Start servers and workers:');

  withPorts(program.command('start'))
    .description('run the sample flight and scene, or your own images, from start to report')
    .argument('[source]', 'folder, image, list file or http(s) address')
    .option('--type <type>', 'navad or satellite; guessed from the content without it')
    .option('--stay', 'keep server and workers up afterwards')
    .addHelpText(
      'after',
      examples(
        'skyloom start                              the samples',
        'skyloom start /data/flight-7               a flight',
        'skyloom start scene.tif --type satellite   a scene',
      ),
    )
    .action((source: string | undefined, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/start.ts')).start(source, options, settings, terminal),
      ),
    );

  withPorts(program.command('up'))
    .description('start the server and every kind of worker, and keep them up')
    .addHelpText(
      'after',
      examples(
        'skyloom up',
        'TEMPORAL_ADDRESS=temporal:7233 skyloom up   workers only, for a server that runs already',
      ),
    )
    .action((options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/up.ts')).up(options, settings, terminal),
      ),
    );

  withJson(program.command('init'))
    .description('prepare the server in use: namespace and search attributes; safe to repeat')
    .option('--retention-days <days>', 'how long closed runs are kept', wholeNumber(1), 7)
    .option('--wait <seconds>', 'how long to wait for the server to answer', wholeNumber(0), 0)
    .addHelpText(
      'after',
      examples('TEMPORAL_ADDRESS=temporal:7233 skyloom init --retention-days 30 --wait 120'),
    )
    .action((options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/init.ts')).init(options, settings, terminal),
      ),
    );

  withJson(program.command('worker'))
    .description('run one kind of worker, several, or all')
    .argument('<kind...>', `${workerKinds.join(', ')} or all`)
    .option('--tasks <module...>', 'modules with tasks and flows of your own, for imaging')
    .option('--lane <lane>', 'serve a lane of SKYLOOM_LANES, for imaging')
    .addHelpText(
      'after',
      examples(
        'skyloom worker processor              one more worker for pixels',
        'skyloom worker ingestion accuracy     two kinds, as processes of their own',
        'skyloom worker imaging --tasks ./my-tasks.js',
        'SKYLOOM_LANES=gpu skyloom worker imaging --lane gpu',
        'SKYLOOM_TELEMETRY_ADDRESS=127.0.0.1:9464 skyloom worker processor   with /metrics and health',
      ),
    )
    .action((kinds: string[], options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/worker.ts')).worker(
          kinds,
          options,
          withTaskModules(settings, options.tasks),
          terminal,
        ),
      ),
    );
}

function withPorts(command: Command): Command {
  return withJson(command)
    .option('--port <port>', 'port of the embedded server, 0 for a free one', parsePort)
    .option('--ui-port <port>', 'port of its Web UI, 0 for a free one', parsePort);
}
