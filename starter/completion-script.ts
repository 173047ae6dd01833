import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;

interface CompletedCommand {
  name: string;
  description: string;
  options: { flag: string; description: string }[];
}

/** A script for one shell, made from the commands themselves, so that it knows each of them. */
export function completionScript(shell: (typeof shells)[number], program: Command): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [
      ...command.options.map(({ long, description }) => ({ flag: long!, description })),
      help,
    ],
  }));
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](program.name(), commands);
}

const help = { flag: '--help', description: 'display help for the command' };

function bashScript(program: string, commands: CompletedCommand[]): string {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) words="${options.map(({ flag }) => flag).join(' ')}" ;;`,
  );
  return `# bash completion for ${program}
_${program}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _${program} ${program}
`;
}

function zshScript(program: string, commands: CompletedCommand[]): string {
  const cases = commands.map(({ name, options }) => {
    const flags = options.map(
      ({ flag, description }) => `      '${flag}[${zshText(description)}]'`,
    );
    return `    ${name}) _arguments \\\n${flags.join(' \\\n')} \\\n      '*:file:_files' ;;`;
  });
  const names = commands.map(({ name, description }) => `    '${name}:${zshText(description)}'`);
  return `#compdef ${program}
_${program}() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
}
# Read from a file of the function path it is the function; sourced, it has to be made known.
if [ "$funcstack[1]" = "_${program}" ]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}

/** Quotes would end the string, brackets and colons the description. */
function zshText(text: string): string {
  return text.replace(/['[\]:\\]/g, '');
}

function fishScript(program: string, commands: CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, options }) => [
    `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d '${fishText(description)}'`,
    ...options.map(
      ({ flag, description: words }) =>
        `complete -c ${program} -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)} -d '${fishText(words)}'`,
    ),
  ]);
  return `# fish completion for ${program}\n${lines.join('\n')}\n`;
}

function fishText(text: string): string {
  return text.replace(/['\\]/g, '');
}
