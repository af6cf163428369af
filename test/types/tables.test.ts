import { SOURCE_KINDS } from '../../src/domain/source-kinds';
import {
  compile,
  compileAllEdited,
  compileEdited,
  compileEdits,
  entriesOf,
  withoutEntry,
  type Edit,
} from '../support/compile-edited';

const SOURCES = 'src/material/sources.ts';
const KINDS = 'src/domain/source-kinds.ts';
const ARGS = 'src/provider/args.ts';
const KEY_ARGS = 'src/component/args.ts';
const SHARED = 'src/domain/shared-inputs.ts';

/** Compiles a file with the edit of each of these names, all at once when the first is asked for. */
function errorsOfEach(
  file: string,
  names: readonly string[],
  editOf: (name: string) => Edit,
): (name: string) => readonly string[] {
  let errors: ReturnType<typeof compileEdits> | undefined;
  return (name) => {
    errors ??= compileEdits(file, new Map(names.map((each) => [each, editOf(each)])));
    return errors.get(name)!;
  };
}

describe('when the kinds of sources are edited', () => {
  it('they compile as they are', () => {
    expect(compile([SOURCES, KINDS, ARGS])).toEqual([]);
    expect(entriesOf(SOURCES, 'SOURCES')).toEqual(SOURCE_KINDS);
  });

  const sourcesWithout = errorsOfEach(SOURCES, SOURCE_KINDS, (kind) =>
    withoutEntry('SOURCES', kind),
  );
  const argsWithout = errorsOfEach(
    ARGS,
    SOURCE_KINDS,
    (kind) => (text) => text.replace(new RegExp(`^    ${kind}: \\{[^]*?\\};\\n`, 'm'), ''),
  );

  it.each(SOURCE_KINDS)('SOURCES without %s does not compile', (kind) => {
    expect(sourcesWithout(kind).join()).toContain(`Property '${kind}' is missing`);
  });

  it.each(SOURCE_KINDS)('SOURCES and args do not compile with a list without %s', (kind) => {
    const removed = withoutEntry('SOURCE_IDENTITIES', kind);
    for (const errors of compileAllEdited(KINDS, removed, [SOURCES, ARGS])) {
      expect(errors).not.toEqual([]);
    }
  });

  it.each(SOURCE_KINDS)('args without %s do not compile', (kind) => {
    expect(argsWithout(kind)).not.toEqual([]);
  });

  it('a kind that only the list or only args name does not compile', () => {
    const listed = (text: string) => text.replace("  inline: 'none',", "$&\n  vault: 'hashed',");
    for (const errors of compileAllEdited(KINDS, listed, [SOURCES, ARGS])) {
      expect(errors).not.toEqual([]);
    }
    const declared = (text: string) =>
      text.replace(/^ {4}inline: .*$/m, '$&\n    vault: { readonly vault: Input<string> };');
    expect(compileEdited(ARGS, declared)).not.toEqual([]);
  });

  const declarations: readonly (readonly [string, boolean])[] = [
    ["{ file: 'a', encoding: 'hex', passphrase: { env: 'b' } }", true],
    ["{ command: ['a'], showStderr: true, passEnvironment: ['B'] }", true],
    ["{ wrapCommand: ['a'], showStderr: true, passEnvironment: ['B'] }", true],
    ["{ wrapCommand: ['a'], command: ['a'] }", false],
    ["{ file: 'a', env: 'b' }", false],
    ["{ file: 'a', showStderr: true }", false],
    ["{ file: 'a', passEnvironment: ['B'] }", false],
    ["{ encoding: 'hex' }", false],
    ['{ wrapped: {} }', false],
  ];
  const argsWith = errorsOfEach(
    ARGS,
    declarations.map(([declared]) => declared),
    (declared) => (text) => `${text}\nexport const x: MaterialArgs = ${declared};`,
  );

  it.each(declarations)('%s as material compiles: %s', (declared, compiles) => {
    expect(argsWith(declared).length === 0).toBe(compiles);
  });

  it('an entry under the name of another kind does not compile', () => {
    const swapped = (text: string) => text.replace('file: fileSource', 'file: envSource');
    expect(compileEdited(SOURCES, swapped)).not.toEqual([]);
  });
});

const RESOURCES = [
  {
    resource: 'ImportedKeyMaterial',
    args: 'src/provider/args.ts',
    inputs: 'src/provider/imported-key-material/inputs.ts',
    outputs: 'src/provider/imported-key-material/state.ts',
    declaredBy: 'src/resources/imported-key-material.ts',
  },
  {
    resource: 'OnDemandRotation',
    args: 'src/provider/on-demand-rotation/args.ts',
    inputs: 'src/provider/on-demand-rotation/inputs.ts',
    outputs: 'src/provider/on-demand-rotation/state.ts',
    declaredBy: 'src/resources/on-demand-rotation.ts',
  },
] as const;

describe.each(RESOURCES)(
  'when the inputs of $resource are edited',
  ({ resource, args, inputs }) => {
    it('the table compiles as it is', () => {
      expect(compile([inputs])).toEqual([]);
    });

    const names = entriesOf(inputs, 'INPUTS');
    const inputsWithout = errorsOfEach(inputs, names, (name) => withoutEntry('INPUTS', name));

    it.each(names)('INPUTS without %s does not compile', (name) => {
      expect(inputsWithout(name).join()).toContain(`Property '${name}' is missing`);
    });

    it('an input that only the args name does not compile', () => {
      const added = (text: string) =>
        text.replace(`export interface ${resource}Args {`, '$& readonly added?: Input<string>;');
      expect(compileEdited(args, added, inputs).join()).toContain("Property 'added' is missing");
    });

    it('an input that only the table names does not compile', () => {
      const added = (text: string) =>
        text.replace('  keyId: {', "  added: { schema: text, change: 'record' },\n$&");
      expect(compileEdited(inputs, added)).not.toEqual([]);
    });
  },
);

it('an input that imports but that the plan of an import does not know does not compile', () => {
  const { inputs } = RESOURCES[0];
  const changed = (text: string) =>
    text.replace(
      "recordCheckValue: { schema: z.boolean().optional(), change: 'record' }",
      "recordCheckValue: { schema: z.boolean().optional(), change: 'import' }",
    );
  expect(compileEdited(inputs, changed).join()).toContain('recordCheckValue');
});

describe.each(RESOURCES)('when the outputs of $resource are edited', ({ outputs, declaredBy }) => {
  it('table and class compile as they are', () => {
    expect(compile([outputs, declaredBy])).toEqual([]);
  });

  const names = entriesOf(outputs, 'OUTPUTS');
  const outputsWithout = errorsOfEach(outputs, names, (name) => withoutEntry('OUTPUTS', name));

  it.each(names)('OUTPUTS without %s does not compile', (name) => {
    expect(outputsWithout(name).join()).toContain(`Property '${name}' is missing`);
  });

  const classWithout = errorsOfEach(
    declaredBy,
    names,
    (name) => (text) => text.replace(new RegExp(`  declare readonly ${name}: .*\\n`), ''),
  );

  it.each(names)('a class without %s does not compile', (name) => {
    expect(classWithout(name)).not.toEqual([]);
  });
});

describe('when the members of an input that is an object are edited', () => {
  const ROTATION_ARGS = 'src/provider/on-demand-rotation/args.ts';
  const members: readonly (readonly [string, string, string])[] = [
    ['ConnectionArgs', ARGS, 'src/provider/schema.ts'],
    ['EndpointsArgs', ARGS, 'src/provider/schema.ts'],
    ['AssumeRoleArgs', ARGS, 'src/provider/schema.ts'],
    ['TimeoutsArgs', ARGS, 'src/provider/imported-key-material/inputs.ts'],
    ['ListPlaceArgs', ARGS, 'src/provider/imported-key-material/inputs.ts'],
    ['RotationTimeoutsArgs', ROTATION_ARGS, 'src/provider/on-demand-rotation/inputs.ts'],
    ['KeyAccess', 'src/domain/key-policy.ts', 'src/provider/imported-key/inputs.ts'],
  ];

  it.each(members)('one that only %s names does not compile', (declaration, args, schemas) => {
    const added = (text: string) =>
      text.replace(`export interface ${declaration} {`, '$& readonly added?: string;');
    expect(compileEdited(args, added, schemas).join()).toContain("'added' is missing");
  });
});

describe('when the inputs that ImportedKey shares are edited', () => {
  it('one that ImportedKeyMaterial does not have does not compile', () => {
    const added = (text: string) => text.replace("  'validTo',", "$& 'added',");
    expect(compileEdited(SHARED, added, KEY_ARGS)).not.toEqual([]);
  });
});
