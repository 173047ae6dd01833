import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addCompletionCommand } from './completion-command.ts';
import { addFlowCommands } from './flow-commands.ts';
import { addImageCommands } from './image-commands.ts';
import { addOperatorCommands } from './operator-commands.ts';
import { addRunCommands } from './run-commands.ts';
import { addShellCommands } from './shell-commands.ts';
import { addStackCommands } from './stack-commands.ts';

function packageVersion(): string {
  const manifest = new URL('../../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  return version;
}

/** The whole command line. Every command loads its own file only when it is used: help answers at once. */
export function buildProgram(): Command {
  const program = new Command('skyloom')
    .description('Durable image-processing workflows on Temporal')
    .version(packageVersion())
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 verdict negative, 4 stopped.
The server is the one that TEMPORAL_ADDRESS (or a Temporal profile) names, else the one of "skyloom up".`,
    );
  addStackCommands(program);
  addRunCommands(program);
  addFlowCommands(program);
  addShellCommands(program);
  addImageCommands(program);
  addOperatorCommands(program);
  addCompletionCommand(program);
  return program;
}
