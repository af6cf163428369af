// A dynamic provider as Pulumi's documentation teaches it: a class in the program, which imports the AWS SDK,
// and which imports key material once, in create.
const pulumi = require('@pulumi/pulumi');
const crypto = require('node:crypto');
const kms = require('@aws-sdk/client-kms');

class KeyMaterialProvider {
  async importMaterial(inputs) {
    const client = new kms.KMSClient({ endpoint: inputs.endpoint, region: inputs.region });
    const parameters = await client.send(
      new kms.GetParametersForImportCommand({
        KeyId: inputs.keyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_4096',
      }),
    );
    const key = crypto.createPublicKey({
      key: Buffer.from(parameters.PublicKey),
      format: 'der',
      type: 'spki',
    });
    const encrypted = crypto.publicEncrypt(
      { key, padding: crypto.constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      Buffer.from(inputs.material, 'base64'),
    );
    await client.send(
      new kms.ImportKeyMaterialCommand({
        KeyId: inputs.keyId,
        ImportToken: parameters.ImportToken,
        EncryptedKeyMaterial: encrypted,
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
    );
  }

  async diff(_id, olds, news) {
    return {
      changes: olds.material !== news.material || olds.keyId !== news.keyId,
      replaces: olds.keyId === news.keyId ? [] : ['keyId'],
    };
  }

  async create(inputs) {
    await this.importMaterial(inputs);
    return { id: inputs.keyId, outs: inputs };
  }

  async update(_id, _olds, news) {
    await this.importMaterial(news);
    return { outs: news };
  }

  async delete(_id, props) {
    const client = new kms.KMSClient({ endpoint: props.endpoint, region: props.region });
    await client.send(new kms.DeleteImportedKeyMaterialCommand({ KeyId: props.keyId }));
  }
}

class KeyMaterial extends pulumi.dynamic.Resource {
  constructor(name, props, opts) {
    super(new KeyMaterialProvider(), name, props, opts);
  }
}

const config = new pulumi.Config();
for (const [index, keyId] of config.requireObject('keyIds').entries()) {
  new KeyMaterial(`root-${index}`, {
    keyId,
    endpoint: config.require('endpoint'),
    region: 'eu-west-1',
    material: pulumi.secret(process.env.BENCH_MATERIAL),
  });
}
