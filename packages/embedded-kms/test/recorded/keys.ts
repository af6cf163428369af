import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  ReplicateKeyCommand,
  TagResourceCommand,
  type CreateKeyCommandInput,
  type Tag,
} from '@aws-sdk/client-kms';
import { clientFor, createKey, HOUR, REGION, type World } from '../support/world';
import { answered, type Attempt, type Replays } from './replay';

const UNKNOWN_ID = '134f2428-cec1-4b25-a1ae-9048164dba47';
const UNKNOWN_MRK = 'mrk-d3b95762d3b95762d3b95762d3b95762';
const arnOf = (id: string, region = REGION) => `arn:aws:kms:${region}:111122223333:key/${id}`;

const describeKey = (world: World, KeyId: string, region = REGION) =>
  clientFor(world.kms, { region }).send(new DescribeKeyCommand({ KeyId }));

const creation =
  (input: object) =>
  ({ client }: World): Attempt => ({
    call: () => client.send(new CreateKeyCommand(input as CreateKeyCommandInput)),
  });

const tagging = (Tags: Tag[]) => async (world: World) => {
  const { KeyId } = await createKey(world);
  return { call: () => world.client.send(new TagResourceCommand({ KeyId, Tags })) };
};

const lookUp =
  (id: string, arn = arnOf(id)) =>
  (world: World): Attempt => ({ call: () => describeKey(world, id), arn });

/** A primary key with a replica in us-west-2 that is ready. */
async function replicated(world: World) {
  const { KeyId } = await createKey(world, { MultiRegion: true });
  await world.client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'us-west-2' }));
  world.clock.advance(HOUR);
  return KeyId;
}

/** Finding, creating, tagging, naming and replicating keys. */
export const KEY_REPLAYS: Replays = {
  'test_get_key_in_different_region/describe-key-diff-region-with-id': answered(
    'NotFoundException',
    "Key 'arn:<partition>:kms:<region>:111111111111:key/<key-id:1>' does not exist",
    async (world) => {
      const { KeyId } = await createKey(world);
      const region = 'us-west-2';
      return { call: () => describeKey(world, KeyId, region), arn: arnOf(KeyId, region) };
    },
  ),
  'test_get_key_in_different_region/describe-key-diff-region-with-arn': answered(
    'NotFoundException',
    'Invalid arn <secondary-region>',
    async (world) => {
      const { Arn } = await createKey(world);
      return { call: () => describeKey(world, Arn, 'us-west-2'), region: REGION };
    },
  ),
  'test_get_key_does_not_exist/describe-nonexistent-key-with-id': answered(
    'NotFoundException',
    "Key '<key-arn>' does not exist",
    lookUp(UNKNOWN_ID),
  ),
  'test_get_key_does_not_exist/describe-nonexistent-with-arn': answered(
    'NotFoundException',
    "Key '<key-arn>' does not exist",
    lookUp(arnOf(UNKNOWN_ID), arnOf(UNKNOWN_ID)),
  ),
  'test_get_key_does_not_exist/describe-key-with-valid-id-mrk': answered(
    'NotFoundException',
    "Key '<mrk-key-arn>' does not exist",
    lookUp(UNKNOWN_MRK),
  ),
  'test_get_key_invalid_uuid/describe-key-with-invalid-uuid': answered(
    'NotFoundException',
    "Invalid keyId 'fake-key-id'",
    lookUp('fake-key-id'),
  ),
  'test_get_key_invalid_uuid/describe-key-with-invalid-uuid-2': answered(
    'NotFoundException',
    "Invalid keyId '134f2428cec14b25a1ae9048164dba47'",
    lookUp('134f2428cec14b25a1ae9048164dba47'),
  ),
  'test_get_key_invalid_uuid/describe-key-with-invalid-uuid-mrk': answered(
    'NotFoundException',
    "Invalid keyId 'mrk-fake-key-id'",
    lookUp('mrk-fake-key-id'),
  ),
  'test_replicate_key/describe-key-from-different-region': answered(
    'NotFoundException',
    "Key 'arn:<partition>:kms:ap-southeast-1:111111111111:key/<key-id:1>' does not exist",
    async (world) => {
      const { KeyId } = await createKey(world, { MultiRegion: true });
      const region = 'ap-southeast-1';
      return { call: () => describeKey(world, KeyId, region), arn: arnOf(KeyId, region) };
    },
  ),
  'test_replicate_replica_key_should_fail/fail-replicate-non-primary-key': answered(
    'UnsupportedOperationException',
    '<mrk-key-arn> is not a multi-region primary key.',
    async (world) => {
      const KeyId = await replicated(world);
      const client = clientFor(world.kms, { region: 'us-west-2' });
      return {
        call: () => client.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' })),
        arn: arnOf(KeyId, 'us-west-2'),
      };
    },
  ),
  'test_create_alias/create_alias': answered(
    'ValidationException',
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    async (world) => {
      const { KeyId } = await createKey(world);
      const request = { AliasName: 'no-prefix', TargetKeyId: KeyId };
      return { call: () => world.client.send(new CreateAliasCommand(request)) };
    },
  ),
  'test_hmac_create_key_invalid_operations/create-hmac-key-without-key-usage': answered(
    'ValidationException',
    'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    creation({ KeySpec: 'HMAC_256' }),
  ),
  'test_hmac_create_key_invalid_operations/create-hmac-key-invalid-spec': answered(
    'ValidationException',
    "1 validation error detected: Value 'HMAC_random' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072, ECC_SECG_P256K1, RSA_4096, SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512]",
    creation({ KeySpec: 'HMAC_random', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  ),
  'test_hmac_create_key_invalid_operations/create-hmac-key-invalid-key-usage': answered(
    'ValidationException',
    "1 validation error detected: Value 'RANDOM' at 'keyUsage' failed to satisfy constraint: Member must satisfy enum value set: [ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC]",
    creation({ KeySpec: 'HMAC_256', KeyUsage: 'RANDOM' }),
  ),
  'test_derive_shared_secret/response-invalid-key-spec': answered(
    'ValidationException',
    'KeyUsage KEY_AGREEMENT is not compatible with KeySpec RSA_2048',
    creation({ KeySpec: 'RSA_2048', KeyUsage: 'KEY_AGREEMENT' }),
  ),
  'test_create_key_with_too_many_tags_raises_error/invalid-tag-key': answered(
    'TagException',
    'Too many tags',
    creation({ Tags: Array.from({ length: 51 }, (_, n) => ({ TagKey: `k${n}`, TagValue: '' })) }),
  ),
  'test_key_with_long_tag_value_raises_error/too-long-tag-value': answered(
    'ValidationException',
    `1 validation error detected: Value '${'v'.repeat(257)}' at 'tags.1.member.tagValue' failed to satisfy constraint: Member must have length less than or equal to 256`,
    creation({ Tags: [{ TagKey: 'k', TagValue: 'v'.repeat(257) }] }),
  ),
  'test_create_key_with_invalid_tag_key[lowercase_prefix]/invalid-tag-key': answered(
    'TagException',
    'Tags beginning with aws: are reserved',
    creation({ Tags: [{ TagKey: 'aws:k', TagValue: '' }] }),
  ),
  'test_create_key_with_invalid_tag_key[uppercase_prefix]/invalid-tag-key': answered(
    'TagException',
    'Tags beginning with aws: are reserved',
    creation({ Tags: [{ TagKey: 'AWS:k', TagValue: '' }] }),
  ),
  'test_create_key_with_invalid_tag_key[too_long_key]/invalid-tag-key': answered(
    'ValidationException',
    `1 validation error detected: Value '${'a'.repeat(129)}' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128`,
    creation({ Tags: [{ TagKey: 'a'.repeat(129), TagValue: '' }] }),
  ),
  'test_tag_key_with_duplicate_tag_keys_raises_error/duplicate-tag-keys': answered(
    'TagException',
    'Duplicate tag keys',
    tagging([
      { TagKey: 'a', TagValue: '1' },
      { TagKey: 'a', TagValue: '2' },
    ]),
  ),
  'test_tag_existing_key_with_invalid_tag_key/invalid-tag-key': answered(
    'TagException',
    'Tags beginning with aws: are reserved',
    tagging([{ TagKey: 'aws:key', TagValue: '' }]),
  ),
};
