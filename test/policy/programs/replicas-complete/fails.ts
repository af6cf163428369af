// caught by: byok-replicas-complete byok-material-expires
import * as aws from '@pulumi/aws';
import { ImportedKeyMaterial } from 'pulumi-kms-byok';

const safe = { protect: true, ignoreChanges: ['validTo', 'enabled'] };
const key = new aws.kms.ExternalKey('root-key', { multiRegion: true }, safe);
new aws.kms.ReplicaExternalKey(
  'root-key-us',
  { primaryKeyArn: key.arn, region: 'us-east-1' },
  safe,
);
const material = { secretsManager: { secretId: 'kms/root-key' } };

new ImportedKeyMaterial(
  'root-key-material',
  { keyId: key.arn, material, keySpec: 'SYMMETRIC_DEFAULT' },
  { protect: true },
);
