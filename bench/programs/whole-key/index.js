const pulumi = require('@pulumi/pulumi');
const { ImportedKey } = require('pulumi-kms-byok');

const count = new pulumi.Config().requireNumber('count');
for (let index = 0; index < count; index += 1) {
  new ImportedKey(`key-${index}`, {
    materials: [{ file: 'material.bin' }],
    multiRegion: true,
    replicas: [{ region: 'us-east-1' }],
  });
}
