const pulumi = require('@pulumi/pulumi');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const TYPE = 'kms-byok:index:ImportedKeyMaterial';
const config = new pulumi.Config();
const schema = JSON.parse(readFileSync(join(config.require('plugin'), 'schema.json'), 'utf8'));
const names = Object.keys(schema.resources[TYPE].properties);
const unset = Object.fromEntries(names.map((name) => [name, undefined]));

// As a generated SDK registers it.
for (const [index, keyId] of config.requireObject('keyIds').entries()) {
  const material = pulumi.secret({ inline: process.env.BENCH_MATERIAL });
  new pulumi.CustomResource(TYPE, `root-${index}`, { ...unset, keyId, material });
}
