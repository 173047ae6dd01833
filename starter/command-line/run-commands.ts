import type { Command } from 'commander';
import {
  examples,
  execute,
  parseJsonObject,
  parsePositive,
  parseSearchArea,
  parseThreshold,
  wholeNumber,
  withJson,
} from './command-kit.ts';

/** Commands that start runs, follow them and end them. */
export function addRunCommands(program: Command): void {
  program.commandsGroup('Runs:');
  addRun(program);

  withJson(program.command('check'))
    .description('say whether a flight is usable, image by image, before any costly work')
    .argument('<source>', 'folder, image, list file or http(s) address')
    .option('--local', 'in this process, without a server')
    .option('--job-id <name>', 'name of the flight')
    .option('--page <file>', 'write the findings as a page, too')
    .option(
      '--threshold <name=value>',
      'limit of the verdict in place of its default; may be given again',
      parseThreshold,
    )
    .addHelpText(
      'after',
      examples(
        'skyloom check /data/flight-7 --local',
        'skyloom check /data/flight-7 --page findings.html',
        'skyloom check /data/flight-7 --threshold maxErrorShare=0.2 --threshold minImages=10',
        "skyloom check /data/flight-7 --json | jq '.findings'",
      ),
    )
    .action((source: string, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/check.ts')).check(source, options, settings, terminal),
      ),
    );

  withJson(program.command('watch'))
    .description('follow a run, or every open one, to its end')
    .argument('[id]', 'workflow id')
    .addHelpText('after', examples('skyloom watch navad/flight-7', 'skyloom watch'))
    .action((id: string | undefined, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/watch.ts')).watch(id, settings, terminal),
      ),
    );

  withJson(program.command('status'))
    .description('tell how a run stands')
    .argument('<id>', 'workflow id')
    .addHelpText('after', examples('skyloom status navad/flight-7'))
    .action((id: string, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/status.ts')).status(id, settings, terminal),
      ),
    );

  withJson(program.command('result'))
    .description('wait for a run and print its result')
    .argument('<id>', 'workflow id')
    .option('--failed', 'name every image that failed, with what was found')
    .option('--save <folder>', 'of a flow: copy the files of the result there, under their names')
    .addHelpText(
      'after',
      examples(
        'skyloom result navad/flight-7',
        'skyloom result navad/flight-7 --failed',
        'skyloom result flow/remove-backgrounds/week-7 --save cutouts',
        'skyloom result navad/flight-7 --json',
      ),
    )
    .action((id: string, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/result.ts')).result(id, options, settings, terminal),
      ),
    );

  withJson(program.command('list'))
    .description('list runs, newest first')
    .option('--query <query>', 'visibility query over search attributes')
    .option('--limit <count>', 'runs that are listed at most', wholeNumber(1), 100)
    .addHelpText(
      'after',
      examples(
        `skyloom list --query 'ExecutionStatus="Running"'`,
        `skyloom list --query 'ImagesFailed > 0 AND StartTime > "2026-11-24T00:00:00Z"'`,
        `skyloom list --query 'JobId="flight-7" OR Tenant="survey-south"'`,
        `skyloom list --query 'Verdict="review"' --json`,
      ),
    )
    .action((options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/list.ts')).list(options, settings, terminal),
      ),
    );

  withJson(program.command('cancel'))
    .description('stop a run: its children end, and its storage is given back')
    .argument('<id>', 'workflow id')
    .option('--no-wait', 'ask for it, and do not wait until the run has ended')
    .addHelpText('after', examples('skyloom cancel navad/flight-7'))
    .action((id: string, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/cancel.ts')).cancel(id, options, settings, terminal),
      ),
    );
}

function addRun(program: Command): void {
  withJson(program.command('run'))
    .description('start one run on the server in use')
    .argument('[type]', 'navad or satellite')
    .argument('[source]', 'folder, image, list file or http(s) address')
    .option('--request <file>', 'JSON file that holds the request, - for standard input')
    .option('--id <id>', 'workflow id; a run of that id is joined, not doubled')
    .option('--job-id <name>', 'name of the flight or scene')
    .option('--tenant <name>', 'on whose behalf it runs; tenants share the workers fairly')
    .option('--force', 'assess a flight although ingestion rejects it')
    .option('--reference <source>', 'file, folder or STAC collection to compare a scene with')
    .option('--search-area <box>', 'west,south,east,north in degrees', parseSearchArea)
    .option('--dem <file>', 'terrain heights')
    .option('--control <file>', 'ground control points')
    .option('--check-points <file>', 'points that only check')
    .option('--heights <kind>', 'of the positions: ellipsoidal, msl or takeoff')
    .option('--accuracy-class <cm>', 'horizontal accuracy to judge by', parsePositive)
    .option('--camera <json>', 'camera figures to use in place of those found', parseJsonObject)
    .option('--gate <json>', 'limits of the verdict', parseJsonObject)
    .option('--wait', 'wait for the result, as it does without being told')
    .option('--no-wait', 'print the id and do not wait for the result')
    .addHelpText(
      'after',
      examples(
        'skyloom run navad /data/flight-7',
        'skyloom run navad https://images.example/flight-7.txt --job-id flight-7 --no-wait',
        'skyloom run satellite scene.tif --tenant survey-south',
        `echo '{"image_path":"/data/flight-7","image_type":"navad"}' | skyloom run --request -`,
      ),
    )
    .action((type: string | undefined, source: string | undefined, options) =>
      execute(options, async (settings, terminal) =>
        (await import('../commands/run.ts')).run(type, source, options, settings, terminal),
      ),
    );
}
