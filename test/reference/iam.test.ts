import { CreateKeyCommand, DisableKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock, startKms, type EmbeddedKms, type RecordedCall } from 'embedded-kms';
import { runCli, useEmbeddedCredentials } from '../cli/run-cli';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';
import { POLICIES, type Policy, type PolicyName, type Statement } from './iam-policies';

const PAGE = join(__dirname, '..', '..', 'docs', 'reference', 'iam.md');
const START = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;
const EXPIRING = { validFor: '90d', renewBefore: '30d' };

useEmbeddedCredentials();

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;

beforeAll(async () => {
  clock = new ManualClock(START);
  kms = await startKms({ clock });
  client = clientOf(kms);
});
afterAll(async () => {
  client.destroy();
  await kms.close();
});

const bytes = (): { inline: string } => ({ inline: randomBytes(32).toString('base64') });
const newLife = (resource: 'ImportedKeyMaterial' | 'OnDemandRotation' = 'ImportedKeyMaterial') =>
  new ResourceLife({
    kms,
    now: () => clock.now(),
    resource,
    onWait: (milliseconds) => {
      clock.advance(milliseconds);
    },
  });
const stage = async (keyId: string): Promise<string> => {
  const life = newLife();
  await life.up({ keyId, material: bytes(), importType: 'NEW_KEY_MATERIAL', ...EXPIRING });
  return life.outs.keyMaterialId as string;
};
const importInto = async (keyId: string): Promise<ResourceLife> => {
  const life = newLife();
  await life.up({ keyId, material: bytes(), ...EXPIRING });
  return life;
};

/** Daily work of each principal. Returns the calls that the principal made. */
const LIVES: Record<PolicyName, () => Promise<readonly RecordedCall[]>> = {
  async reader() {
    const keyId = await createKey(client);
    const material = await importInto(keyId);
    const rotation = newLife('OnDemandRotation');
    await rotation.up({ keyId, keyMaterialId: await stage(keyId) });
    kms.clearCalls();
    await material.refresh();
    await rotation.refresh();
    await runCli(['status', '--endpoint-url', kms.url], {
      now: () => clock.now(),
      env: { AWS_REGION: 'eu-west-1' },
    });
    return kms.calls;
  },
  async evidence() {
    await importInto(await createKey(client));
    kms.clearCalls();
    await runCli(['evidence', '--endpoint-url', kms.url], {
      now: () => clock.now(),
      env: { AWS_REGION: 'eu-west-1' },
    });
    return kms.calls;
  },
  async importer() {
    const keyId = await createKey(client);
    const asymmetric = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
    );
    const pem = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey;
    kms.clearCalls();
    const life = newLife();
    const program = { keyId, material: bytes(), ...EXPIRING };
    expect(await life.up(program)).toBe('create');
    clock.advance(70 * DAY);
    expect(await life.up(program)).toBe('update'); // a renewal
    clock.advance(91 * DAY);
    await life.refresh();
    expect(life.outs.importState).toBe('PENDING_IMPORT');
    expect(await life.up(program)).toBe('update'); // what has expired is imported again
    await stage(keyId);
    const material = { inline: pem, encoding: 'pem' };
    await newLife().up({ keyId: asymmetric.KeyMetadata!.Arn!, material, ...EXPIRING });
    return kms.calls;
  },
  async rotator() {
    const keyId = await createKey(client);
    await importInto(keyId);
    const keyMaterialId = await stage(keyId);
    kms.clearCalls();
    const rotation = newLife('OnDemandRotation');
    await rotation.up({ keyId, keyMaterialId });
    await rotation.refresh();
    await rotation.destroy();
    return kms.calls;
  },
  async destroyer() {
    const material = await importInto(await createKey(client));
    kms.clearCalls();
    await material.refresh();
    await material.destroy();
    return kms.calls;
  },
  async 'last use'() {
    const keyId = await createKey(client);
    const life = newLife();
    await life.up({ keyId, material: bytes(), ...EXPIRING, deleteUnlessUsedWithin: '30d' });
    clock.advance(DAY);
    kms.clearCalls();
    await life.destroy();
    return kms.calls;
  },
  async 'disabled keys'() {
    const keyId = await createKey(client);
    const life = newLife();
    const program = { keyId, material: bytes(), ...EXPIRING };
    await life.up(program);
    await client.send(new DisableKeyCommand({ KeyId: keyId }));
    await life.refresh();
    clock.advance(91 * DAY);
    await life.refresh();
    kms.clearCalls();
    expect(await life.up(program)).toBe('update');
    return kms.calls;
  },
  async 'replacement of staged material'() {
    const keyId = await createKey(client);
    await importInto(keyId);
    const life = newLife();
    const program = { keyId, importType: 'NEW_KEY_MATERIAL', ...EXPIRING };
    await life.up({ ...program, material: bytes() });
    kms.clearCalls();
    await life.up({ ...program, material: bytes() });
    return kms.calls;
  },
};

// The page prints these as additions to the policy of another principal.
const ADDITIONS: Readonly<Partial<Record<PolicyName, PolicyName>>> = {
  'disabled keys': 'importer',
  'replacement of staged material': 'importer',
  'last use': 'destroyer',
  evidence: 'reader',
};

describe('when the policies of the reference are held against the calls that are made', () => {
  const names = Object.keys(POLICIES) as PolicyName[];

  it.each(names)('%s: it allows each call, and nothing else', async (name) => {
    const calls = await LIVES[name]();
    expect(calls.map(({ outcome }) => outcome)).toEqual(calls.map(() => 'ok'));
    const made = calls.map(({ operation }) => `kms:${operation}`);
    const allowed = actionsOf(POLICIES[name]);
    const added = ADDITIONS[name];
    if (added === undefined) {
      expect(allowed).toEqual([...new Set(made)].sort());
      return;
    }
    const others = actionsOf(POLICIES[added]);
    expect(allowed).toEqual([...new Set(made)].filter((made) => !others.includes(made)).sort());
  });

  it.each(names)('%s: each call says what the conditions ask for', async (name) => {
    const statements = [...POLICIES[name].Statement, ...POLICIES.importer.Statement];
    for (const { operation, input } of await LIVES[name]()) {
      const allowing = statements.filter(({ Action }) => Action.includes(`kms:${operation}`));
      for (const [key, values] of allowing.flatMap(requestConditions)) {
        expect([operation, values]).toEqual([operation, expect.arrayContaining([input[key]])]);
      }
    }
  });

  it('the page prints them', () => {
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(PAGE, withPolicies(POLICIES));
    expect(printed()).toEqual(POLICIES);
  });
});

function actionsOf({ Statement }: Policy): string[] {
  return Statement.flatMap(({ Action }) => Action).sort();
}

/** Conditions on what a caller sends; the others are about the key. */
function requestConditions({ Condition }: Statement): [string, string[]][] {
  return Object.entries(Condition?.StringEquals ?? {})
    .filter(([key]) => /^kms:(Wrapping|Expiration)/.test(key))
    .map(([key, values]) => [key.replace('kms:', ''), [values].flat()]);
}

// The comment above a policy names it.
const BLOCK = /(<!-- policy: (.+) -->\n\n```json\n)([^]*?)(?=^```$)/gm;

function printed(): Record<string, unknown> {
  const blocks = readFileSync(PAGE, 'utf8').matchAll(BLOCK);
  return Object.fromEntries(
    [...blocks].map(([, , name = '', text = '']) => [name, JSON.parse(text) as unknown]),
  );
}

function withPolicies(policies: Readonly<Record<string, Policy>>): string {
  return readFileSync(PAGE, 'utf8').replace(
    BLOCK,
    (_block, start: string, name: string) =>
      `${start}${JSON.stringify(policies[name], undefined, 2)}\n`,
  );
}
