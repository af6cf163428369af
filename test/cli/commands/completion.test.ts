import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { DEBIAN_PROGRAMS, findProgram } from '../../../scripts/test-tools/debian';
import { COMMANDS } from '../../../src/cli/commands';
import { describeUnless } from '../../../packages/embedded-kms/test/support/describe-unless';
import { runCli, temporaryFolder } from '../run-cli';

const inFolder = temporaryFolder();

const script = async (shell: string): Promise<string> => {
  const { code, stdout, stderr } = await runCli(['completion', shell]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  writeFileSync(inFolder(shell), stdout);
  return stdout;
};

describe('when a shell is to complete', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])(
    'the script of %s knows every command and option',
    async (shell) => {
      const text = await script(shell);
      for (const { name } of COMMANDS) expect(text).toContain(name);
      for (const option of ['within', 'material', 'stack-export', 'wrapping-algorithm']) {
        expect(text).toContain(option);
      }
    },
  );

  /** Returns the completions that bash offers for a line. */
  const offered = (...words: string[]): string[] => {
    const program = `
      source "$1"; shift
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
      _kms_byok
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', program, 'bash', inFolder('bash'), 'kms-byok', ...words], {
      encoding: 'utf8',
    })
      .trim()
      .split('\n');
  };

  it('bash completes commands, options and values', async () => {
    await script('bash');
    expect(offered('st')).toEqual(['status']);
    expect(offered('')).toEqual(expect.arrayContaining(COMMANDS.map(({ name }) => name)));
    expect(offered('status', '--wi')).toEqual(['--within']);
    expect(offered('import', '--b')).toEqual(['--bundle']);
    expect(offered('completion', 'f')).toEqual(['fish']);
    expect(offered('wrap', '--bundle', inFolder('ba'))).toEqual([inFolder('bash')]);
  });
});

describe.each(['zsh', 'fish'] as const)('when the completion script of %s is printed', (shell) => {
  const missing = findProgram(DEBIAN_PROGRAMS[shell]) === undefined ? shell : undefined;
  describeUnless(missing)(`and ${shell} reads it`, () => {
    it('its syntax is right', async () => {
      await script(shell);
      expect(spawnSync(shell, ['-n', inFolder(shell)]).status).toBe(0);
    });
  });
});
