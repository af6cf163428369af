import { assertImportable, type ImportFile } from '../../../src/cli/adoption/import-file';
import type { ExportedResource } from '../../../src/cli/adoption/stack-export';
import { TYPE_TOKENS } from '../../../src/domain/type-tokens';

const TYPE = TYPE_TOKENS.ImportedKeyMaterial.dynamic;

const urn = (types: string, name: string): string => `urn:pulumi:test::life::${types}::${name}`;
const PROVIDER = urn('pulumi:providers:pulumi-nodejs', 'mine');
const PARENT = urn('my:index:Root', 'all');
const STATE: readonly ExportedResource[] = [
  { urn: urn('pulumi:pulumi:Stack', 'life-test'), type: 'pulumi:pulumi:Stack' },
  { urn: PROVIDER, type: 'pulumi:providers:pulumi-nodejs', id: 'p' },
  { urn: PARENT, type: 'my:index:Root' },
  { urn: urn(TYPE, 'there'), type: TYPE, id: 'its-id' },
  { urn: urn(TYPE, 'going'), type: TYPE, id: 'old', delete: true },
];

const one = (name: string, more: object = {}) => ({ type: TYPE, name, id: 'id', ...more });
const NAME_TABLE = { mine: PROVIDER, all: PARENT };

describe('when an import file is checked as the engine checks it', () => {
  it.each<[string, ImportFile]>([
    ['names that differ', { resources: [one('a'), one('b')] }],
    [
      'one name under two parents',
      {
        nameTable: NAME_TABLE,
        resources: [one('a'), one('a', { parent: 'all' })],
      },
    ],
    [
      'a provider of the state',
      { nameTable: NAME_TABLE, resources: [one('a', { provider: 'mine' })] },
    ],
    [
      'a parent of the same file',
      {
        resources: [one('a', { parent: 'b' }), one('b', { type: 'my:index:Root' })],
      },
    ],
    ['what the state has with this ID', { resources: [one('there', { id: 'its-id' })] }],
    ['what is pending deletion', { resources: [one('going')] }],
  ])('%s is taken', (_what, file) => {
    expect(() => {
      assertImportable(file, STATE);
    }).not.toThrow();
  });

  it.each<[string, ImportFile]>([
    ['no type', { resources: [one('a', { type: '' })] }],
    ['no name', { resources: [one('')] }],
    ['no ID', { resources: [one('a', { id: '' })] }],
    ['one name twice', { resources: [one('a'), one('b'), one('a')] }],
    [
      'one name twice under one parent',
      {
        nameTable: NAME_TABLE,
        resources: [one('a', { parent: 'all' }), one('a', { parent: 'all' })],
      },
    ],
    ['a parent that is nowhere', { resources: [one('a', { parent: 'all' })] }],
    [
      'a parent that two are',
      {
        resources: [one('a', { parent: 'b' }), one('b'), one('b', { type: 'my:index:Root' })],
      },
    ],
    [
      'a parent below itself',
      {
        resources: [one('a', { parent: 'b' }), one('b', { parent: 'a' })],
      },
    ],
    ['a provider that is nowhere', { resources: [one('a', { provider: 'mine' })] }],
    [
      'a provider that is none',
      { nameTable: NAME_TABLE, resources: [one('a', { provider: 'all' })] },
    ],
    [
      'a name table of what is not in the state',
      {
        nameTable: { mine: urn('pulumi:providers:pulumi-nodejs', 'gone') },
        resources: [one('a')],
      },
    ],
    ['what the state has with another ID', { resources: [one('there')] }],
  ])('%s is refused', (_what, file) => {
    expect(() => {
      assertImportable(file, STATE);
    }).toThrowWithCode('STACK_EXPORT');
  });
});
