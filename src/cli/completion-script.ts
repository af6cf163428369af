import type { Command } from 'commander';

/** The shells that completion supports. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** A shell that completion supports. */
export type Shell = (typeof SHELLS)[number];

interface Completable {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly takesValue: boolean;
  }[];
  /** The values of the command's argument. */
  readonly values: readonly string[];
}

/** Generates the completion script of a shell from the tree of commands. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = program.commands.map(completable);
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
    case 'powershell':
      return powershell(commands);
  }
}

function completable(command: Command): Completable {
  return {
    name: command.name(),
    summary: command.summary(),
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => ({
        flag: option.long ?? option.flags,
        description: option.description,
        takesValue: option.required || option.optional,
      })),
    values: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}

function bash(commands: readonly Completable[]): string {
  const cases = commands.map(
    ({ name, options, values }) =>
      `    ${name}) words="${[...options.map(({ flag }) => flag), ...values].join(' ')}" ;;`,
  );
  const valued = [
    ...new Set(
      commands.flatMap(({ options }) =>
        options.filter(({ takesValue }) => takesValue).map(({ flag }) => flag),
      ),
    ),
  ];
  return `# bash completion of kms-byok
_kms_byok() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words
  case "$previous" in
    ${valued.join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o filenames -F _kms_byok kms-byok
`;
}

function zsh(commands: readonly Completable[]): string {
  const summaries = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = commands.map(({ name, options, values }) => {
    const specs = [
      ...options.map(({ flag, description, takesValue }) =>
        quoted(`*${flag}[${bracketed(description)}]${takesValue ? ':value:_files' : ''}`),
      ),
      ...(values.length === 0 ? [] : [quoted(`2:value:(${values.join(' ')})`)]),
    ];
    return `    ${name}) _arguments '1: :' ${specs.join(' ')} ;;`;
  });
  return `#compdef kms-byok
# zsh completion of kms-byok
_kms_byok() {
  local -a commands
  commands=(
${summaries.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' commands
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
}
compdef _kms_byok kms-byok
`;
}

function fish(commands: readonly Completable[]): string {
  const lines = commands.flatMap(({ name, summary, options, values }) => {
    const within = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c kms-byok -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...options.map(
        ({ flag, description, takesValue }) =>
          `complete -c kms-byok ${within} -l ${flag.replace(/^--/, '')}${takesValue ? ' -r' : ''} -d ${quoted(description)}`,
      ),
      ...(values.length === 0
        ? []
        : [`complete -c kms-byok ${within} -f -a ${quoted(values.join(' '))}`]),
    ];
  });
  return `# fish completion of kms-byok\n${lines.join('\n')}\n`;
}

// The words of each command, as PowerShell's own completion of arguments takes them (about_Functions_Argument_Completion,
// Register-ArgumentCompleter -Native).
function powershell(commands: readonly Completable[]): string {
  const words = commands.map(
    ({ name, options, values }) =>
      `    ${inPowerShell(name)} = @(${[...options.map(({ flag }) => flag), ...values].map(inPowerShell).join(', ')})`,
  );
  const valued = new Set(
    commands.flatMap(({ options }) =>
      options.filter(({ takesValue }) => takesValue).map(({ flag }) => inPowerShell(flag)),
    ),
  );
  const names = [...commands.map(({ name }) => name), '--help', '--version'].map(inPowerShell);
  return `# PowerShell completion of kms-byok
Register-ArgumentCompleter -Native -CommandName 'kms-byok' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${words.join('\n')}
  }
  $valued = @(${[...valued].join(', ')})
  $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  # Without an answer, PowerShell completes names of files.
  if ($typed.Count -gt 0 -and $valued -contains $typed[-1]) { return }
  $found = if ($typed.Count -lt 2) { @(${names.join(', ')}) } else { $words[$typed[1]] }
  $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function inPowerShell(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function bracketed(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}
