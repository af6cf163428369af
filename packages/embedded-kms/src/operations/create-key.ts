import { randomUuid, type RandomBytes } from '../crypto/random';
import { importNotSupported, twoKeySpecs } from '../errors/usage-errors';
import { firstMaterial } from '../keys/generate-material';
import { keyMetadata } from '../keys/key-metadata';
import { usageFor } from '../keys/key-usage';
import { newKey } from '../keys/new-key';
import { callerIdentity } from '../keys/caller-identity';
import { assertHasPrimitive, servedSpec } from '../keys/served-spec';
import { BYPASS, DESCRIPTION, POLICY, TAGS } from './shared/common-shapes';
import { CUSTOM_KEY_STORE_ID, refuseCustomKeyStore } from './shared/custom-key-store';
import { operation } from './shared/operation';

// In the order of the 2023-04-13 recordings, newer values after them.
const RECORDED_KEY_SPECS = [
  'RSA_2048',
  'ECC_NIST_P384',
  'ECC_NIST_P256',
  'ECC_NIST_P521',
  'HMAC_384',
  'RSA_3072',
  'ECC_SECG_P256K1',
  'RSA_4096',
  'SYMMETRIC_DEFAULT',
  'HMAC_256',
  'HMAC_224',
  'HMAC_512',
] as const;
const RECORDED_KEY_USAGES = ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'GENERATE_VERIFY_MAC'] as const;

// The deprecated member has no newer values (the service model).
const CUSTOMER_MASTER_KEY_SPEC = {
  type: 'string',
  enum: [...RECORDED_KEY_SPECS, 'SM2'],
  enumInMessage: RECORDED_KEY_SPECS,
} as const;

const KEY_SPEC = {
  type: 'string',
  enum: [
    ...CUSTOMER_MASTER_KEY_SPEC.enum,
    'ML_DSA_44',
    'ML_DSA_65',
    'ML_DSA_87',
    'ECC_NIST_EDWARDS25519',
    'ML_KEM_512',
    'ML_KEM_768',
    'ML_KEM_1024',
  ],
  enumInMessage: RECORDED_KEY_SPECS,
} as const;

/** CreateKey, of origin EXTERNAL or AWS_KMS. It is not idempotent, as in AWS. */
export const createKey = operation({
  types: {
    Policy: POLICY,
    BypassPolicyLockoutSafetyCheck: BYPASS,
    Description: DESCRIPTION,
    KeyUsage: {
      type: 'string',
      enum: [...RECORDED_KEY_USAGES, 'KEY_AGREEMENT', 'ENCAPSULATE_DECAPSULATE'],
      enumInMessage: RECORDED_KEY_USAGES,
    },
    CustomerMasterKeySpec: CUSTOMER_MASTER_KEY_SPEC,
    KeySpec: KEY_SPEC,
    Origin: { type: 'string', enum: ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] },
    Tags: TAGS,
    MultiRegion: { type: 'boolean' },
    CustomKeyStoreId: CUSTOM_KEY_STORE_ID,
    XksKeyId: { type: 'string', min: 1, max: 128, pattern: '^[a-zA-Z0-9-_.]+$' },
  },
  async run(context, input) {
    if (input.KeySpec !== undefined && input.CustomerMasterKeySpec !== undefined) {
      throw twoKeySpecs();
    }
    const keySpec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
    const origin = input.Origin ?? 'AWS_KMS';
    // Documented for ML-DSA (importing-keys), inferred for ML-KEM, which no page lists as importable.
    if (origin === 'EXTERNAL' && keySpec.startsWith('ML_')) throw importNotSupported(keySpec);
    const facts = servedSpec('KeySpec', keySpec);
    const keyUsage = usageFor(keySpec, facts, input.KeyUsage);
    refuseCustomKeyStore(origin, input);

    const { accountId, region, store } = context;
    const id = keyId(store.random, input.MultiRegion === true);
    const key = newKey(
      {
        id,
        accountId,
        region,
        createdAt: context.now,
        origin,
        keySpec,
        keyUsage,
        ...(input.MultiRegion === true && {
          multiRegion: { primaryRegion: region, replicaRegions: [] },
        }),
        materials: [],
        rotationCount: 0,
      },
      input,
      callerIdentity(context),
    );
    assertHasPrimitive('KeySpec', keySpec);
    if (origin === 'AWS_KMS') {
      const material = await firstMaterial(store.random, id, facts, region);
      key.materials = [material];
      key.currentMaterialId = material.id;
    }
    store.addKey(key);
    return { KeyMetadata: keyMetadata(key) };
  },
});

/** Multi-Region keys are known by their ids (Developer Guide, multi-region-keys-overview). */
function keyId(random: RandomBytes, multiRegion: boolean): string {
  const uuid = randomUuid(random);
  return multiRegion ? `mrk-${uuid.replaceAll('-', '')}` : uuid;
}
