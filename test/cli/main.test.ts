import { Writable } from 'node:stream';
import { main } from '../../src/cli/main';

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const text = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof text): Writable =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text[name] += chunk.toString();
        done();
      },
    });
  const code = await main(args, { stdout: sink('stdout'), stderr: sink('stderr') });
  return { code, ...text };
}

describe('when kms-byok is called', () => {
  it('--help lists the commands on stdout and ends well', async () => {
    const { code, stdout, stderr } = await run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('emulator');
  });

  it('--version prints the version of the package', async () => {
    expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ['an unknown command', ['absent']],
    ['an unknown option', ['emulator', '--absent']],
    ['a bad port', ['emulator', '--port', '70000']],
    ['a bad account', ['emulator', '--account-id', '1']],
  ])('%s is an error on stderr', async (_what, args) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: /);
  });

  it('nothing at all shows the help as an error', async () => {
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('Usage: kms-byok');
  });
});
