import type { RuleShapes } from './shape-cases';

const inComponent = 'parent: new Platform("p")';
const material = (name: string, keyId: string): string =>
  `new ImportedKeyMaterial('${name}', { keyId: ${keyId}, material: stored });`;

export const ignoreChanges: RuleShapes = {
  rule: 'byok-ignore-changes',
  passes: {
    'the key of a component ignores both': `
      const key = new aws.kms.ExternalKey('key', {}, { ...quiet, ${inComponent} });
      ${material('a', 'pulumi.interpolate`${key.id}`')}`,
    'a bare key ignores everything': `
      const key = new Bare('aws:kms/externalKey:ExternalKey', 'key', {}, { ignoreChanges: ['*'] });
      ${material('a', 'key.id')}`,
    'a key that KMS fills ignores nothing': `
      const key = new aws.kms.Key('key', {});
      new aws.kms.Alias('alias', { targetKeyId: key.id });`,
  },
  fails: {
    'the material is of a component of its own': [
      `const key = new aws.kms.ExternalKey('key', {});
       new ImportedKeyMaterial('a', { keyId: key.id, material: stored }, { ${inComponent} });`,
      ['key'],
    ],
    'a bare key ignores only tags': [
      `const key = new Bare('aws:kms/externalKey:ExternalKey', 'key', {}, { ignoreChanges: ['tags'] });
       ${material('a', 'pulumi.secret(key.id)')}`,
      ['key'],
    ],
    'a replica ignores nothing': [
      `const key = new aws.kms.ExternalKey('key', { multiRegion: true }, quiet);
       const copy = new aws.kms.ReplicaExternalKey('copy', { primaryKeyArn: key.arn, region: 'us-east-1' });
       ${material('a', 'copy.id')}`,
      ['copy'],
    ],
  },
};

export const protect: RuleShapes = {
  rule: 'byok-protect',
  passes: {
    'the component of the key is protected': `
      new aws.kms.ExternalKey('key', {}, { parent: new Platform('p', { protect: true }) });`,
    'the material has a protection that is an output': `
      new ImportedKeyMaterial('a', { keyId, material: stored, deletionProtection: pulumi.output(true) });`,
    'a key that KMS fills is open': "new aws.kms.Key('key', {});",
  },
  fails: {
    'a bare key is open': ["new Bare('aws:kms/externalKey:ExternalKey', 'key', {});", ['key']],
    'the component of the key is protected, and the key is not': [
      `new aws.kms.ExternalKey('key', {}, { protect: false, parent: new Platform('p', { protect: true }) });`,
      ['key'],
    ],
    'the protection of the material is a secret false': [
      'new ImportedKeyMaterial("a", { keyId, material: stored, deletionProtection: pulumi.secret(false) });',
      ['a'],
    ],
    'the key would be kept when it is deleted, which no policy sees': [
      "new aws.kms.ExternalKey('key', {}, { retainOnDelete: true });",
      ['key'],
    ],
  },
};

export const deletionWindow: RuleShapes = {
  rule: 'byok-deletion-window',
  passes: {
    'it is an output':
      "new aws.kms.ExternalKey('key', { deletionWindowInDays: pulumi.output(30) });",
    'a bare key leaves it to AWS': "new Bare('aws:kms/externalKey:ExternalKey', 'key', {});",
    'a key that KMS fills goes in a week': "new aws.kms.Key('key', { deletionWindowInDays: 7 });",
  },
  fails: {
    'a bare key has a text': [
      "new Bare('aws:kms/externalKey:ExternalKey', 'key', { deletionWindowInDays: '10' });",
      ['key'],
    ],
    'it is known only in the update': [
      "new aws.kms.ExternalKey('key', { deletionWindowInDays: later(7) });",
      ['key'],
    ],
    'the key of a component has a secret week': [
      `new aws.kms.ExternalKey('key', { deletionWindowInDays: pulumi.secret(7) }, { ${inComponent} });`,
      ['key'],
    ],
  },
};

export const deletionGuard: RuleShapes = {
  rule: 'byok-deletion-guard',
  passes: {
    'the guard is a secret output': `
      const key = new aws.kms.ExternalKey('prod', {}, quiet);
      new ImportedKeyMaterial('a', { keyId: key.id, material: stored, deleteUnlessUsedWithin: pulumi.secret('30d') });`,
    'a whole key is guarded': `
      new ImportedKey('prod', { materials: [stored], deleteUnlessUsedWithin: '60d' });`,
    'the key of a component is for tests': `
      const key = new aws.kms.ExternalKey('key', { tags: { Environment: 'test' } }, { ...quiet, ${inComponent} });
      ${material('a', 'key.arn')}`,
  },
  fails: {
    'a whole key is tagged by an output': [
      `new ImportedKey('root', { materials: [stored], tags: pulumi.output({ env: 'prod' }) });`,
      ['root-1'],
    ],
    'a whole key has an alias': [
      "new ImportedKey('root', { materials: [stored], alias: 'production/root' });",
      ['root-1'],
    ],
    'a bare key is tagged': [
      `const key = new Bare('aws:kms/externalKey:ExternalKey', 'key', { tags: { Stage: 'PROD' } });
       ${material('a', 'pulumi.interpolate`${key.id}`')}`,
      ['a'],
    ],
  },
};

const pair = `
  const key = new aws.kms.ExternalKey('key', { multiRegion: true }, quiet);
  const copy = new aws.kms.ReplicaExternalKey('copy', { primaryKeyArn: key.arn, region: 'us-east-1' }, { ...quiet, ${inComponent} });`;

export const replicasComplete: RuleShapes = {
  rule: 'byok-replicas-complete',
  passes: {
    'both have the material, by outputs': `${pair}
      ${material('a', 'pulumi.interpolate`${key.arn}`')}
      ${material('b', 'pulumi.secret(copy.arn)')}`,
    'the key of another resource has no replica': `
      new aws.kms.ExternalKey('key', { multiRegion: true }, quiet);
      ${material('a', 'keyId')}`,
  },
  fails: {
    'the replica of a component has none': [`${pair} ${material('a', 'key.id')}`, ['copy']],
    'a bare replica has none': [
      `const key = new aws.kms.ExternalKey('key', { multiRegion: true }, quiet);
       new Bare('aws:kms/replicaExternalKey:ReplicaExternalKey', 'copy', { primaryKeyArn: key.arn, region: 'us-east-1' });
       ${material('a', 'key.arn')}`,
      ['copy'],
    ],
    'one expiry is of the replica only': [
      `${pair} ${material('a', 'key.arn')}
       new ImportedKeyMaterial('b', { keyId: copy.arn, material: stored, validFor: '30d' });`,
      ['b'],
    ],
  },
};
