import * as pulumi from '@pulumi/pulumi';
import { ImportedKey } from 'pulumi-kms-byok';

const config = new pulumi.Config();
const count = config.getNumber('count') ?? 50;

const names = Array.from(
  { length: count },
  (_, index) => `tenant-${String(index + 1).padStart(2, '0')}`,
);

const keys = names.map(
  (name) =>
    new ImportedKey(
      name,
      {
        description: `Key of ${name}`,
        alias: `kms-byok/fleet/${name}`,
        materials: [{ file: `material/${name}.bin` }],
        validFor: '90d',
        deletionWindowInDays: 7,
      },
      { protect: false },
    ),
);

export const keyIds = pulumi.all(keys.map(({ keyId }) => keyId));
export const earliestExpiry = pulumi
  .all(keys.map((key) => key.earliestExpiry))
  .apply((instants) => instants.filter((instant) => instant !== undefined).sort()[0]);
