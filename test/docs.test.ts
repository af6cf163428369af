import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms } from 'embedded-kms';
import { PROVIDER_TEXTS } from '../src/domain/provider-text';
import { SOURCE_KINDS } from '../src/domain/source-kinds';
import { BYOK_ERROR_CODES } from '../src/errors';
import { filesBelow } from './support/files';

const ROOT = join(__dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('when the documentation is compared with the code', () => {
  it('every error code has one heading, in the order of the code', () => {
    const headings = [...read('docs/reference/errors.md').matchAll(/^## (.+)$/gm)];
    expect(headings.map((match) => match[1])).toEqual([...BYOK_ERROR_CODES]);
  });

  it('every kind of source has one row, in the order of the code', () => {
    const rows = [...read('docs/reference/imported-key-material.md').matchAll(/^\| `\{ (\w+): /gm)];
    expect(rows.map((match) => match[1])).toEqual(SOURCE_KINDS);
  });

  it('the stacks of the pages are in the Region that embedded-kms has by default', async () => {
    const kms = await startKms();
    await fetch(kms.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'TrentService.ListKeys',
      },
      body: '{}',
    });
    const [call] = kms.calls;
    await kms.close();
    // Other tests make folders beside these, in node_modules.
    const pages = ['docs', 'examples']
      .flatMap((folder) => filesBelow(join(ROOT, folder)))
      .filter((path) => path.endsWith('.md') && !path.includes('/node_modules/'));
    const regions = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/pulumi config set aws:region (\S+)/g)].map(
        (match) => match[1],
      ),
    );
    expect(new Set(regions)).toEqual(new Set([call?.region]));
  });

  it('the text of the provider is shown as it is in state', () => {
    expect(read('docs/explanation/constant-provider.md')).toContain(
      `\n${PROVIDER_TEXTS.ImportedKeyMaterial}\n`,
    );
  });
});

describe('when a reader opens a page that shows how to do something', () => {
  const folder = join(ROOT, 'docs', 'how-to');
  const pages = [
    'docs/tutorial.md',
    'docs/releasing.md',
    ...readdirSync(folder).map((name) => `docs/how-to/${name}`),
  ];

  it.each(pages)('%s begins with what the reader will have at its end', (page) => {
    const [title, opening] = read(page).split('\n\n');
    expect(title).toMatch(/^# \S/);
    expect(opening).toMatch(/^At the end of this page, [^]*\.$/);
  });
});
