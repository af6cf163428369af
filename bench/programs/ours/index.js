const pulumi = require('@pulumi/pulumi');
const { ImportedKeyMaterial } = require('pulumi-kms-byok');

const config = new pulumi.Config();
for (const [index, keyId] of config.requireObject('keyIds').entries()) {
  new ImportedKeyMaterial(`root-${index}`, {
    keyId,
    material: { inline: process.env.BENCH_MATERIAL },
  });
}
