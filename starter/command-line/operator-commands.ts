import { type Command, Option } from 'commander';
import { examples, execute, parseAge, withJson } from './command-kit.ts';

/** Commands that look after an installation. */
export function addOperatorCommands(program: Command): void {
  program.commandsGroup('Operate:');

  withJson(program.command('doctor'))
    .description('check machine, server, workers and storage, and say what to do about each fault')
    .addHelpText('after', examples('skyloom doctor', 'skyloom doctor --json'))
    .action((options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/doctor.ts')).doctor(settings, terminal),
      ),
    );

  withJson(program.command('cleanup'))
    .description('remove results, images and remembered measures of runs that are long over')
    .addOption(
      new Option('--older-than <age>', 'what was finished before, such as 12h or 30d')
        .argParser(parseAge)
        .default(parseAge('30d'), '30d'),
    )
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .option('--daily', 'do it every day from now on')
    .option('--stop-daily', 'do it no longer every day')
    .addHelpText(
      'after',
      examples(
        'skyloom cleanup --older-than 14d --dry-run',
        'skyloom cleanup --older-than 14d',
        'skyloom cleanup --older-than 30d --daily',
      ),
    )
    .action((options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/cleanup.ts')).cleanup(options, settings, terminal),
      ),
    );
}
