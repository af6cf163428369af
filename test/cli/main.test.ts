import { COMMANDS } from '../../src/cli/commands';
import { runCli } from './run-cli';

describe('when kms-byok is called', () => {
  it('--help lists the commands on stdout and ends well', async () => {
    const { code, stdout, stderr } = await runCli(['--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchSnapshot();
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name} `);
  });

  it.each(COMMANDS.map(({ name }) => name))(
    '%s --help shows options and examples',
    async (name) => {
      const { code, stdout, stderr } = await runCli([name, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatchSnapshot();
      expect(stdout).toContain(`kms-byok ${name}`);
    },
  );

  it('--version prints the version of the package', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['an unknown command', ['absent']],
    ['an unknown option', ['status', '--absent']],
    ['a bad duration', ['status', '--within', 'soon']],
    ['an option that is missing', ['fingerprint', '--material', 'env:X']],
    ['an unknown shell', ['completion', 'csh']],
    ['an alias for a key', ['verify', '--key-id', 'alias/root', '--material', 'env:X']],
  ])('%s is an error on stderr', async (_what, args) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
  });

  it.each([
    [['-h'], ['--help']],
    [['help'], ['--help']],
    [
      ['status', '-h'],
      ['status', '--help'],
    ],
    [
      ['help', 'status'],
      ['status', '--help'],
    ],
    [['-v'], ['--version']],
  ])('%j means %j', async (short, long) => {
    const ended = await runCli(short);
    expect(ended.code).toBe(0);
    expect(ended).toEqual(await runCli(long));
  });

  it('nothing at all shows the help as an error', async () => {
    const { code, stderr } = await runCli([]);
    expect(code).toBe(1);
    expect(stderr).toContain('Usage: kms-byok');
  });
});
