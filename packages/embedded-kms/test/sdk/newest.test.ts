import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sdk from '@aws-sdk/client-kms';
import { keySpecFacts } from '../../src/crypto/key-specs';
import { KMS_OPERATIONS } from '../../src/operations/registry';
import type { Members, Shape } from '../../src/operations/shared/shape';
import { sourceFiles } from '../support/source-files';
import { NOT_SERVED } from './not-served';

/** A structure as the SDK describes it: names of members at 4, and their schemas at 5. */
type Structure = readonly [number, string, string, unknown, readonly string[], readonly unknown[]];

const EXPORTS = sdk as unknown as Readonly<Record<string, unknown>>;

const OPERATIONS = Object.keys(EXPORTS)
  .filter((name) => name.endsWith('Command') && !name.startsWith('$'))
  .map((name) => name.slice(0, -'Command'.length));

/** AWS's enums: objects from each value to itself. */
const ENUMS = new Map(
  Object.entries(EXPORTS).flatMap(([name, value]) => {
    if (typeof value !== 'object' || value === null) return [];
    const entries = Object.entries(value as Readonly<Record<string, unknown>>);
    if (!entries.every(([key, text]) => key === text)) return [];
    return [[name, entries.map(([key]) => key)] as const];
  }),
);

/** In the service model of botocore already, and not yet in this SDK. */
const NEWER: ReadonlySet<string> = new Set(['ListKeys.ResourceOwners']);

const listed = new Set(NOT_SERVED.flatMap(({ members = [] }) => members));
const listedValues = new Set(
  NOT_SERVED.flatMap(({ values = [] }) => values).flatMap((value) => {
    const [name = '', member] = value.split('.');
    return member === '*' ? ENUMS.get(name)!.map((each) => `${name}.${each}`) : [value];
  }),
);

/** The members of a request with those of its structures: `CreateGrant.Constraints.SourceArn`. */
function membersOf([, , , , names, schemas]: Structure, path: string): string[] {
  return names.flatMap((name, index) => {
    const own = `${path}.${name}`;
    const nested = resolve(schemas[index]);
    // The members of what is refused as a whole are no members to serve.
    if (nested === undefined || listed.has(own)) return [own];
    return [own, ...membersOf(nested, own)];
  });
}

/** The structure behind a schema: itself, of a list or of a sparse reference. */
function resolve(schema: unknown): Structure | undefined {
  const known = typeof schema === 'function' ? (schema as () => unknown)() : schema;
  if (!Array.isArray(known)) return undefined;
  const [kind] = known as readonly unknown[];
  if (kind === 3) return known as unknown as Structure;
  return kind === 1 ? resolve(known[4]) : resolve(known[0]);
}

function served(members: Members, path: string): string[] {
  return Object.entries(members).flatMap(([name, shape]) => [
    `${path}.${name}`,
    ...servedIn(shape, `${path}.${name}`),
  ]);
}

function servedIn(shape: Shape, path: string): string[] {
  if (shape.type === 'list') return servedIn(shape.member, path);
  return shape.type === 'structure' ? served(shape.members, path) : [];
}

/** Where requests have an enum. The others are only in answers. */
const IN_REQUESTS: Readonly<Record<string, readonly string[]>> = {
  AlgorithmSpec: ['GetParametersForImport.WrappingAlgorithm'],
  CustomKeyStoreType: ['CreateCustomKeyStore.CustomKeyStoreType'],
  CustomerMasterKeySpec: ['CreateKey.CustomerMasterKeySpec'],
  DataKeyPairSpec: [
    'GenerateDataKeyPair.KeyPairSpec',
    'GenerateDataKeyPairWithoutPlaintext.KeyPairSpec',
  ],
  DataKeySpec: ['GenerateDataKey.KeySpec', 'GenerateDataKeyWithoutPlaintext.KeySpec'],
  DryRunModifierType: ['Decrypt.DryRunModifiers', 'ReEncrypt.DryRunModifiers'],
  EncapsulationAlgorithmSpec: [
    'Encapsulate.EncapsulationAlgorithm',
    'Decapsulate.EncapsulationAlgorithm',
  ],
  EncryptionAlgorithmSpec: [
    'Encrypt.EncryptionAlgorithm',
    'Decrypt.EncryptionAlgorithm',
    'ReEncrypt.SourceEncryptionAlgorithm',
    'ReEncrypt.DestinationEncryptionAlgorithm',
  ],
  ExpirationModelType: ['ImportKeyMaterial.ExpirationModel'],
  GrantOperation: ['CreateGrant.Operations'],
  ImportType: ['ImportKeyMaterial.ImportType'],
  IncludeKeyMaterial: ['ListKeyRotations.IncludeKeyMaterial'],
  KeyAgreementAlgorithmSpec: ['DeriveSharedSecret.KeyAgreementAlgorithm'],
  KeySpec: ['CreateKey.KeySpec'],
  KeyUsageType: ['CreateKey.KeyUsage'],
  MacAlgorithmSpec: ['GenerateMac.MacAlgorithm', 'VerifyMac.MacAlgorithm'],
  MessageType: ['Sign.MessageType', 'Verify.MessageType'],
  OriginType: ['CreateKey.Origin'],
  SigningAlgorithmSpec: ['Sign.SigningAlgorithm', 'Verify.SigningAlgorithm'],
  WrappingKeySpec: ['GetParametersForImport.WrappingKeySpec'],
  XksProxyConnectivityType: [
    'CreateCustomKeyStore.XksProxyConnectivity',
    'UpdateCustomKeyStore.XksProxyConnectivity',
  ],
};

function enumAt(place: string): readonly string[] {
  const [operation = '', member = ''] = place.split('.');
  const shape = KMS_OPERATIONS.get(operation)!.types[member]!;
  const text = shape.type === 'list' ? shape.member : shape;
  return (text.type === 'string' ? text.enum : undefined) ?? [];
}

const SOURCE = sourceFiles(join(__dirname, '..', '..', 'src'))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe('when the server is compared with the installed SDK', () => {
  it('serves every operation', () => {
    expect(OPERATIONS.length).toBeGreaterThan(55);
    expect([...KMS_OPERATIONS.keys()].sort()).toEqual(OPERATIONS.sort());
  });

  it.each(OPERATIONS)('reads every member of %s that is not listed as not served', (operation) => {
    const request = EXPORTS[`${operation}Request$`] as Structure;
    const known = served(KMS_OPERATIONS.get(operation)!.types, operation);
    const missing = membersOf(request, operation).filter((member) => !known.includes(member));
    expect(missing.filter((member) => !listed.has(member))).toEqual([]);
    const invented = known.filter((member) => !membersOf(request, operation).includes(member));
    expect(invented.filter((member) => !NEWER.has(member))).toEqual([]);
  });

  it.each([...ENUMS.keys()])('knows every value of %s that is not listed as not served', (name) => {
    const values = ENUMS.get(name)!;
    const places = IN_REQUESTS[name];
    const unknown =
      places === undefined
        ? values.filter((value) => !SOURCE.includes(`'${value}'`))
        : values.filter((value) => places.some((place) => !enumAt(place).includes(value)));
    expect(unknown.filter((value) => !listedValues.has(`${name}.${value}`))).toEqual([]);
  });

  it.each([
    ['KeySpec', 'CreateKey.KeySpec'],
    ['CustomerMasterKeySpec', 'CreateKey.CustomerMasterKeySpec'],
    ['DataKeyPairSpec', 'GenerateDataKeyPair.KeyPairSpec'],
  ])('makes keys of every %s that is not listed as not served', (name, place) => {
    const unlisted = enumAt(place).filter((value) => !listedValues.has(`${name}.${value}`));
    expect(unlisted.filter((value) => keySpecFacts(value) === undefined)).toEqual([]);
  });

  it('lists nothing that the SDK does not know', () => {
    const members = new Set(
      OPERATIONS.flatMap((name) => membersOf(EXPORTS[`${name}Request$`] as Structure, name)),
    );
    expect([...listed].filter((member) => !members.has(member))).toEqual([]);
    const values = new Set(
      [...ENUMS].flatMap(([name, each]) => each.map((value) => `${name}.${value}`)),
    );
    expect([...listedValues].filter((value) => !values.has(value))).toEqual([]);
    expect(Object.keys(IN_REQUESTS).filter((name) => !ENUMS.has(name))).toEqual([]);
  });
});
