// The resources of a key with a replica, declared one by one, without what ImportedKey records and checks.
const aws = require('@pulumi/aws');
const pulumi = require('@pulumi/pulumi');
const { ImportedKeyMaterial } = require('pulumi-kms-byok');

const material = { file: 'material.bin' };
const count = new pulumi.Config().requireNumber('count');
for (let index = 0; index < count; index += 1) {
  const name = `key-${index}`;
  const far = `${name}-us-east-1`;
  const key = new aws.kms.ExternalKey(name, { multiRegion: true }, { protect: true });
  const first = new ImportedKeyMaterial(
    name,
    { keyId: key.arn, material, keySpec: 'SYMMETRIC_DEFAULT' },
    { protect: true, deletedWith: key },
  );
  const replica = new aws.kms.ReplicaExternalKey(
    far,
    { primaryKeyArn: key.arn, region: 'us-east-1' },
    { dependsOn: first },
  );
  new ImportedKeyMaterial(
    far,
    { keyId: replica.arn, material, keySpec: 'SYMMETRIC_DEFAULT' },
    { dependsOn: first, deletedWith: replica },
  );
}
