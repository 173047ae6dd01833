import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline/promises';
import { Command, CommanderError } from 'commander';
import { createTaskRegistry } from '../../flow-tasks.ts';
import { writeFileAtomic } from '../../platform/atomic-file.ts';
import type { Settings } from '../../platform/configuration.ts';
import { addVerbs } from '../command-line/shell-commands.ts';
import { exitCodeOf } from '../exit-code-of.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { Terminal } from '../terminal.ts';
import { completeLine, type Vocabulary } from './complete-line.ts';
import { HeldDefinition } from './held-definition.ts';
import { splitLine } from './split-line.ts';
import { stepPaths } from './step-paths.ts';

const HISTORY_LINES = 500;
const GREETING = 'skyloom shell: "help" lists what it takes, "exit" or Ctrl-D ends it';

/**
 * Takes commands line by line, on one definition that it holds. At a terminal an error ends nothing;
 * from a pipe the first one ends it, with the exit code of that command.
 */
export async function runShell(file: string | undefined, settings: Settings): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'skyloom-shell-'));
  try {
    const shell = new Shell(new HeldDefinition(join(folder, 'definition.json')), settings);
    if (file !== undefined) {
      const code = await shell.take(['deserialize', file]);
      if (code !== exitCodes.done && !shell.isInteractive) return code;
    }
    return shell.isInteractive ? await shell.converse() : await shell.takeAll();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class Shell {
  readonly isInteractive = process.stdin.isTTY === true;
  private readonly held: HeldDefinition;
  private readonly settings: Settings;

  constructor(held: HeldDefinition, settings: Settings) {
    this.held = held;
    this.settings = settings;
  }

  /** The lines of a pipe, up to the first that fails. */
  async takeAll(): Promise<ExitCode> {
    for await (const line of createInterface({ input: process.stdin })) {
      const code = await this.takeLine(line);
      if (code === 'end') break;
      if (code !== exitCodes.done) return code;
    }
    return exitCodes.done;
  }

  async converse(): Promise<ExitCode> {
    process.stdout.write(`${GREETING}\n`);
    const historyPath = join(this.settings.SKYLOOM_HOME, 'shell', 'history');
    let history = await readHistory(historyPath);
    const vocabulary = await this.vocabulary();
    // Ctrl-C while a command runs is for the command, which has a process of its own.
    const stay = () => undefined;
    process.on('SIGINT', stay);
    const typed: Typed = { lines: [], rest: '' };
    for (;;) {
      const line = typed.lines.shift() ?? (await this.readLine(history, vocabulary, typed));
      if (line === null) break;
      if (line.trim() !== '') history = [line, ...history.filter((old) => old !== line)];
      if ((await this.takeLine(line)) === 'end') break;
      vocabulary.refresh(await this.held.peek());
    }
    process.off('SIGINT', stay);
    const kept = history.slice(0, HISTORY_LINES).toReversed();
    await writeFileAtomic(historyPath, kept.map((line) => `${line}\n`).join(''), {
      isDurable: false,
    });
    return exitCodes.done;
  }

  /** Each line has a reader of its own: a command that runs meanwhile has the terminal to itself. */
  private readLine(
    history: readonly string[],
    vocabulary: Vocabulary,
    typed: Typed,
  ): Promise<string | null> {
    const reader = createInterface({
      input: process.stdin,
      output: process.stdout,
      history: [...history],
      historySize: HISTORY_LINES,
      removeHistoryDuplicates: true,
      completer: (line: string) => completeLine(line, vocabulary),
    });
    return nextLine(reader, typed);
  }

  private async takeLine(line: string): Promise<ExitCode | 'end'> {
    try {
      const words = splitLine(line);
      // The lines of a manual may be typed here as they stand.
      if (words[0] === 'skyloom' || words[0] === 'maestro') words.shift();
      if (words.length === 0 || words[0] === 'shell') return exitCodes.done;
      if (words[0] === 'exit' || words[0] === 'quit') return 'end';
      return await this.take(words);
    } catch (error) {
      return said(error);
    }
  }

  async take(words: readonly string[]): Promise<ExitCode> {
    let code: ExitCode = exitCodes.done;
    const program = this.program((ended) => (code = ended));
    try {
      await program.parseAsync([...words], { from: 'user' });
      return code;
    } catch (error) {
      return said(error);
    }
  }

  private program(note: (code: ExitCode) => void): Command {
    const program = new Command('skyloom').exitOverride().showSuggestionAfterError();
    addVerbs(program, {
      execute: async (options, work) =>
        note((await work(this.settings, new Terminal(options.json === true))) ?? exitCodes.done),
      heldBy: () => this.held,
      ...(this.isInteractive ? { runFlow: (path, args) => this.runFlow(path, args) } : {}),
    });
    return program.addHelpText('after', '\nQuotes are those of a shell; "exit" or Ctrl-D ends it.');
  }

  /** In a process of its own, so that whatever becomes of the run the shell goes on. */
  private runFlow(path: string, args: readonly string[]): Promise<ExitCode> {
    const { SKYLOOM_TASKS } = this.settings;
    const child = spawn(
      process.execPath,
      [...process.execArgv, process.argv[1]!, 'flow', 'run', path, ...args],
      {
        stdio: 'inherit',
        env: { ...process.env, ...(SKYLOOM_TASKS === undefined ? {} : { SKYLOOM_TASKS }) },
      },
    );
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve((code ?? exitCodes.stopped) as ExitCode));
    });
  }

  private async vocabulary(): Promise<Vocabulary & { refresh(text: string | undefined): void }> {
    const program = this.program(() => undefined);
    const registry = await createTaskRegistry(this.settings);
    let steps = stepPaths(await this.held.peek());
    return {
      verbs: [...program.commands.map((command) => command.name()), 'help', 'exit'],
      steps: () => steps,
      tasks: () => [...registry.tasks.keys()],
      optionsOf: (verb) =>
        program.commands
          .filter((command) => command.name() === verb)
          .flatMap(({ options }) => options.map(({ long }) => long!)),
      refresh: (text) => {
        steps = stepPaths(text);
      },
    };
  }
}

/** What was typed or pasted ahead of the command that runs. */
interface Typed {
  readonly lines: string[];
  /** The beginning of a line. */
  rest: string;
}

/** The next line; `null` at the end of the input. Ctrl-C drops what was typed. Closes the reader. */
function nextLine(reader: Interface, typed: Typed): Promise<string | null> {
  return new Promise((resolve) => {
    reader.on('line', (line) => typed.lines.push(line));
    // Lines that were pasted together come together.
    reader.once('line', () =>
      setImmediate(() => {
        typed.rest = reader.line;
        resolve(typed.lines.shift()!);
        reader.close();
      }),
    );
    reader.once('close', () => resolve(null));
    reader.on('SIGINT', () => {
      resolve('');
      reader.close();
      process.stdout.write('\n');
    });
    reader.setPrompt('skyloom> ');
    reader.prompt();
    if (typed.rest !== '') reader.write(typed.rest);
    typed.rest = '';
  });
}

function said(error: unknown): ExitCode {
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  return exitCodeOf(error);
}

/** Newest first, as the reader wants them. A shell without its history is still a shell. */
async function readHistory(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).toReversed();
}
