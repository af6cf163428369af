import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BYOK_ERROR_CODES } from '../../../src/errors';
import { runCli } from '../run-cli';

const ROOT = join(__dirname, '..', '..', '..');

describe('when an error code is to be explained', () => {
  it('its text is printed, without links that only a browser follows', async () => {
    const { code, stdout, stderr } = await runCli(['explain', 'PACKAGE_MISSING']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^PACKAGE_MISSING\n\n/);
    expect(stdout).toContain('(docs/how-to/use-in-your-project.md)');
    expect(stdout).not.toContain('](');
  });

  it.each(['[KEY_LOST]', 'key_lost', 'KEY_LOST'])('it may be written as %s', async (written) => {
    expect((await runCli(['explain', written])).stdout).toMatch(/^KEY_LOST\n/);
  });

  it('a code that does not exist is an error that names a similar one', async () => {
    const { code, stderr } = await runCli(['explain', 'KEY_LOTS']);
    expect(code).toBe(1);
    expect(stderr).toContain('KEY_LOST');
  });

  it('all codes are listed in their order if none is named', async () => {
    const { stdout } = await runCli(['explain']);
    const codes = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]);
    expect(codes).toEqual([...BYOK_ERROR_CODES]);
  });

  it('each code in the list has a whole sentence, with the code in it', async () => {
    const lines = (await runCli(['explain'])).stdout.trim().split('\n');
    const cut = lines.filter((line) => !line.endsWith('.') || line.split('`').length % 2 === 0);
    expect(cut).toEqual([]);
  });

  it('--json has every code with its paragraphs, and each page that they name exists', async () => {
    const { stdout } = await runCli(['explain', '--json']);
    const { errors } = JSON.parse(stdout) as {
      errors: { code: string; paragraphs: string[] }[];
    };
    expect(errors.map(({ code }) => code)).toEqual([...BYOK_ERROR_CODES]);
    for (const { paragraphs } of errors) expect(paragraphs.join('')).not.toBe('');
    const text = errors.flatMap(({ paragraphs }) => paragraphs).join('\n');
    const pages = [...text.matchAll(/\((docs\/[^)#]+)/g)].map((match) => match[1]!);
    expect(pages.length).toBeGreaterThan(5);
    expect(pages.filter((page) => !existsSync(join(ROOT, page)))).toEqual([]);
  });
});

describe('when a command fails', () => {
  it('one line says which command explains its code', async () => {
    const { stderr } = await runCli(['params', '--key-id', 'alias/root', '--out', 'b']);
    expect(stderr).toMatch(/^error: .*\[INPUT_INVALID\]\nmore: kms-byok explain INPUT_INVALID\n$/);
  });
});
