import { POLICY, TAGS } from './shared/common-shapes';
import { notServed } from '../errors/kms-error';
import { generateMaterial } from '../keys/generate-material';
import { keyArn } from '../keys/key-arn';
import { keyMetadata } from '../keys/key-metadata';
import { assertPolicy, defaultKeyPolicy } from '../keys/key-policy';
import { keySpecFacts, type KeySpecFacts } from '../crypto/key-specs';
import { usageFor } from '../keys/key-usage';
import { materialId } from '../keys/material-id';
import type { Context } from '../keys/context';
import { operation } from './shared/operation';
import { randomUuid } from '../crypto/random';
import type { KeyRecord, MaterialRecord } from '../state/store';
import { withTags } from '../keys/tags';
import { importNotSupported } from '../errors/usage-errors';

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

const KEY_SPEC = {
  type: 'string',
  enum: [
    ...RECORDED_KEY_SPECS,
    'SM2',
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
    Description: { type: 'string', min: 0, max: 8192 },
    KeyUsage: {
      type: 'string',
      enum: [...RECORDED_KEY_USAGES, 'KEY_AGREEMENT', 'ENCAPSULATE_DECAPSULATE'],
      enumInMessage: RECORDED_KEY_USAGES,
    },
    CustomerMasterKeySpec: KEY_SPEC,
    KeySpec: KEY_SPEC,
    Origin: { type: 'string', enum: ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] },
    Tags: TAGS,
    MultiRegion: { type: 'boolean' },
  },
  async run(context, input) {
    const keySpec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
    const origin = input.Origin ?? 'AWS_KMS';
    // Documented for ML-DSA (importing-keys), inferred for ML-KEM, which no page lists as importable.
    if (origin === 'EXTERNAL' && keySpec.startsWith('ML_')) throw importNotSupported(keySpec);
    const facts = keySpecFacts(keySpec);
    if (facts === undefined) throw notServed(`KeySpec ${keySpec}`);
    const keyUsage = usageFor(keySpec, facts, input.KeyUsage);
    if (origin !== 'AWS_KMS' && origin !== 'EXTERNAL') throw notServed(`Origin ${origin}`);
    if (input.Policy !== undefined) assertPolicy(input.Policy);

    const { accountId, region } = context;
    const id = keyId(context, input.MultiRegion === true);
    const key: KeyRecord = {
      id,
      arn: keyArn(region, accountId, id),
      accountId,
      region,
      createdAt: context.now,
      origin,
      keySpec,
      keyUsage,
      description: input.Description ?? '',
      policy: input.Policy ?? defaultKeyPolicy(region, accountId),
      tags: withTags([], input.Tags ?? []),
      enabled: true,
      ...(input.MultiRegion === true
        ? { multiRegion: { primaryRegion: region, replicaRegions: [] } }
        : {}),
      ...(origin === 'EXTERNAL' ? { materials: [] } : await firstMaterial(context, id, facts)),
      rotationCount: 0,
    };
    context.store.addKey(key);
    return { KeyMetadata: keyMetadata(key) };
  },
});

/** Multi-Region keys are known by their ids (Developer Guide, multi-region-keys-overview). */
function keyId({ store }: Context, multiRegion: boolean): string {
  const uuid = randomUuid(store.random);
  return multiRegion ? `mrk-${uuid.replaceAll('-', '')}` : uuid;
}

/** AWS_KMS keys are born with a material that never leaves; EXTERNAL keys wait for an import. */
async function firstMaterial(
  { store, region }: Context,
  keyId: string,
  facts: KeySpecFacts,
): Promise<Pick<KeyRecord, 'materials' | 'currentMaterialId'>> {
  const { bytes, publicKey } = await generateMaterial(store.random, facts, region);
  const id = materialId(keyId, bytes);
  const material: MaterialRecord = {
    id,
    bytes: bytes.toString('base64'),
    ...(publicKey && { publicKey: publicKey.toString('base64') }),
    state: 'CURRENT',
  };
  return { materials: [material], currentMaterialId: id };
}
