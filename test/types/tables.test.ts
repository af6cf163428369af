import { SOURCE_KINDS } from '../../src/domain/source-kinds';
import { compile, compileEdited, entriesOf, withoutEntry } from '../support/compile-edited';

const SOURCES = 'src/material/sources.ts';
const KINDS = 'src/domain/source-kinds.ts';
const ARGS = 'src/provider/args.ts';
const INPUTS = 'src/provider/imported-key-material/inputs.ts';
const OUTPUTS = 'src/provider/imported-key-material/outputs.ts';
const CLASS = 'src/resources/imported-key-material.ts';

describe('when the kinds of sources are edited', () => {
  it('they compile as they are', () => {
    expect(compile([SOURCES, KINDS, ARGS])).toEqual([]);
    expect(entriesOf(SOURCES, 'SOURCES')).toEqual(SOURCE_KINDS);
  });

  it.each(SOURCE_KINDS)('SOURCES without %s does not compile', (kind) => {
    const errors = compileEdited(SOURCES, withoutEntry('SOURCES', kind));
    expect(errors.join()).toContain(`Property '${kind}' is missing`);
  });

  it.each(SOURCE_KINDS)('SOURCES and args do not compile with a list without %s', (kind) => {
    const removed = withoutEntry('SOURCE_IDENTITIES', kind);
    for (const file of [SOURCES, ARGS])
      expect(compileEdited(KINDS, removed, [file])).not.toEqual([]);
  });

  it.each(SOURCE_KINDS)('args without %s do not compile', (kind) => {
    const removed = new RegExp(`^    ${kind}: \\{[^]*?\\};\\n`, 'm');
    expect(compileEdited(ARGS, (text) => text.replace(removed, ''))).not.toEqual([]);
  });

  it('a kind that only the list or only args name does not compile', () => {
    const listed = (text: string) => text.replace("  inline: 'none',", "$&\n  vault: 'plain',");
    for (const file of [SOURCES, ARGS])
      expect(compileEdited(KINDS, listed, [file])).not.toEqual([]);
    const declared = (text: string) =>
      text.replace(/^ {4}inline: .*$/m, '$&\n    vault: { readonly vault: Input<string> };');
    expect(compileEdited(ARGS, declared)).not.toEqual([]);
  });

  it.each<[string, boolean]>([
    ["{ file: 'a', encoding: 'hex', passphrase: { env: 'b' } }", true],
    ["{ command: ['a'], showStderr: true }", true],
    ["{ file: 'a', env: 'b' }", false],
    ["{ file: 'a', showStderr: true }", false],
    ["{ encoding: 'hex' }", false],
    ['{ wrapped: {} }', false],
  ])('%s as material compiles: %s', (declared, compiles) => {
    const errors = compileEdited(
      ARGS,
      (text) => `${text}\nexport const x: MaterialArgs = ${declared};`,
    );
    expect(errors.length === 0).toBe(compiles);
  });

  it('an entry under the name of another kind does not compile', () => {
    const swapped = (text: string) => text.replace('file: fileSource', 'file: envSource');
    expect(compileEdited(SOURCES, swapped)).not.toEqual([]);
  });
});

describe('when the inputs are edited', () => {
  it('the table compiles as it is', () => {
    expect(compile([INPUTS])).toEqual([]);
  });

  it.each(entriesOf(INPUTS, 'INPUTS'))('INPUTS without %s does not compile', (name) => {
    const errors = compileEdited(INPUTS, withoutEntry('INPUTS', name));
    expect(errors.join()).toContain(`Property '${name}' is missing`);
  });

  it('an input that only the args name does not compile', () => {
    const added = (text: string) =>
      text.replace(
        'export interface ImportedKeyMaterialArgs {',
        '$& readonly added?: Input<string>;',
      );
    expect(compileEdited(ARGS, added, [INPUTS]).join()).toContain("Property 'added' is missing");
  });

  it('an input that only the table names does not compile', () => {
    const added = (text: string) =>
      text.replace(
        "  keySpec: { schema: text, change: 'none' },",
        "$& added: { schema: text, change: 'record' },",
      );
    expect(compileEdited(INPUTS, added)).not.toEqual([]);
  });
});

describe('when the outputs are edited', () => {
  it('table and class compile as they are', () => {
    expect(compile([OUTPUTS, CLASS])).toEqual([]);
  });

  it.each(entriesOf(OUTPUTS, 'OUTPUTS'))('OUTPUTS without %s does not compile', (name) => {
    const errors = compileEdited(OUTPUTS, withoutEntry('OUTPUTS', name));
    expect(errors.join()).toContain(`Property '${name}' is missing`);
  });

  it.each(entriesOf(OUTPUTS, 'OUTPUTS'))('a class without %s does not compile', (name) => {
    const removed = (text: string) =>
      text.replace(new RegExp(`  declare readonly ${name}: .*\\n`), '');
    expect(compileEdited(CLASS, removed)).not.toEqual([]);
  });
});
