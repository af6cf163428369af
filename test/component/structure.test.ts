import * as pulumi from '@pulumi/pulumi';
import { sourceIdentity } from '../../src/component/source-identity';
import { structureOf } from '../../src/component/structure';
import type { ImportedKeyArgs } from '../../src/component/args';
import { assertAppended, assertDistinctPlaces } from '../../src/domain/material-list';
import { SOURCE_KINDS, type SourceKind } from '../../src/domain/source-kinds';

const material = { file: 'a.bin' };
const shape = (args: Partial<ImportedKeyArgs>) => structureOf({ materials: [material], ...args });

describe('when the arguments of a whole key are checked', () => {
  it.each<[string, Partial<ImportedKeyArgs>]>([
    ['no material', { materials: [] }],
    [
      'two materials on a key that does not rotate',
      { materials: [material, material], keySpec: 'HMAC_256' },
    ],
    ['more materials than KMS rotates through', { materials: Array(27).fill(material) }],
  ])('%s is refused', (_what, args) => {
    expect(() => shape(args)).toThrowWithCode('KEY_ARGS');
  });

  it.each<[string, Partial<ImportedKeyArgs>]>([
    ['a Region twice', { replicas: [{ region: 'us-east-1' }, { region: 'us-east-1' }] }],
    [
      'replicas of a single-Region key',
      { multiRegion: false, replicas: [{ region: 'us-east-1' }] },
    ],
    ['policy and access', { policy: '{}', access: {} as never }],
    ['an alarm without an expiry', { alarm: { daysBefore: 7 } }],
    ['an RSA key without a usage', { keySpec: 'RSA_2048' }],
  ])('%s is refused', (_what, args) => {
    expect(() => shape(args)).toThrowWithCode('KEY_ARGS');
  });

  it.each<[string, object | undefined]>([
    ['no arguments', undefined],
    ['a list', [material]],
    ['materials that are no list', { materials: material }],
    ['replicas that are texts', { replicas: ['us-east-1'] }],
    ['replicas that are no list', { replicas: { region: 'us-east-1' } }],
    ['a replica without a Region', { replicas: [{}] }],
    ['a Region of a replica that is an output', { replicas: [{ region: pulumi.output('a') }] }],
    ['an output that decides what is deleted', { shredOnDestroy: pulumi.output(false) }],
    ['a text that decides what is deleted', { shredOnDestroy: 'false' }],
    ['an output that is a key spec', { keySpec: pulumi.output('HMAC_256') }],
    ['an alarm that is a number', { alarm: 14, validFor: '90d' }],
    ['an alarm without days', { alarm: {}, validFor: '90d' }],
    ['one action that is no list', { alarm: { daysBefore: 1, actions: 'a' }, validFor: '90d' }],
    ['one target that is no list', { expirationEventTargets: 'arn' }],
    ['access as a promise', { access: Promise.resolve({}) }],
  ])('%s is refused', (_what, args) => {
    const given =
      args === undefined || Array.isArray(args) ? args : { materials: [material], ...args };
    expect(() => structureOf(given as ImportedKeyArgs)).toThrowWithCode('INPUT_INVALID');
  });

  it('26 materials are accepted, one more than the rotations', () => {
    expect(() => shape({ materials: Array(26).fill(material) })).not.toThrow();
  });

  it.each([
    ['SYMMETRIC_DEFAULT', undefined],
    ['HMAC_512', 'GENERATE_VERIFY_MAC'],
    ['ECC_NIST_P256', 'SIGN_VERIFY'],
  ] as const)('the usage of %s is %s', (keySpec, keyUsage) => {
    expect(shape({ keySpec }).keyUsage).toBe(keyUsage);
    expect(shape({ keySpec, keyUsage: 'KEY_AGREEMENT' }).keyUsage).toBe('KEY_AGREEMENT');
  });
});

describe('when a list of materials is compared with the one before', () => {
  it.each<[string, (string | null)[], (string | null)[]]>([
    ['an earlier one was removed', ['a', 'b'], ['b']],
    ['the first was removed and one appended', ['a', 'b'], ['b', 'c']],
    ['two changed places', ['a', 'b'], ['b', 'a']],
    ['one was put in front', ['a'], ['b', 'a']],
    ['the last was removed', ['a', 'b'], ['a']],
    ['one of unknown place was removed', [null, null], [null]],
  ])('%s is refused', (_what, before, after) => {
    expect(() => {
      assertAppended(before, after, true);
    }).toThrowWithCode('MATERIALS_NOT_APPENDED');
  });

  it.each<[string, (string | null)[], (string | null)[]]>([
    ['nothing changed', ['a', 'b'], ['a', 'b']],
    ['one was appended', ['a'], ['a', 'b']],
    ['the first list', [], ['a', 'b']],
    ['one comes from another place', ['a', 'b'], ['elsewhere', 'b']],
    ['an unknown place proves nothing', [null, 'b'], [null, 'b', null]],
  ])('%s is accepted', (_what, before, after) => {
    expect(() => {
      assertAppended(before, after, true);
    }).not.toThrow();
  });

  it('what was never rotated to may be taken back from the end', () => {
    expect(() => {
      assertAppended(['a', 'b'], ['a'], false);
    }).not.toThrow();
    expect(() => {
      assertAppended(['a', 'b'], ['b'], false);
    }).toThrowWithCode('MATERIALS_NOT_APPENDED');
  });
});

describe('when two materials of a list come from one place', () => {
  it('the list is refused, even if other materials are between them', () => {
    expect(() => {
      assertDistinctPlaces(['a', null, 'a']);
    }).toThrowWithCode('MATERIAL_REPEATED');
    expect(() => {
      assertDistinctPlaces(['a', null, null, 'b']);
    }).not.toThrow();
  });
});

describe('when the place of material is written down', () => {
  const identity = (source: object): Promise<string | null> =>
    new Promise((resolve) => sourceIdentity(source as never).apply(resolve));

  // The texts are in the state of users.
  const hash = 'e6f4d25d768df8f3baa691abd0948d25716020689d96e47586955e4c2327c928';
  const recorded: Readonly<Record<SourceKind, readonly [declared: object, text: string | null]>> = {
    inline: [{ inline: 'c2VjcmV0' }, null],
    file: [
      { file: 'a' },
      `{"file":"4600e4a95f2fc49f35fa508ada5e910da353a83277bd61f3135e9f08edc994a2"}`,
    ],
    env: [
      { env: 'a' },
      `{"env":"06d69e7677759e687c56906f24955df668b017211a21602b7d8f8871f732cef6"}`,
    ],
    wrapped: [
      { wrapped: { bundle: 'a', ciphertext: 'b', id: 'c' } },
      `{"wrapped":"4f648af814f4cc1fec4c23a61afa03d1d0429af23d335ab308747547770bc2d8"}`,
    ],
    pkcs11: [
      { pkcs11: { module: 'a', tokenLabel: 'b', keyLabel: 'c' } },
      `{"pkcs11":"ab3b4f9fc733776460bf45679bc37534ac15cb14aaeb832a322df2cb8abb7a16"}`,
    ],
    command: [{ command: ['a', 'hidden'] }, `{"command":"${hash}"}`],
    wrapCommand: [
      { wrapCommand: ['a', 'hidden'] },
      `{"wrapCommand":"87d3163195d6e093cd7e538d52b72ebffebc52e904c4782bdf4ad2cc1a93aaf9"}`,
    ],
    secretsManager: [
      { secretsManager: { secretId: 'a' } },
      `{"secretsManager":"6036a01815ce6eb9fb3844c1dced0f56a8c66f5bfb91237b320ea4f4c42b7913"}`,
    ],
    ssmParameter: [
      { ssmParameter: { name: 'a' } },
      `{"ssmParameter":"664d22a8ba62608c70260a2b55207dcd7cceb595292bc94dfb47c820b095c3f8"}`,
    ],
  };

  it.each(SOURCE_KINDS)('that of %s is the same text for ever', async (kind) => {
    const [declared, text] = recorded[kind];
    expect(await identity(declared)).toBe(text);
    expect(await identity({ ...declared, encoding: 'hex' })).toBe(text);
  });

  it('it distinguishes sources, and contains neither arguments of a command nor inline material', async () => {
    const sources = [
      { file: 'a' },
      { env: 'a' },
      { wrapped: { bundle: 'a', ciphertext: 'a', id: 'a' } },
      { wrapped: { bundle: 'a', ciphertext: 'b', id: 'a' } },
      { command: ['a', 'hidden'] },
      { command: ['a', 'other'] },
      { wrapCommand: ['a', 'hidden'] },
      { wrapCommand: ['a', 'other'] },
      { secretsManager: { secretId: 'a' } },
      { ssmParameter: { name: 'a' } },
    ];
    const found = await Promise.all(sources.map(identity));
    expect(new Set(found).size).toBe(sources.length);
    expect(found).not.toContain(null);
    expect(found.join()).not.toContain('hidden');
    expect(await identity({ inline: 'c2VjcmV0' })).toBeNull();
    expect(await identity('c2VjcmV0' as never)).toBeNull();
    expect(await identity({ encoding: 'hex' })).toBeNull();
  });

  it('the recorded identity is a secret for every kind of source', async () => {
    const isSecret = (source: object): Promise<boolean> =>
      (sourceIdentity(source as never) as unknown as { isSecret: Promise<boolean> }).isSecret;
    expect(await isSecret({ command: ['unseal', '--pin', '1234'] })).toBe(true);
    expect(await isSecret({ file: 'a' })).toBe(true);
  });
});
