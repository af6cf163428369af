import { ReplicateKeyCommand } from '@aws-sdk/client-kms';
import { setTimeout as delay } from 'node:timers/promises';

import {
  completeNewKey,
  describe,
  failure,
  KEY_ATTRIBUTES,
  keyLife,
  keyOutputs,
  tagList,
} from './key';
import { sameKeyReference } from './compare';
import {
  Incomplete,
  type ExistingTarget,
  type Found,
  type Target,
  type ResourceType,
} from './resource';

const NOUN = 'KMS Replica External Key';
const CREATION_POLLS = 600;
const POLL_MILLISECONDS = 200;

/** `aws.kms.ReplicaExternalKey`. */
export const replicaExternalKey: ResourceType = {
  attributes: {
    ...KEY_ATTRIBUTES,
    primaryKeyArn: { required: true, forceNew: true },
  },
  computed: ['arn', 'enabled', 'expirationModel', 'keyId', 'keyState', 'keyUsage', 'policy'],

  async create(target) {
    const { aws, region, inputs } = target;
    const id = await replicate(target).catch((error: unknown) => {
      throw failure(`creating ${NOUN}`, error);
    });
    const client = aws.kms(region);
    try {
      for (let poll = 0; (await describe(client, id))?.KeyState === 'Creating'; poll += 1) {
        if (poll === CREATION_POLLS)
          throw new Error('timeout while waiting for state to become ready');
        await delay(POLL_MILLISECONDS);
      }
      await completeNewKey(client, id, inputs);
    } catch (error) {
      throw new Incomplete(
        { id, outputs: { ...inputs, region } },
        failure(`waiting for ${NOUN} (${id}) create`, error),
      );
    }
    const found = await readReplica({ ...target, id, outputs: inputs });
    if (found === undefined) throw new Error(`creating ${NOUN} (${id}): not found`);
    return found;
  },

  ...keyLife(NOUN, readReplica),
};

async function replicate({ aws, region, inputs }: Target): Promise<string> {
  const primary = (inputs.primaryKeyArn as string).split(':');
  const primaryRegion = primary[3];
  if (primaryRegion === undefined) throw new Error('primaryKeyArn is not an ARN');
  const { ReplicaKeyMetadata } = await aws.kms(primaryRegion).send(
    new ReplicateKeyCommand({
      KeyId: primary[5]?.split('/')[1],
      ReplicaRegion: region,
      Description: typeof inputs.description === 'string' ? inputs.description : '',
      Tags: tagList(inputs.tags),
      ...(inputs.policy === undefined ? {} : { Policy: inputs.policy as string }),
    }),
  );
  return ReplicaKeyMetadata?.KeyId ?? '';
}

async function readReplica({
  aws,
  region,
  id,
  outputs,
}: ExistingTarget): Promise<Found | undefined> {
  const client = aws.kms(region);
  const metadata = await describe(client, id);
  if (metadata === undefined) return undefined;
  const { MultiRegionConfiguration } = metadata;
  if (MultiRegionConfiguration?.MultiRegionKeyType !== 'REPLICA') {
    throw new Error(`${NOUN} (${id}) is not a multi-Region replica key`);
  }
  const arn = MultiRegionConfiguration.PrimaryKey?.Arn ?? '';
  const given = outputs.primaryKeyArn;
  const shared = await keyOutputs(client, region, metadata, outputs);
  return {
    id,
    outputs: {
      ...shared,
      keyId: id,
      primaryKeyArn: typeof given === 'string' && sameKeyReference(given, arn) ? given : arn,
    },
  };
}
