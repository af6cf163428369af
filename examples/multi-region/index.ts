import * as pulumi from '@pulumi/pulumi';
import { ImportedKey } from 'pulumi-kms-byok';

const config = new pulumi.Config();
const regions = config.getObject<string[]>('replicaRegions') ?? ['us-east-1', 'ap-southeast-2'];

const key = new ImportedKey(
  'global',
  {
    alias: 'kms-byok/multi-region',
    materials: [{ file: 'material.bin' }],
    multiRegion: true,
    replicas: regions.map((region) => ({ region })),
    deletionWindowInDays: 7,
  },
  { protect: false },
);

export const keyId = key.keyId;
export const keyArns = key.keyArns;
