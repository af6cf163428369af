import type { RuleShapes } from './shape-cases';

const BASE64 = 'Buffer.alloc(32, 7).toString("base64")';

export const noKeyMaterialBase64: RuleShapes = {
  rule: 'byok-no-key-material-base64',
  passes: {
    'a bare key has its material from ImportedKeyMaterial': `
      const key = new Bare('aws:kms/externalKey:ExternalKey', 'key', { description: 'root' });
      new ImportedKeyMaterial('material', { keyId: key.id, material: stored });`,
    'a key of a component has null for it': `
      new aws.kms.ExternalKey('key', { keyMaterialBase64: null as any }, { parent: new Platform('p') });`,
    'another resource has a property of the name': `
      new Bare('acme:index:Key', 'key', { keyMaterialBase64: 'x' });`,
  },
  fails: {
    'it is a secret': [
      `new aws.kms.ExternalKey('key', { keyMaterialBase64: pulumi.secret(${BASE64}) });`,
      ['key'],
    ],
    'it is unknown in a preview': [
      `new aws.kms.ExternalKey('key', { keyMaterialBase64: later(${BASE64}) });`,
      ['key'],
    ],
    'a bare replica in a component has it': [
      `new Bare('aws:kms/replicaExternalKey:ReplicaExternalKey', 'copy',
        { primaryKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-1', keyMaterialBase64: ${BASE64} },
        { parent: new Platform('p') });`,
      ['copy'],
    ],
  },
};

const importing = (name: string, args: string, opts = ''): string =>
  `new ImportedKeyMaterial('${name}', { keyId, ${args} }${opts});`;

export const allowedSources: RuleShapes = {
  rule: 'byok-allowed-sources',
  passes: {
    'the source is an output': importing('a', 'material: pulumi.output(stored)'),
    'the source is known only in the update': importing(
      'a',
      "material: { secretsManager: { secretId: later('kms/root-key') } }",
    ),
    'a component of others has it': importing(
      'a',
      'material: stored',
      ', { parent: new Platform("p") }',
    ),
  },
  fails: {
    'inline bytes are a secret': [
      importing('a', `material: { inline: pulumi.secret(${BASE64}), encoding: 'base64' }`),
      ['a'],
    ],
    'inline bytes are in a component': [
      importing(
        'a',
        `material: { inline: ${BASE64}, encoding: 'base64' }`,
        ', { parent: new Platform("p") }',
      ),
      ['a'],
    ],
    'inline bytes are the second material of a key': [
      `new ImportedKey('key', { materials: [stored, { inline: ${BASE64}, encoding: 'base64' }] });`,
      ['key-2'],
    ],
  },
};

export const allowedCommands: RuleShapes = {
  rule: 'byok-allowed-commands',
  passes: {
    'no source is a command': importing('a', 'material: pulumi.output(stored)'),
    'every material of a key is stored': `new ImportedKey('key', { materials: [stored, stored] });`,
  },
  fails: {
    'the command is an output': [
      importing('a', "material: { command: pulumi.output(['vault', 'read']) }"),
      ['a'],
    ],
    'the command has a secret argument': [
      importing('a', "material: { command: ['vault', pulumi.secret('read')] }"),
      ['a'],
    ],
    'a command wraps': [
      importing('a', "material: { wrapCommand: ['pkcs11-tool', '--wrap'] }"),
      ['a'],
    ],
    'a key of a component has a command': [
      `new ImportedKey('key', { materials: [{ command: ['vault', 'read'] }] }, { parent: new Platform('p') });`,
      ['key-1'],
    ],
  },
};

export const postQuantumTransport: RuleShapes = {
  rule: 'byok-post-quantum-transport',
  passes: {
    'the transport is an output': importing(
      'a',
      "material: stored, connection: { transport: pulumi.output('post-quantum' as const) }",
    ),
    'the provider of its component requires it': `
      const provider = new KmsByokProvider('p', { transport: 'post-quantum' });
      new ImportedKeyMaterial('a', { keyId, material: stored }, { parent: new Platform('q', { providers: [provider] }) });`,
    'a key requires it of all its materials': `
      new ImportedKey('key', { materials: [stored, stored], connection: { transport: 'post-quantum' } });`,
  },
  fails: {
    'the connection has only a Region that is an output': [
      importing('a', "material: stored, connection: { region: pulumi.output('eu-west-1') }"),
      ['a'],
    ],
    'an explicit provider does not require it': [
      `const provider = new KmsByokProvider('p', { region: 'eu-west-1' });
       new ImportedKeyMaterial('a', { keyId, material: stored }, { provider });`,
      ['a'],
    ],
    'a key of a component has two materials': [
      `new ImportedKey('key', { materials: [stored, stored] }, { parent: new Platform('p') });`,
      ['key-1', 'key-2'],
    ],
  },
};

export const wrappingStrength: RuleShapes = {
  rule: 'byok-wrapping-strength',
  passes: {
    'the strongest is an output': importing(
      'a',
      "material: stored, wrappingKeySpec: pulumi.output('RSA_4096' as const)",
    ),
    'it is null': importing('a', 'material: stored, wrappingKeySpec: undefined'),
    'a key of the aws provider is of RSA_2048': `
      new aws.kms.Key('key', { customerMasterKeySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY' });`,
  },
  fails: {
    'the weak one is a secret': [
      importing('a', "material: stored, wrappingKeySpec: pulumi.secret('RSA_2048' as const)"),
      ['a'],
    ],
    'the weak algorithm is known only in the update': [
      importing('a', "material: stored, wrappingAlgorithm: later('RSAES_OAEP_SHA_1')"),
      ['a'],
    ],
    'a key of a component has weak wrapping': [
      `new ImportedKey('key', { materials: [stored], wrappingKeySpec: 'RSA_2048' }, { parent: new Platform('p') });`,
      ['key-1'],
    ],
  },
};
