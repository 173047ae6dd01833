import { Argument, type Command } from 'commander';
import { execute, examples, withJson } from './command-kit.ts';
import { completionScript, shells } from '../completion-script.ts';

/** The command that prints a script with which a shell completes the others. */
export function addCompletionCommand(program: Command): void {
  withJson(program.command('completion'))
    .description('print a script that lets your shell complete commands and options')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      examples(
        'source <(skyloom completion bash)',
        'skyloom completion zsh > "${fpath[1]}/_skyloom"',
        'skyloom completion fish > ~/.config/fish/completions/skyloom.fish',
      ),
    )
    .action((shell: (typeof shells)[number], options) =>
      execute(options, async (_settings, terminal) => {
        const script = completionScript(shell, program);
        terminal.answer({ shell, script }, script.trimEnd());
      }),
    );
}
