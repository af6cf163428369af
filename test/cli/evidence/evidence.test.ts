import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  PutKeyPolicyCommand,
  RotateKeyOnDemandCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, createKey } from '../../../packages/embedded-kms/test/support/kms-key';
import { describeUnless } from '../../../packages/embedded-kms/test/support/describe-unless';
import { DEBIAN_PROGRAMS, findProgram } from '../../../scripts/test-tools/debian';
import { canonicalJson } from '../../../src/cli/evidence/canonical-json';
import type { Evidence } from '../../../src/cli/evidence/evidence';
import { importedKeyPolicy } from '../../../src/domain/key-policy';
import { ResourceLife } from '../../support/resource-life';
import { keyResource, urnOf } from '../../support/stack-export';
import { runCli, temporaryFolder, useEmbeddedCredentials } from '../run-cli';

const TYPE = 'pulumi-nodejs:dynamic/kms-byok:ImportedKeyMaterial';
const ROLES = ['admin', 'ceremony', 'app'].map((name) => `arn:aws:iam::111122223333:role/${name}`);
const [ADMIN = '', CEREMONY = '', APP = ''] = ROLES;

useEmbeddedCredentials();
const inFolder = temporaryFolder();

const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
const first = randomBytes(32);
const second = randomBytes(32);
const kept = randomBytes(32);
let kms: EmbeddedKms;
let client: KMSClient;
let keyArn: string;
let hmacArn: string;
let lives: ResourceLife[];

const base64 = (bytes: Buffer) => ({ inline: bytes.toString('base64') });
const newLife = (): ResourceLife =>
  new ResourceLife({
    kms,
    now: () => clock.now(),
    onWait: (milliseconds) => {
      clock.advance(milliseconds);
    },
  });

beforeAll(async () => {
  kms = await startKms({ clock, usageLagSeconds: 0 });
  client = clientOf(kms);
  keyArn = await createKey(client);
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      Origin: 'EXTERNAL',
      KeySpec: 'HMAC_256',
      KeyUsage: 'GENERATE_VERIFY_MAC',
    }),
  );
  hmacArn = KeyMetadata!.Arn!;
  lives = [newLife(), newLife(), newLife()];
  const expiry = { validFor: '90d', renewBefore: '30d' };
  await lives[0]!.up({ keyId: keyArn, material: base64(first), ...expiry });
  const staging = { importType: 'NEW_KEY_MATERIAL', keyMaterialDescription: 'second' };
  await lives[1]!.up({ keyId: keyArn, material: base64(second), ...staging, ...expiry });
  await lives[2]!.up({ keyId: hmacArn, material: base64(randomBytes(32)), ...expiry });
  await client.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
  clock.advance(3_600_000);
  await lives[1]!.refresh();
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('x') }),
  );
  await client.send(new DecryptCommand({ KeyId: keyArn, CiphertextBlob }));
  const Policy = importedKeyPolicy({
    administrators: [ADMIN],
    importers: [CEREMONY],
    users: [APP],
    mustExpire: true,
  });
  await client.send(
    new PutKeyPolicyCommand({ KeyId: keyArn, Policy, BypassPolicyLockoutSafetyCheck: true }),
  );
  writeFileSync(inFolder('stack.json'), JSON.stringify(stackExport()));
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

/** The stack as its engine would export it, beside a key of the aws provider with material in its state. */
function stackExport(): {
  readonly version: number;
  readonly deployment: { readonly resources: readonly { readonly urn: string }[] };
} {
  const materials = lives.map(({ id, inputs, outs }, index) => ({
    urn: urnOf(TYPE, `material-${index}`),
    type: TYPE,
    custom: true,
    id,
    inputs,
    outputs: outs,
    propertyDependencies: { keyId: [] },
  }));
  const key = keyResource({ name: 'key', keyArn, material: kept, form: 'shown' });
  return { version: 3, deployment: { resources: [key, ...materials] } };
}

const run = (...args: string[]) =>
  runCli(['evidence', '--endpoint-url', kms.url, ...args], {
    now: () => clock.now(),
    env: { AWS_REGION: 'eu-west-1' },
  });
const evidenceOf = async (...args: string[]): Promise<Evidence> => {
  const { code, stdout, stderr } = await run(...args);
  // Standard error says what the exit code is about, and nothing else.
  expect(stderr === '').toBe(code === 0);
  return JSON.parse(stdout) as Evidence;
};
const withStack = () => ['--stack-export', inFolder('stack.json')];

describe('when evidence is collected from KMS and a stack', () => {
  it('each material has its import: wrapping, wrapping key, time and request', async () => {
    const { keys } = await evidenceOf(...withStack());
    const key = keys.find((one) => one.keyArn === keyArn)!;
    expect(key.materials.map(({ keyMaterialState }) => keyMaterialState)).toEqual([
      'NON_CURRENT',
      'CURRENT',
    ]);
    for (const [index, { keyMaterialId, imports }] of key.materials.entries()) {
      const { outs } = lives[index]!;
      const receipt = outs.importReceipt as Record<string, string>;
      expect(keyMaterialId).toBe(outs.keyMaterialId);
      const read = (value: unknown) => ({ state: 'read', value });
      expect(imports).toEqual(
        read([
          {
            urn: urnOf(TYPE, `material-${index}`),
            stackExport: 0,
            materialFingerprint: read(outs.materialFingerprint),
            source: read('inline'),
            firstImportedAt: read(receipt.firstImportedAt),
            importedAt: read(receipt.importedAt),
            wrappingAlgorithm: read(receipt.wrappingAlgorithm),
            wrappingKeySpec: read('RSA_4096'),
            wrappingPublicKeySha256: read(receipt.wrappingPublicKeySha256),
            requestId: read(receipt.requestId),
            keyExchange: { state: 'absent', reason: 'the state does not have it' },
            checkValue: expect.objectContaining({ state: 'absent' }) as unknown,
          },
        ]),
      );
    }
    expect(key.materials[1]!.description).toBe('second');
    expect(key.rotations).toEqual({ state: 'read', value: { used: 1, left: 24 } });
    expect(key.lastUse).toMatchObject({ state: 'used', operation: 'Decrypt' });
  });

  it('a key without KeyMaterialIds has its import too, and no rotations', async () => {
    const { keys } = await evidenceOf(...withStack());
    const { materials, rotations } = keys.find((one) => one.keyArn === hmacArn)!;
    expect(materials).toMatchObject([{ imports: { state: 'read', value: [{ stackExport: 0 }] } }]);
    expect(rotations.state).toBe('absent');
  });

  it('the key policy says who may import, use and delete, and under which conditions', async () => {
    const { keys } = await evidenceOf();
    const { access } = keys.find((one) => one.keyArn === keyArn)!;
    if (access.state !== 'read') throw new Error('not read');
    const principals = (permission: keyof typeof access.value) =>
      access.value[permission].allowed.map(({ principal, conditions }) => [principal, conditions]);
    expect(principals('importMaterial')).toEqual([[CEREMONY, ['kms:expirationmodel']]]);
    expect(principals('deleteMaterial')).toEqual([[CEREMONY, []]]);
    expect(principals('useKey')).toEqual([[APP, []]]);
    expect(principals('scheduleDeletion')).toEqual([[ADMIN, []]]);
    expect(principals('createGrants')).toEqual([]);
  });

  it('deviations are at the key whose resource they are of', async () => {
    const { keys } = await evidenceOf(...withStack());
    const { deviations } = keys.find((one) => one.keyArn === keyArn)!;
    if (deviations.state !== 'read') throw new Error('not read');
    expect(deviations.value).toContainEqual(
      expect.objectContaining({ rule: 'byok-protect', urn: urnOf(TYPE, 'material-0') }),
    );
    expect(deviations.value).toContainEqual(
      expect.objectContaining({ rule: 'byok-no-key-material-base64' }),
    );
    const lenient = await evidenceOf(...withStack(), '--preset', 'baseline');
    const rules = lenient.keys.flatMap((key) =>
      key.deviations.state === 'read' ? key.deviations.value.map(({ rule }) => rule) : [],
    );
    expect(rules).not.toContain('byok-expiration-alarm');
  });

  it('the transport that an explicit provider requires is no deviation of its material', async () => {
    const provider = urnOf('pulumi:providers:pulumi-nodejs', 'strict');
    const { version, deployment } = stackExport();
    const resources = [
      {
        urn: provider,
        type: 'pulumi:providers:pulumi-nodejs',
        custom: true,
        id: 'an-id',
        inputs: { 'aws:transport': 'post-quantum' },
      },
      ...deployment.resources.map((one) =>
        one.urn === urnOf(TYPE, 'material-1') ? { ...one, provider: `${provider}::an-id` } : one,
      ),
    ];
    writeFileSync(
      inFolder('provider.json'),
      JSON.stringify({ version, deployment: { resources } }),
    );
    const { keys } = await evidenceOf('--stack-export', inFolder('provider.json'));
    const found = keys.flatMap(({ deviations }) =>
      deviations.state === 'read' ? deviations.value : [],
    );
    expect(
      found
        .filter(({ rule }) => rule === 'byok-post-quantum-transport')
        .map(({ urn }) => urn)
        .sort(),
    ).toEqual([urnOf(TYPE, 'material-0'), urnOf(TYPE, 'material-2')]);
  });

  it('what a stack export does not have is undecided, and no deviation', async () => {
    const { undecided } = await evidenceOf(...withStack());
    expect(undecided).toContainEqual(expect.objectContaining({ rule: 'byok-ignore-changes' }));
  });

  it.each([
    ['v3.274.1', 'no ignoreChanges', false],
    ['3.206.0', 'no ignoreChanges', false],
    ['3.205.9', 'nothing about it', true],
    ['dev', 'nothing about it', true],
  ])('of Pulumi %s, an export without ignoreChanges says %s', async (engine, _what, unsure) => {
    const { version, deployment } = stackExport();
    const written = { version, deployment: { ...deployment, manifest: { version: engine } } };
    const file = inFolder(`${engine}.json`);
    writeFileSync(file, JSON.stringify(written));
    const { keys, undecided } = await evidenceOf('--stack-export', file);
    const found = keys.flatMap(({ deviations }) =>
      deviations.state === 'read' ? deviations.value : [],
    );
    const isOfRule = ({ rule }: { readonly rule: string }) => rule === 'byok-ignore-changes';
    expect([found.some(isOfRule), undecided.some(isOfRule)]).toEqual([!unsure, unsure]);
  });
});

describe('when something cannot be read', () => {
  afterEach(() => {
    kms.clearFaults();
  });

  it.each([
    ['GetKeyPolicy', 'access', 'unreadable'],
    ['GetKeyLastUsage', 'lastUse', 'unknown'],
    ['ListAliases', 'aliases', 'unreadable'],
  ] as const)('a denied %s is not taken for nothing', async (operation, member, state) => {
    kms.inject({
      operation,
      times: 10,
      fault: { kind: 'error', type: 'AccessDeniedException' },
    });
    const { code, stdout, stderr } = await run();
    const { keys } = JSON.parse(stdout) as Evidence;
    expect([code, stderr]).toEqual([2, expect.stringContaining('2 incomplete keys')]);
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key[member].state).toBe(state);
  });

  it('a key whose materials may not be listed is named as unread', async () => {
    kms.inject({
      operation: 'ListKeyRotations',
      times: 10,
      fault: { kind: 'error', type: 'AccessDeniedException' },
    });
    const { keys, unread } = JSON.parse((await run()).stdout) as Evidence;
    expect(keys.map((key) => key.keyArn)).toEqual([hmacArn]);
    expect(unread).toMatchObject([{ keyId: keyArn.split('/')[1] }]);
  });

  it('without a stack export, imports and deviations are absent with the reason', async () => {
    const { code, stdout, stderr } = await run();
    const { keys } = JSON.parse(stdout) as Evidence;
    expect([code, stderr]).toEqual([0, '']);
    for (const { deviations, materials } of keys) {
      expect(deviations.state).toBe('absent');
      for (const { imports } of materials) expect(imports.state).toBe('absent');
    }
  });

  it('a record whose key is not among those that were read is noted', async () => {
    const gone = JSON.stringify(stackExport()).replaceAll(
      keyArn,
      keyArn.replace('eu-west-1', 'eu-west-3'),
    );
    writeFileSync(inFolder('gone.json'), gone);
    const { notes, otherImports, keys } = await evidenceOf('--stack-export', inFolder('gone.json'));
    expect(notes).toEqual([expect.stringContaining('eu-west-3')]);
    expect(otherImports.map(({ record }) => record.urn)).toEqual([
      urnOf(TYPE, 'material-0'),
      urnOf(TYPE, 'material-1'),
    ]);
    // Nothing of the key is in the stack, so nothing of it can follow the rules.
    const { deviations } = keys.find((one) => one.keyArn === keyArn)!;
    expect(deviations.state).toBe('absent');
  });

  it('a record of a key that was not read is reason enough for the exit code', async () => {
    const only = {
      version: 3,
      deployment: { resources: stackExport().deployment.resources.slice(1, 2) },
    };
    const gone = JSON.stringify(only).replaceAll(keyArn, keyArn.replace('eu-west-1', 'eu-west-3'));
    writeFileSync(inFolder('one.json'), gone.replaceAll('"inline"', '"file"'));
    const { code, stdout, stderr } = await run(
      '--stack-export',
      inFolder('one.json'),
      '--preset',
      'baseline',
    );
    const { keys, otherDeviations, undecided } = JSON.parse(stdout) as Evidence;
    expect(otherDeviations).toEqual([]);
    expect(undecided).toEqual([]);
    expect(keys.map(({ deviations }) => deviations.state)).toEqual(['absent', 'absent']);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/ 1 note$/m)]);
  });

  it('the record of a resource that the engine has still to delete is there', async () => {
    const { version, deployment } = stackExport();
    const resources = deployment.resources.map((one) =>
      one.urn === urnOf(TYPE, 'material-0') ? { ...one, delete: true } : one,
    );
    writeFileSync(inFolder('left.json'), JSON.stringify({ version, deployment: { resources } }));
    const { keys } = await evidenceOf('--stack-export', inFolder('left.json'));
    const { materials } = keys.find((one) => one.keyArn === keyArn)!;
    expect(materials.map(({ imports }) => imports.state)).toEqual(['read', 'read']);
  });

  it('a fingerprint in state that is not the one in KMS is noted', async () => {
    const { materialFingerprint } = lives[0]!.outs as { readonly materialFingerprint: string };
    const forged = JSON.stringify(stackExport()).replaceAll(
      materialFingerprint,
      `v1:${'0'.repeat(64)}`,
    );
    writeFileSync(inFolder('forged.json'), forged);
    const { notes } = await evidenceOf('--stack-export', inFolder('forged.json'));
    expect(notes).toEqual([expect.stringMatching(/different fingerprints of [0-9a-f]{64}$/)]);
  });

  it('control characters and directions in names of resources are shown, not obeyed', async () => {
    const name = 'root\u202etxt\u009b31m';
    const named = JSON.stringify(stackExport()).replaceAll('material-0', name);
    writeFileSync(inFolder('named.json'), named);
    const { stdout } = await run('--stack-export', inFolder('named.json'));
    expect(stdout).toContain('root\\\\u202etxt');
    expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/);
  });
});

describe('when evidence is written', () => {
  it('the JSON is canonical, ends in a line feed, and is the same for the same facts', async () => {
    const { stdout } = await run(...withStack());
    expect(stdout).toBe(`${canonicalJson(JSON.parse(stdout))}\n`);
    expect((await run(...withStack())).stdout).toBe(stdout);
  });

  it('the page has the digest of the JSON, and neither has material', async () => {
    const [out, html] = [inFolder('evidence.json'), inFolder('evidence.html')];
    const { code } = await run(...withStack(), '--out', out, '--html', html);
    expect(code).toBe(2);
    const [json, page] = [readFileSync(out), readFileSync(html, 'utf8')];
    expect(page).toContain(createHash('sha256').update(json).digest('hex'));
    expect(page).not.toMatch(/<script|\b(?:src|href)=|@import|url\(/);
    for (const material of [first, second, kept]) {
      expect(searchMaterial(material, json.toString())).toEqual([]);
      expect(searchMaterial(material, page)).toEqual([]);
    }
  });

  it('one file for both is refused, before anything is called, also with --force', async () => {
    const both = ['--out', inFolder('both'), '--html', inFolder('./both')];
    for (const more of [[], ['--force']]) {
      kms.clearCalls();
      const { code, stderr } = await run(...both, ...more);
      expect([code, stderr]).toEqual([1, expect.stringContaining('[FILE_EXISTS]')]);
      expect(kms.calls).toEqual([]);
    }
  });

  it('an export that nests deeper than any resource is refused as one', async () => {
    const levels = 20_000;
    const { version, deployment } = stackExport();
    const [key, ...others] = deployment.resources;
    const text = JSON.stringify({
      version,
      deployment: { resources: [{ ...key, inputs: { deep: 'here' } }, ...others] },
    });
    const nested = '['.repeat(levels) + ']'.repeat(levels);
    writeFileSync(inFolder('deep.json'), text.replace('"here"', nested));
    const { code, stderr } = await run('--stack-export', inFolder('deep.json'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('[STACK_EXPORT]')]);
  });

  it('an existing file is kept, before anything is called', async () => {
    writeFileSync(inFolder('kept.json'), 'mine');
    kms.clearCalls();
    const { code, stderr } = await run('--out', inFolder('kept.json'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('[FILE_EXISTS]')]);
    expect(kms.calls).toEqual([]);
  });
});

const SSH_KEYGEN = findProgram(DEBIAN_PROGRAMS.openSsh);

describeUnless(SSH_KEYGEN === undefined ? 'ssh-keygen' : undefined)(
  'when evidence is signed with ssh-keygen',
  () => {
    it('the signature holds for the file, and for no other', async () => {
      const [file, key, signers] = ['signed.json', 'id', 'signers'].map((name) => inFolder(name));
      await run(...withStack(), '--out', file!);
      const keygen = (...args: string[]) => execFileSync(SSH_KEYGEN!, args, { stdio: 'pipe' });
      keygen('-q', '-t', 'ed25519', '-N', '', '-f', key!);
      keygen('-Y', 'sign', '-f', key!, '-n', 'kms-byok-evidence', file!);
      writeFileSync(signers!, `auditor@example.com ${readFileSync(`${key}.pub`, 'utf8')}`);
      const verify = (input: Buffer): number | null =>
        spawnSync(
          SSH_KEYGEN!,
          ['-Y', 'verify', '-f', signers!, '-I', 'auditor@example.com'].concat([
            '-n',
            'kms-byok-evidence',
            '-s',
            `${file}.sig`,
          ]),
          { input },
        ).status;
      const bytes = readFileSync(file!);
      expect(verify(bytes)).toBe(0);
      expect(verify(Buffer.from(bytes.toString().replace('IMPORTED', 'PENDING')))).not.toBe(0);
    });
  },
);
