import { SOURCE_KINDS, type SourceKind } from '../../src/domain/source-kinds';
import { declaredMaterial, sourceReference } from '../../src/material/source-schema';
import { declaredReference } from '../../src/provider/imported-key-material/material-input';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:root';

const PKCS11 = {
  module: '/lib/hsm.so',
  tokenLabel: 'one',
  tokenSerial: '1',
  slot: 2,
  keyLabel: 'root',
  keyId: '0a',
  pin: { env: 'HSM_PIN' },
  keyWrapMechanism: 0x210b,
  oaepHash: 'SHA_1',
  passEnvironment: ['HSM_CONF'],
};

/** Each source as a program declares it with all members that go together, and what state has of it. */
const DECLARED: Readonly<Record<SourceKind, readonly (readonly [object, object])[]>> = {
  inline: [[{ inline: 'AAAA' }, {}]],
  file: [[{ file: 'key.bin' }, { file: 'key.bin' }]],
  env: [[{ env: 'ROOT_KEY' }, { env: 'ROOT_KEY' }]],
  wrapped: [
    [
      { wrapped: { bundle: 'a.json', ciphertext: 'a.bin', id: 'ab'.repeat(32) } },
      { bundle: 'a.json', ciphertext: 'a.bin', id: 'ab'.repeat(32) },
    ],
  ],
  pkcs11: [[{ pkcs11: PKCS11 }, PKCS11]],
  command: [[{ command: ['cat', 'key'], passEnvironment: ['HOME'] }, { program: 'cat' }]],
  wrapCommand: [[{ wrapCommand: ['hsm', 'wrap'], passEnvironment: ['HOME'] }, { program: 'hsm' }]],
  secretsManager: [
    [
      { secretsManager: { secretId: ARN, versionId: '1a', jsonKey: 'key', region: 'eu-west-1' } },
      { secretId: ARN, versionId: '1a', jsonKey: 'key', region: 'eu-west-1' },
    ],
    [
      { secretsManager: { secretId: ARN, versionStage: 'AWSPREVIOUS' } },
      { secretId: ARN, versionStage: 'AWSPREVIOUS' },
    ],
  ],
  ssmParameter: [
    [
      { ssmParameter: { name: '/root', version: 2, region: 'eu-west-1' } },
      { name: '/root', version: 2, region: 'eu-west-1' },
    ],
  ],
};

it.each(SOURCE_KINDS.flatMap((kind) => DECLARED[kind].map((row) => [kind, ...row] as const)))(
  'every member of %s is taken, and state has it',
  (kind, declared, members) => {
    const reference = declaredReference(kind, declaredMaterial.parse(declared));
    expect(reference).toMatchObject({ kind, ...members });
    expect(sourceReference.parse(reference)).toEqual(reference);
  },
);
