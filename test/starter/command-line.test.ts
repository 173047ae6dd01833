import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { buildProgram } from '../../starter/command-line/program.ts';
import { runCommand } from '../support/run-command.ts';

describe('the help', () => {
  it('of every command says what it does and has --json', () => {
    for (const command of everyCommand()) {
      expect(command.description()).not.toBe('');
      const isGroup = command.commands.length > 0;
      if (!isGroup) expect(command.options.map(({ long }) => long)).toContain('--json');
    }
  });

  it('of every command shows it at work', async () => {
    for (const command of everyCommand()) {
      let shown = '';
      command.configureOutput({ writeOut: (text) => (shown += text) }).outputHelp();
      expect(shown).toContain(`Examples:\n`);
      const group = command.parent?.name() ?? 'skyloom';
      const parent = group === 'skyloom' ? '' : `${group} `;
      expect(shown).toContain(`skyloom ${parent}${command.name()}`);
    }
  });
});

describe('what is not understood', () => {
  it.each<[string[], RegExp]>([
    [['stauts', 'x'], /unknown command 'stauts'\s+\(Did you mean status\?\)/],
    [['list', '--quer', 'x'], /Did you mean --query\?/],
    [['run', 'drone', '/tmp'], /imageType must be "Navad" or "Satellite": found "drone"/],
    [['run', 'navad'], /imagePath is missing/],
    [['run', '--request', '/no/such.json'], /Cannot read the request in "\/no\/such.json"/],
    [['run', 'navad', '/tmp', '--search-area', '3,2,1'], /west,south,east,north in degrees/],
    [['run', 'navad', '/tmp', '--heights', 'sea'], /heights is not usable/],
    [['run', 'navad', '/tmp', '--camera', '[1]'], /must be a JSON object/],
    [['cleanup', '--older-than', 'soon'], /such as 12h or 30d/],
    [['cleanup', '--daily', '--dry-run'], /exclude each other/],
    [['check', '/tmp', '--threshold', 'minImage=4'], /did you mean minImages\?/],
    [['check', '/tmp', '--threshold', 'maxErrorShare=7'], /maxErrorShare is not usable/],
    [['worker', 'procesor'], /Did you mean processor\?/],
    [['completion', 'tcsh'], /bash, zsh, fish/],
  ])('%j is wrong usage, said in a sentence', async (args, words) => {
    const { code, output, errors } = await runCommand(args, {
      environment: { TEMPORAL_ADDRESS: '127.0.0.1:1' },
    });
    expect(errors).toMatch(words);
    expect(errors).not.toMatch(/\n\s+at /);
    expect(output).toBe('');
    expect(code).toBe(2);
  });

  it('on standard input is named as such', async () => {
    const { code, errors } = await runCommand(['run', '--request', '-'], {
      input: '{"image_type":',
    });
    expect(errors).toMatch(/Cannot read the request in standard input as it is not JSON/);
    expect(code).toBe(2);
  });
});

describe('a completion script', () => {
  it('for bash completes commands and options', async () => {
    const { output } = await runCommand(['completion', 'bash']);
    const complete = (words: string[]) => {
      const call = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _skyloom; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const shell = spawnSync('bash', ['-c', `${output}\n${call}`], { encoding: 'utf8' });
      expect(shell.stderr).toBe('');
      return shell.stdout.trim().split('\n');
    };
    expect(complete(['skyloom', 'st'])).toEqual(['start', 'status']);
    expect(complete(['skyloom', 'result', '--f'])).toEqual(['--failed']);
  });

  it('for every shell knows every command', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { output } = await runCommand(['completion', shell]);
      for (const { name } of buildProgram().commands.map((command) => ({ name: command.name() }))) {
        expect(output).toContain(name);
      }
    }
  });
});

function everyCommand() {
  return buildProgram().commands.flatMap((command) => [command, ...command.commands]);
}
