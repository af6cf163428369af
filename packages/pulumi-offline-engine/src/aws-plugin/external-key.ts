import { CreateKeyCommand, type KeySpec, type KeyUsageType } from '@aws-sdk/client-kms';

import {
  completeNewKey,
  describe,
  failure,
  KEY_ATTRIBUTES,
  keyLife,
  keyOutputs,
  tagList,
} from './key';
import { Incomplete, type ExistingTarget, type Found, type ResourceType } from './resource';

const NOUN = 'KMS External Key';

/** `aws.kms.ExternalKey`. */
export const externalKey: ResourceType = {
  attributes: {
    ...KEY_ATTRIBUTES,
    // Never read back, so adding it to a key that was imported or created without it replaces the key.
    keySpec: { forceNew: true, computed: true },
    keyUsage: { forceNew: true, computed: true },
    multiRegion: { forceNew: true, computed: true },
  },
  computed: ['arn', 'enabled', 'expirationModel', 'keyState', 'keyUsage', 'multiRegion', 'policy'],

  async create({ aws, region, inputs }) {
    const client = aws.kms(region);
    const { KeyMetadata } = await client
      .send(
        new CreateKeyCommand({
          Origin: 'EXTERNAL',
          Description: typeof inputs.description === 'string' ? inputs.description : '',
          MultiRegion: inputs.multiRegion === true,
          Tags: tagList(inputs.tags),
          ...(inputs.keySpec === undefined ? {} : { KeySpec: inputs.keySpec as KeySpec }),
          ...(inputs.keyUsage === undefined ? {} : { KeyUsage: inputs.keyUsage as KeyUsageType }),
          ...(inputs.policy === undefined ? {} : { Policy: inputs.policy as string }),
        }),
      )
      .catch((error: unknown) => {
        throw failure(`creating ${NOUN}`, error);
      });
    const id = KeyMetadata?.KeyId ?? '';
    try {
      await completeNewKey(client, id, inputs);
    } catch (error) {
      // The key exists. The real provider records it as a resource to be replaced.
      throw new Incomplete(
        { id, outputs: { ...inputs, region, arn: KeyMetadata?.Arn ?? '' } },
        failure(`importing ${NOUN} (${id}) material`, error),
      );
    }
    const found = await readKey({ aws, region, name: '', inputs, id, outputs: inputs });
    if (found === undefined) throw new Error(`creating ${NOUN} (${id}): not found`);
    return found;
  },

  ...keyLife(NOUN, readKey),
};

async function readKey({ aws, region, id, outputs }: ExistingTarget): Promise<Found | undefined> {
  const client = aws.kms(region);
  const metadata = await describe(client, id);
  if (metadata === undefined) return undefined;
  const { KeyManager, Origin, MultiRegionConfiguration } = metadata;
  if (KeyManager !== 'CUSTOMER') {
    throw new Error(`${NOUN} (${id}) has invalid KeyManager: ${String(KeyManager)}`);
  }
  if (Origin !== 'EXTERNAL') throw new Error(`${NOUN} (${id}) has invalid Origin: ${Origin ?? ''}`);
  if (metadata.MultiRegion === true && MultiRegionConfiguration?.MultiRegionKeyType !== 'PRIMARY') {
    throw new Error(`${NOUN} (${id}) is not a multi-Region primary key`);
  }
  const shared = await keyOutputs(client, region, metadata, outputs);
  return { id, outputs: { ...shared, multiRegion: metadata.MultiRegion ?? false } };
}
