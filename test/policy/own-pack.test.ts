import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PolicyProcess } from '../support/policy-process';
import { externalKey, material, replicaKey } from './shown';

const ROOT = join(__dirname, '..', '..');

// Two rules as a company writes them, by the prefix of the type; and one of another matter.
const PACK = `
const { PolicyPack } = require('@pulumi/policy');
const { byokPolicies, exemptImportedKeys } = require('pulumi-kms-byok/policy');

const isKey = (type) => type.startsWith('aws:kms/');
const rotation = {
  name: 'every-key-rotates',
  description: 'Every key rotates by itself.',
  validateResource: [(args, report) => {
    if (isKey(args.type) && !args.props.enableKeyRotation) report('enableKeyRotation is off');
  }],
};
const inventory = {
  name: 'rotation-inventory',
  description: 'The stack has no key that does not rotate.',
  validateStack: ({ resources }, report) => {
    for (const { type, props, urn } of resources) {
      if (isKey(type) && !props.enableKeyRotation) report('enableKeyRotation is off', urn);
    }
  },
};
const tags = {
  name: 'every-key-has-tags',
  description: 'Every key has tags.',
  validateResource: (args, report) => {
    if (isKey(args.type) && !args.props.tags) report('no tags');
  },
};

new PolicyPack('own', {
  enforcementLevel: 'mandatory',
  policies: [
    ...exemptImportedKeys([rotation, inventory, tags], ['every-key-rotates', 'rotation-inventory']),
    ...byokPolicies({ preset: 'strict', rules: { 'byok-maximum-validity': { maximum: '30d' } } }),
  ],
});
`;

let folder: string;
let pack: PolicyProcess;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'byok-pack-'));
  writeFileSync(join(folder, 'package.json'), '{"name":"own","version":"1.0.0"}');
  writeFileSync(join(folder, 'PulumiPolicy.yaml'), 'runtime: nodejs\n');
  writeFileSync(join(folder, 'index.js'), PACK);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  pack = await PolicyProcess.start(folder);
});

afterAll(async () => {
  await pack.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('when a team has the rules in a pack of its own', () => {
  const key = { type: 'aws:kms/key:Key', name: 'aws-key', props: { deletionWindowInDays: 30 } };

  it('exempted rules pass over imported keys, and only over them', async () => {
    const found = await pack.review([key, externalKey(), replicaKey()]);
    const of = (policy: string) =>
      found.filter((each) => each.policy === policy).map(({ resource }) => resource);
    expect(of('every-key-rotates')).toEqual(['aws-key']);
    expect(of('rotation-inventory')).toEqual(['aws-key']);
    expect(of('every-key-has-tags')).toEqual(['aws-key', 'key', 'replica']);
  });

  it('the preset and what is configured over it hold', async () => {
    const found = await pack.review([
      material({ wrappingKeySpec: 'RSA_2048' }, { protect: false }),
    ]);
    expect(found.map(({ policy, level }) => [policy, level]).sort()).toEqual([
      ['byok-maximum-validity', 'mandatory'],
      ['byok-protect', 'mandatory'],
      ['byok-wrapping-strength', 'mandatory'],
    ]);
  });

  it('the settings that were configured are the defaults of the schema', async () => {
    const { policiesList } = await pack.info();
    const policy = policiesList.find(({ name }) => name === 'byok-maximum-validity')!;
    expect(JSON.stringify(policy.configschema)).toContain('30d');
    expect(policy.remediationSteps).not.toBe('');
    expect(policy.url).toContain('#byok-maximum-validity');
  });
});
