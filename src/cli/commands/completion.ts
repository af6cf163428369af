import { Argument } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion-script';
import { defineCommand } from '../command';
import { EXIT } from '../exit-code';

/** `kms-byok completion` */
export const completion = defineCommand(
  {
    name: 'completion',
    summary: 'print a script with which a shell completes commands and options',
    declare: (command) => command.addArgument(new Argument('<shell>', 'the shell').choices(SHELLS)),
    examples: [
      { purpose: 'bash, in ~/.bashrc', command: 'source <(kms-byok completion bash)' },
      { purpose: 'zsh, in ~/.zshrc', command: 'source <(kms-byok completion zsh)' },
      {
        purpose: 'fish',
        command: 'kms-byok completion fish > ~/.config/fish/completions/kms-byok.fish',
      },
      {
        purpose: 'PowerShell, in $PROFILE',
        command: 'kms-byok completion powershell | Out-String | Invoke-Expression',
      },
    ],
    exitCodes: { 0: 'printed', 1: 'an error' },
  },
  ({ args: [shell] }: { readonly args: readonly [Shell] }, io, program) => {
    io.stdout.write(completionScript(program, shell));
    return Promise.resolve(EXIT.ok);
  },
);
