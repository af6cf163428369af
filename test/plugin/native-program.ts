import { join } from 'node:path';
import { AWS_PLUGIN, AwsProgram, REGION } from '../support/aws-program';
import type { PulumiCli } from '../support/pulumi-cli';

const PLUGIN = join(__dirname, '..', '..', 'plugin');

/**
 * A project whose program has the resources of the native plugin as `native.ImportedKeyMaterial` and so on, as a
 * generated SDK has them.
 */
export class NativeProgram extends AwsProgram {
  constructor(...options: ConstructorParameters<typeof AwsProgram>) {
    super(...options);
    this.write(
      'Pulumi.yaml',
      [
        'name: life',
        'runtime: { name: nodejs, options: { typescript: false } }',
        'plugins:',
        '  providers:',
        `    - { name: kms-byok, path: ${PLUGIN} }`,
        `    - { name: aws, path: ${AWS_PLUGIN} }`,
        '',
      ].join('\n'),
    );
  }

  override program(text: string): void {
    super.program(`${SDK}\n${text}`);
  }

  /** The stack whose default provider reaches the embedded KMS. */
  native(): Promise<PulumiCli> {
    return this.real({ 'kms-byok:region': REGION, 'kms-byok:endpoint': this.kms.url });
  }
}

const SDK = `
const outputs = {
  ImportedKeyMaterial: ['keyArn', 'keySpec', 'keyState', 'importState', 'keyMaterialId', 'keyMaterialState',
    'expirationModel', 'validTo', 'materialFingerprint', 'materialSource', 'importReceipt', 'materialOwner',
    'missingKeyMaterialIds', 'wasDisabled', 'schemaVersion'],
  OnDemandRotation: ['keyArn', 'keyMaterialState', 'currentKeyMaterialId', 'rotationsUsed', 'rotationsRemaining',
    'schemaVersion'],
  ImportedKey: ['keyId', 'keyArn', 'keyArns', 'currentKeyMaterialId', 'earliestExpiry', 'rotationsRemaining'],
};
const unset = (name) => Object.fromEntries(outputs[name].map((output) => [output, undefined]));
class Resource extends pulumi.CustomResource {
  constructor(kind, name, args, opts) {
    const { material, ...rest } = args;
    super('kms-byok:index:' + kind, name, {
      ...unset(kind), ...rest, ...(material === undefined ? {} : { material: pulumi.secret(material) }),
    }, opts);
  }
}
const native = {
  ImportedKeyMaterial: class extends Resource {
    constructor(name, args, opts) { super('ImportedKeyMaterial', name, args, opts); }
  },
  OnDemandRotation: class extends Resource {
    constructor(name, args, opts) { super('OnDemandRotation', name, args, opts); }
  },
  Provider: class extends pulumi.ProviderResource {
    constructor(name, args, opts) { super('kms-byok', name, args, opts); }
  },
  ImportedKey: class extends pulumi.ComponentResource {
    constructor(name, { materials, ...args }, opts) {
      super('kms-byok:index:ImportedKey', name,
        { ...unset('ImportedKey'), ...args, materials: pulumi.secret(materials) }, opts, true);
    }
  },
};
`;
