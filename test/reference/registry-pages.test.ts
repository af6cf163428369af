import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaText } from '../../scripts/plugin-schema/schema';

const ROOT = join(__dirname, '..', '..');
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), 'utf8');

/** Pages that Pulumi's Registry takes from the folder `docs` of a package. */
const PAGES = ['_index.md', 'installation-configuration.md'];

/** The languages of the Registry, as its choosers name them. */
const LANGUAGES = ['typescript', 'python', 'go', 'csharp', 'java', 'yaml'];

/** The programs of the quickstarts, in a project that has the package installed. */
const PROGRAMS = {
  typescript: ['quickstart', 'index.ts'],
  python: ['quickstart-python', '__main__.py'],
  go: ['quickstart-go', 'main.go'],
  yaml: ['quickstart-yaml', 'Pulumi.yaml'],
} as const;

describe('when Pulumi’s Registry takes the pages of the package', () => {
  it.each(PAGES)('%s has a title, a description of at most 160 characters and a layout', (name) => {
    const [, matter = ''] = /^---\n([^]*?)\n---\n/.exec(read('docs', name)) ?? [];
    const fields = Object.fromEntries(
      matter.split('\n').map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string]),
    );
    expect(Object.keys(fields)).toEqual(['title', 'meta_desc', 'layout']);
    expect(fields.meta_desc?.length).toBeLessThanOrEqual(160);
    expect(fields.layout).toBe('package');
  });

  it.each(PAGES)('%s has one choice for each language of its chooser, and closes each', (name) => {
    const page = read('docs', name);
    const tags = [...page.matchAll(/\{\{[<%] (.+?) [>%]\}\}/g)].map(([, tag = '']) => tag);
    const [, offered = ''] = /^chooser language "(.+)"$/.exec(tags[0] ?? '') ?? [];
    const chosen = tags.flatMap((tag) => {
      const [, languages] = /^choosable language "?([\w,]+)"?$/.exec(tag) ?? [];
      return languages === undefined ? [] : languages.split(',');
    });
    expect(LANGUAGES).toEqual(expect.arrayContaining(offered.split(',')));
    expect(chosen).toEqual(offered.split(','));
    const kinds = tags.map((tag) => tag.split(' ')[0]);
    const choices = kinds
      .filter((kind) => kind === 'choosable')
      .map(() => ['choosable', '/choosable']);
    expect(kinds).toEqual(['chooser', ...choices.flat(), '/chooser']);
  });

  it.each(Object.entries(PROGRAMS))('the program in %s is that of the quickstart', (name, path) => {
    const text = read('examples', ...path)
      .replace(/^ *# In a project of your own: .*\n/m, '')
      .replace('../../plugin', './node_modules/pulumi-kms-byok/plugin');
    expect(read('docs', '_index.md')).toContain(`\`\`\`${name}\n${text}\`\`\`\n`);
  });

  it('the configuration options are those of the schema', () => {
    const file = join(ROOT, 'docs', 'installation-configuration.md');
    const page = readFileSync(file, 'utf8');
    const made = page.replace(/^\| option [^]*$/m, optionTable());
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(file, made);
    else expect(unpadded(page)).toBe(unpadded(made));
  });
});

// Prettier pads the columns of a table.
const unpadded = (text: string): string => text.replace(/ {2,}/g, ' ').replace(/-{2,}/g, '---');

interface Schema {
  readonly config: {
    readonly variables: Readonly<
      Record<string, { readonly type?: string; readonly description: string }>
    >;
  };
}

function optionTable(): string {
  const { config } = JSON.parse(schemaText()) as Schema;
  const rows = Object.entries(config.variables).map(([name, { type = 'object', description }]) => {
    const meaning = description.replace(/\n\nOne of [^]*$/, '').replaceAll('\n', ' ');
    return `| \`kms-byok:${name}\` | ${type} | ${meaning} |`;
  });
  return ['| option | type | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
