import type { Command } from 'commander';
import { type Settings, withTaskModules } from '../../platform/configuration.ts';
import type { Bench } from '../commands/shell-verbs.ts';
import type { ExitCode } from '../exit-codes.ts';
import { HeldDefinition } from '../shell/held-definition.ts';
import type { Terminal } from '../terminal.ts';
import { examples, execute, parseJsonObject, wholeNumber, withJson } from './command-kit.ts';

/** What stands around a verb: the command line of the system, or a shell of ours. */
export interface VerbSurroundings {
  readonly execute: (
    options: { json?: boolean },
    work: (settings: Settings, terminal: Terminal) => Promise<ExitCode | void>,
  ) => Promise<void>;
  readonly heldBy: (settings: Settings) => HeldDefinition;
  /** Runs what is held. Absent, in this process. */
  readonly runFlow?: (path: string, args: readonly string[]) => Promise<ExitCode>;
}

const systemShell: VerbSurroundings = {
  execute,
  heldBy: (settings) => HeldDefinition.remembered(settings),
};

/** Commands on one definition that is held between them, and the shell that takes the same ones. */
export function addShellCommands(program: Command): void {
  program.commandsGroup('One definition at hand, as in Maestro:');
  withTasks(program.command('shell'))
    .description('load, change, plan and run one definition; from a pipe, a command a line')
    .argument('[file]', 'definition to begin with')
    .addHelpText(
      'after',
      examples('skyloom shell', `printf 'deserialize jobs.json\\nexecute\\n' | skyloom shell`),
    )
    .action((file: string | undefined, options) =>
      execute(options, async (settings) => {
        const { runShell } = await import('../shell/run-shell.ts');
        return runShell(file, withTaskModules(settings, options.tasks));
      }),
    );
  addVerbs(program, systemShell);
}

/** The verbs, as they are in both places. */
export function addVerbs(program: Command, around: VerbSurroundings): void {
  const verb = (name: string, words: string, ...shown: string[]) =>
    withTasks(program.command(name))
      .description(words)
      .addHelpText('after', examples(...shown));
  const on = (
    options: { json?: boolean; tasks?: string[] },
    work: (verbs: typeof import('../commands/shell-verbs.ts'), bench: Bench) => Promise<void>,
  ) =>
    around.execute(options, async (settings, terminal) => {
      const all = withTaskModules(settings, options.tasks);
      const bench = { held: around.heldBy(settings), settings: all, terminal };
      return work(await import('../commands/shell-verbs.ts'), bench);
    });

  verb(
    'deserialize',
    'load a definition, or a registry of Maestro',
    'skyloom deserialize jobs.json',
  )
    .argument('<file>', 'JSON definition, or serialized registry')
    .option('--bindings <file>', 'for a registry: which task stands for which callable')
    .option('--name <name>', 'for a registry: name of the flow')
    .option('--by-data', 'for a registry: keep only the order that data asks for')
    .action((file: string, options) =>
      on(options, (verbs, bench) => verbs.deserialize(bench, file, options)),
    );
  verb('show', 'draw what is loaded, or print one step', 'skyloom show', 'skyloom show downloads')
    .argument('[step]', 'path of a step')
    .action((step: string | undefined, options) =>
      on(options, (verbs, bench) => verbs.show(bench, step)),
    );
  verb(
    'add',
    'add a task as a step, at the end unless --after says where',
    `skyloom add image.resize@1 image='$fetch' width=320 --id small`,
  )
    .argument('<task>', 'name of a task, as "skyloom flow catalog" lists them')
    .argument('[values...]', 'input: field=value, or field=$step')
    .option('--id <id>', 'name of the step')
    .option('--title <title>', 'what people read')
    .option('--after <step...>', 'steps that it waits for')
    .option('--group <id>', 'group of parallel steps that it belongs to')
    .option('--with <json>', 'input as a JSON object of bindings', parseJsonObject)
    .action((task: string, values: string[], options) =>
      on(options, (verbs, bench) => verbs.add(bench, task, values, options)),
    );
  verb('remove', 'take a step out; those after it wait for those before it', 'skyloom remove blur')
    .argument('<step>', 'path of a step')
    .action((step: string, options) => on(options, (verbs, bench) => verbs.remove(bench, step)));
  verb('swap', 'let two steps change places', 'skyloom swap blur resize')
    .argument('<first>', 'path of a step')
    .argument('<second>', 'path of another one')
    .action((first: string, second: string, options) =>
      on(options, (verbs, bench) => verbs.swap(bench, first, second)),
    );
  verb('plan', 'say what would run, be reused, be skipped', 'skyloom plan --input @input.json')
    .option('--input <json>', 'input of the flow, or @file')
    .option('--from-run <id>', 'plan a run that takes over what that one had done')
    .action((options) =>
      around.execute(options, async (settings, terminal) => {
        const held = around.heldBy(settings);
        await held.read();
        const { flowPlan } = await import('../commands/flow-plan.ts');
        return flowPlan(held.path, options, withTaskModules(settings, options.tasks), terminal);
      }),
    );
  addExecute(verb('execute', 'run what is loaded', 'skyloom execute --input @input.json'), around);
  verb('serialize', 'write what is loaded', 'skyloom serialize flow.json')
    .argument('[file]', 'where to; standard output without it')
    .action((file: string | undefined, options) =>
      on(options, (verbs, bench) => verbs.serialize(bench, file)),
    );
}

function addExecute(command: Command, around: VerbSurroundings): void {
  command
    .option('--input <json>', 'input of the flow, or @file', '{}')
    .option('--local', 'in this process, without a server: nothing is kept when it ends')
    .option('--id <id>', 'a run of that id is joined, not doubled')
    .option('--tenant <name>', 'on whose behalf it runs')
    .option('--start <step>', 'only this step and those after it, for debugging')
    .option('--max-steps <count>', 'start no more steps than that, for debugging', wholeNumber(1))
    .option('--no-wait', 'print the id and do not wait for the result')
    .action((options) =>
      around.execute(options, async (settings, terminal) => {
        const held = around.heldBy(settings);
        await held.read();
        const all = withTaskModules(settings, options.tasks);
        if (around.runFlow !== undefined) return around.runFlow(held.path, argsOf(options));
        const { flowRun } = await import('../commands/flow-run.ts');
        return flowRun(held.path, options, all, terminal);
      }),
    );
}

/** The options as a command line says them. */
function argsOf(options: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const flag = `--${name.replaceAll(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`)}`;
    if (name === 'wait') return value === false ? ['--no-wait'] : [];
    if (typeof value === 'boolean') return value ? [flag] : [];
    return [value].flat().flatMap((item) => [flag, String(item)]);
  });
}

function withTasks(command: Command): Command {
  return withJson(command).option(
    '--tasks <module...>',
    'modules with tasks and flows of your own; else SKYLOOM_TASKS',
  );
}
