import { join } from 'node:path';
import { AwsProgram } from '../support/aws-program';

const PLUGIN = join(__dirname, '..', '..', 'plugin');

/**
 * A project whose program has the resources of the native plugin as `native.ImportedKeyMaterial` and so on, as a
 * generated SDK has them.
 */
export class NativeProgram extends AwsProgram {
  override program(text: string): void {
    this.write(
      'Pulumi.yaml',
      `name: life
runtime:
  name: nodejs
  options:
    typescript: false
plugins:
  providers:
    - name: kms-byok
      path: ${PLUGIN}
`,
    );
    super.program(`${SDK}\n${text}`);
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
