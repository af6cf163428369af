const pulumi = require('@pulumi/pulumi');
const { ImportedKeyMaterial } = require('pulumi-kms-byok');

const config = new pulumi.Config();
const count = config.requireNumber('count');
if (config.getBoolean('shortStacks')) Error.stackTraceLimit = 1;
for (let index = 0; index < count; index += 1) {
  new ImportedKeyMaterial(`root-${index}`, {
    keyId: config.require('keyId'),
    material: { env: 'BENCH_MATERIAL' },
  });
}
