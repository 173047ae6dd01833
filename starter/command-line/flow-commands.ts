import type { Command } from 'commander';
import { withTaskModules } from '../../platform/configuration.ts';
import { examples, execute, parseJsonObject, wholeNumber, withJson } from './command-kit.ts';

/** Commands for flows: files are checked and drawn here, runs are started, resumed and answered. */
export function addFlowCommands(program: Command): void {
  program.commandsGroup('Flows:');
  const flow = program
    .command('flow')
    .description('check, draw, run, resume and import flows')
    .addHelpText(
      'after',
      examples(
        'skyloom flow check thumbnails.json',
        `skyloom flow run thumbnails.json --input '{"urls":["https://images.example/a.jpg"]}'`,
        'skyloom flow graph thumbnails.json --format mermaid',
      ),
    );
  addFileCommands(flow);
  addRunCommands(flow);
  addAnswerCommands(program);
}

function addFileCommands(flow: Command): void {
  for (const [name, words] of [
    ['check', 'list every problem of a definition, with line and suggestion'],
    ['digest', 'print the digest: equal for every spelling of one flow'],
    ['export', 'write the flow as code of the builder'],
  ] as const) {
    withTasks(flow.command(name))
      .description(words)
      .argument('<file>', 'JSON definition')
      .addHelpText('after', examples(`skyloom flow ${name} thumbnails.json`))
      .action((file: string, options) =>
        execute(options, async (settings, terminal) => {
          const commands = await import('../commands/flow-files.ts');
          return commands.flowFile(name, file, withTaskModules(settings, options.tasks), terminal);
        }),
      );
  }
  withTasks(flow.command('inspect'))
    .description('list steps, edges, groups and levels')
    .argument('<file>', 'JSON definition')
    .option('--run <id>', 'show the state of every step of a run')
    .addHelpText(
      'after',
      examples(
        'skyloom flow inspect thumbnails.json',
        'skyloom flow inspect thumbnails.json --run flow/thumbnails/monday',
      ),
    )
    .action((file: string, options) =>
      execute(options, async (settings, terminal) => {
        const { flowInspect } = await import('../commands/flow-inspect.ts');
        return flowInspect(file, options, withTaskModules(settings, options.tasks), terminal);
      }),
    );
  withTasks(flow.command('graph'))
    .description('draw a flow')
    .argument('<file>', 'JSON definition')
    .option('--format <format>', 'text, mermaid, svg or png', 'text')
    .option('-o, --output <file>', 'write to a file, not to standard output')
    .option('--run <id>', 'show the states of a run')
    .addHelpText(
      'after',
      examples(
        'skyloom flow graph thumbnails.json --format mermaid',
        'skyloom flow graph thumbnails.json --format svg -o thumbnails.svg',
      ),
    )
    .action((file: string, options) =>
      execute(options, async (settings, terminal) => {
        const { flowGraph } = await import('../commands/flow-graph.ts');
        return flowGraph(file, options, withTaskModules(settings, options.tasks), terminal);
      }),
    );
  withTasks(flow.command('remove-step'))
    .description('write a definition without a step; those after it wait for those before it')
    .argument('<file>', 'JSON definition')
    .argument('<step>', 'path of the step, such as downloads or variants.small')
    .option('--in-place', 'change the file, not write to standard output')
    .addHelpText('after', examples('skyloom flow remove-step thumbnails.json small > without.json'))
    .action((file: string, step: string, options) =>
      execute(options, async (settings, terminal) => {
        const { flowRemoveStep } = await import('../commands/flow-edit.ts');
        const all = withTaskModules(settings, options.tasks);
        return flowRemoveStep(file, step, options, all, terminal);
      }),
    );
  withTasks(flow.command('swap-steps'))
    .description('let two steps change places in an order that "after" states')
    .argument('<file>', 'JSON definition')
    .argument('<first>', 'path of a step')
    .argument('<second>', 'path of another step of the same block')
    .option('--in-place', 'change the file, not write to standard output')
    .addHelpText('after', examples('skyloom flow swap-steps jobs.json sharpen resize --in-place'))
    .action((file: string, first: string, second: string, options) =>
      execute(options, async (settings, terminal) => {
        const { flowSwapSteps } = await import('../commands/flow-edit.ts');
        const all = withTaskModules(settings, options.tasks);
        return flowSwapSteps(file, [first, second], options, all, terminal);
      }),
    );
  withTasks(flow.command('catalog'))
    .description('list the tasks that flows may name, with their types')
    .option('--schema', 'a JSON Schema of flow files with these tasks, for editors')
    .addHelpText(
      'after',
      examples('skyloom flow catalog', 'skyloom flow catalog --schema > flow.schema.json'),
    )
    .action((options) =>
      execute(options, async (settings, terminal) => {
        const { flowCatalog } = await import('../commands/flow-files.ts');
        return flowCatalog(options, withTaskModules(settings, options.tasks), terminal);
      }),
    );
  withJson(flow.command('import'))
    .description('make a flow of a serialized registry of Maestro')
    .argument('<file>', 'serialized registry')
    .requiredOption('--bindings <file>', 'JSON that says which task stands for which callable')
    .option('--name <name>', 'name of the flow', 'imported')
    .option('--by-data', 'keep only the order that data asks for')
    .addHelpText(
      'after',
      examples('skyloom flow import jobs.json --bindings bindings.json > flow.json'),
    )
    .action((file: string, options) =>
      execute(options, async (_settings, terminal) =>
        (await import('../commands/flow-files.ts')).flowImport(file, options, terminal),
      ),
    );
}

function addRunCommands(flow: Command): void {
  withTasks(flow.command('run'))
    .description('run a flow, on the server in use or in this process')
    .argument('<flow>', 'JSON definition, or name@major of a flow that workers know')
    .option('--input <json>', 'input of the flow, or @file', '{}')
    .option('--id <id>', 'a run of that id is joined, not doubled')
    .option('--tenant <name>', 'on whose behalf it runs')
    .option('--local', 'in this process, without a server: nothing is kept when it ends')
    .option('--start <step>', 'only this step and those after it, for debugging')
    .option('--max-steps <count>', 'start no more steps than that, for debugging', wholeNumber(1))
    .option(
      '--from-run <id>',
      'take over what a run that failed or was stopped had done before --start',
    )
    .option('--no-wait', 'print the id and do not wait for the result')
    .addHelpText(
      'after',
      examples(
        `skyloom flow run thumbnails.json --input '{"urls":["https://images.example/a.jpg"]}'`,
        'skyloom flow run thumbnails.json --input @input.json --local',
      ),
    )
    .action((name: string, options) =>
      execute(options, async (settings, terminal) => {
        const { flowRun } = await import('../commands/flow-run.ts');
        return flowRun(name, options, withTaskModules(settings, options.tasks), terminal);
      }),
    );
  withTasks(flow.command('plan'))
    .description('say beforehand what would run, be reused, be skipped, and what can not be known')
    .argument('<file>', 'JSON definition')
    .option('--input <json>', 'input of the flow, or @file')
    .option('--from-run <id>', 'plan a run that takes over what that one had done')
    .addHelpText(
      'after',
      examples(
        'skyloom flow plan thumbnails.json --input @input.json',
        'skyloom flow plan thumbnails.json --from-run flow/thumbnails/a7',
      ),
    )
    .action((file: string, options) =>
      execute(options, async (settings, terminal) => {
        const { flowPlan } = await import('../commands/flow-plan.ts');
        return flowPlan(file, options, withTaskModules(settings, options.tasks), terminal);
      }),
    );
  withJson(flow.command('resume'))
    .description('run a failed run again from where it failed; what was done is not done again')
    .argument('<id>', 'workflow id of the run that failed')
    .option('--no-wait', 'print the id and do not wait for the result')
    .addHelpText('after', examples('skyloom flow resume flow/thumbnails/a7'))
    .action((id: string, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/flow-resume.ts')).flowResume(id, options, settings, terminal),
      ),
    );
}

function addAnswerCommands(program: Command): void {
  for (const name of ['approve', 'reject'] as const) {
    withJson(program.command(name))
      .description(`${name} what a step of a flow asks; late and second answers are refused`)
      .argument('<id>', 'workflow id')
      .argument('[step]', 'address of the step; needed when several wait')
      .option('--by <name>', 'who answers; the user of this machine without it')
      .option('--role <role>', 'as whom, where the step asks for a role')
      .option('--note <text>', 'a remark that is kept with the answer')
      .option('--form <json>', 'fields that the step asks for', parseJsonObject)
      .addHelpText('after', examples(`skyloom ${name} flow/release/a7 review --note "seen"`))
      .action((id: string, step: string | undefined, options) =>
        execute(options, async (settings, terminal) => {
          const { answer } = await import('../commands/answer.ts');
          return answer(name === 'approve', id, step, options, settings, terminal);
        }),
      );
  }
}

function withTasks(command: Command): Command {
  return withJson(command).option(
    '--tasks <module...>',
    'modules with tasks and flows of your own; else SKYLOOM_TASKS',
  );
}
