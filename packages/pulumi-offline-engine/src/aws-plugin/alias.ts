import {
  CreateAliasCommand,
  DeleteAliasCommand,
  paginateListAliases,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';

import { sameKeyReference } from './compare';
import { failure } from './key';
import { physicalName } from './physical-name';
import type { ExistingTarget, Found, ResourceType } from './resource';

/** `aws.kms.Alias`. */
export const alias: ResourceType = {
  attributes: {
    name: { forceNew: true, computed: true },
    namePrefix: { forceNew: true, computed: true },
    region: { forceNew: true, computed: true },
    targetKeyId: { required: true, means: sameKeyReference },
  },
  computed: ['arn', 'name', 'targetKeyArn'],

  async create(target) {
    const { aws, region, inputs } = target;
    const name = physicalName(target, 'alias/');
    const TargetKeyId = inputs.targetKeyId as string;
    await aws
      .kms(region)
      .send(new CreateAliasCommand({ AliasName: name, TargetKeyId }))
      .catch((error: unknown) => {
        throw failure(`creating KMS Alias (${name})`, error);
      });
    const found = await readAlias({ ...target, id: name, outputs: inputs });
    if (found === undefined) throw new Error(`creating KMS Alias (${name}): not found`);
    return found;
  },

  read: readAlias,

  async update(target) {
    const { aws, region, id, inputs } = target;
    const TargetKeyId = inputs.targetKeyId as string;
    await aws.kms(region).send(new UpdateAliasCommand({ AliasName: id, TargetKeyId }));
    const found = await readAlias({ ...target, outputs: inputs });
    if (found === undefined) throw new Error(`updating KMS Alias (${id}): not found`);
    return found.outputs;
  },

  async delete({ aws, region, id }) {
    try {
      await aws.kms(region).send(new DeleteAliasCommand({ AliasName: id }));
    } catch (error) {
      if ((error as Error).name !== 'NotFoundException') throw error;
    }
  },
};

async function readAlias({ aws, region, id, outputs }: ExistingTarget): Promise<Found | undefined> {
  for await (const { Aliases = [] } of paginateListAliases({ client: aws.kms(region) }, {})) {
    const entry = Aliases.find(({ AliasName }) => AliasName === id);
    if (entry === undefined) continue;
    const arn = entry.AliasArn ?? '';
    const target = entry.TargetKeyId ?? '';
    const given = outputs.targetKeyId;
    return {
      id,
      outputs: {
        region,
        arn,
        name: id,
        // Keeps the form that the program used: ID or ARN.
        targetKeyId: typeof given === 'string' && sameKeyReference(given, target) ? given : target,
        targetKeyArn: arn.replace(/:alias\/.*$/, `:key/${target}`),
      },
    };
  }
  return undefined;
}
