import { KmsError } from '../src/errors/kms-error';
import { assertAllowed, keyState, type KeyOperation, type KeyState } from '../src/keys/key-state';
import { KMS_OPERATIONS } from '../src/operations/registry';
import type { KeyRecord } from '../src/state/records';

/** Operations that find no key by its state. */
const WITHOUT_ROW = [
  'ConnectCustomKeyStore',
  'CreateCustomKeyStore',
  'CreateKey',
  'DeleteAlias',
  'DeleteCustomKeyStore',
  'DescribeCustomKeyStores',
  'DisconnectCustomKeyStore',
  'GenerateRandom',
  'ListKeys',
  'ListRetirableGrants',
  'UpdateCustomKeyStore',
];

const OPERATIONS = [...KMS_OPERATIONS.keys()].filter((name) => !WITHOUT_ROW.includes(name));

const IMPORT = ['DeleteImportedKeyMaterial', 'GetParametersForImport', 'ImportKeyMaterial'];
const SWITCHING = ['DisableKey', 'EnableKey'];
const ROTATION = ['DisableKeyRotation', 'EnableKeyRotation'];
const MANAGEMENT = [
  'CreateAlias',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
];
const USE = [
  'CreateGrant',
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'ReEncrypt',
  'ReplicateKey',
  'RotateKeyOnDemand',
  'Sign',
  'UpdatePrimaryRegion',
  'Verify',
  'VerifyMac',
];

const DISABLED = 'DisabledException';
const STATE = 'KMSInvalidStateException';
const UNSUPPORTED = 'UnsupportedOperationException';

type Refused = Readonly<Record<string, readonly string[]>>;

const PENDING_DELETION: Refused = {
  [STATE]: [
    ...['GetParametersForImport', 'ImportKeyMaterial', 'GetPublicKey', 'ScheduleKeyDeletion'],
    ...SWITCHING,
    ...ROTATION,
    ...MANAGEMENT,
    ...USE,
  ],
};

/** By hand from AWS's table (Developer Guide, key-state), for EXTERNAL keys; what is not named is allowed. */
const REFUSED: Readonly<Record<KeyState, Refused>> = {
  Enabled: { [STATE]: ['CancelKeyDeletion'] },
  Disabled: { [STATE]: ['CancelKeyDeletion'], [DISABLED]: [...ROTATION, ...USE] },
  PendingDeletion: PENDING_DELETION,
  PendingReplicaDeletion: PENDING_DELETION,
  PendingImport: {
    [STATE]: ['CancelKeyDeletion', ...SWITCHING, ...USE],
    [UNSUPPORTED]: ['GetKeyRotationStatus', ...ROTATION],
  },
  Creating: {
    [STATE]: ['CancelKeyDeletion', 'GetPublicKey', ...IMPORT, ...SWITCHING, ...ROTATION, ...USE],
  },
  Updating: {
    [STATE]: [
      ...['CancelKeyDeletion', 'DeleteImportedKeyMaterial', 'GetParametersForImport'],
      ...['ReplicateKey', 'ScheduleKeyDeletion'],
      ...SWITCHING,
    ],
  },
};

const ENABLED = {
  arn: 'arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
  origin: 'EXTERNAL',
  enabled: true,
  currentMaterialId: 'a',
  materials: [{ id: 'a', bytes: 'AA==', state: 'CURRENT' }],
} as unknown as KeyRecord;

const KEYS: Readonly<Record<KeyState, KeyRecord>> = {
  Enabled: ENABLED,
  Disabled: { ...ENABLED, enabled: false },
  PendingDeletion: { ...ENABLED, deletion: { at: 1, windowInDays: 7 } },
  PendingReplicaDeletion: { ...ENABLED, deletion: { at: undefined, windowInDays: 7 } },
  PendingImport: { ...ENABLED, currentMaterialId: undefined, materials: [] },
  Creating: { ...ENABLED, transition: { state: 'Creating', until: 1 } },
  Updating: { ...ENABLED, transition: { state: 'Updating', until: 1 } },
};

/** The type of the error of an operation. */
function refusal(key: KeyRecord, operation: string): string | undefined {
  try {
    assertAllowed(key, operation as KeyOperation);
    return undefined;
  } catch (error) {
    if (!(error instanceof KmsError)) throw error;
    return error.type;
  }
}

describe.each(Object.entries(KEYS))('when a key is %s', (state, key) => {
  it.each(OPERATIONS)('%s is allowed or refused as the key-state table says', (operation) => {
    expect(keyState(key)).toBe(state);
    const refused = Object.entries(REFUSED[state as KeyState]);
    const expected = refused.find(([, operations]) => operations.includes(operation))?.[0];
    expect(refusal(key, operation)).toBe(expected);
  });
});

describe.each(['Enabled', 'Disabled', 'PendingDeletion'] as const)(
  'when a key of origin AWS_KMS is %s',
  (state) => {
    it.each(IMPORT)('%s is not for its origin', (operation) => {
      expect(refusal({ ...KEYS[state], origin: 'AWS_KMS' }, operation)).toBe(UNSUPPORTED);
    });
  },
);
