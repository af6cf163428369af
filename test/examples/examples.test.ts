import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetPublicKeyCommand,
  SignCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type Kms } from '../../src/testing/kms/index';
import { adviceOn, Example } from '../support/example';
import { clientOf, works } from '../support/kms-key';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { ResourceLife } from '../support/resource-life';

jest.setTimeout(600_000);

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let kms: Kms;
let client: KMSClient;
let example: Example;

beforeEach(async () => {
  kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
  client = clientOf(kms);
});

afterEach(async () => {
  example.remove();
  client.destroy();
  await kms.close();
});

type Config = Record<string, string>;

/** What must be there before an example runs, and what it is told. */
const PREPARATIONS: Record<string, () => Promise<Config> | Config> = {
  quickstart: () => material('material.bin'),
  rotation: () => material('2026.bin', '2027.bin'),
  'multi-region': () => material('material.bin'),
  'expiry-alarm': () => material('material.bin'),
  'asymmetric-signing': () => {
    example.write('private-key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return {};
  },
  'adopt-existing': async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', Description: 'by hand' }),
    );
    const bytes = randomBytes(32);
    const byHand = new ResourceLife({ kms });
    const inline = bytes.toString('base64');
    await byHand.up({ keyId: KeyMetadata!.Arn, material: { inline } });
    example.write('material.bin', bytes);
    return { keyId: KeyMetadata!.KeyId!, description: 'by hand' };
  },
  fleet: () => {
    const numbers = Array.from({ length: 50 }, (_, index) => String(index + 1).padStart(2, '0'));
    return material(...numbers.map((number) => `material/tenant-${number}.bin`));
  },
};

function material(...files: string[]): Config {
  for (const file of files) example.write(file, randomBytes(32));
  return {};
}

async function prepared(name: string): Promise<Config> {
  example = new Example(name, kms);
  return PREPARATIONS[name]!();
}

const operations = (): string[] => kms.calls.map(({ operation }) => operation);

type Outputs = Readonly<Record<string, unknown>>;

async function worksAsAKey(outputs: Outputs): Promise<void> {
  const keyId = (outputs.keyArn ?? outputs.keyId) as string | undefined;
  if (keyId !== undefined) expect(await works(client, keyId)).toBe(true);
}

/** What is to be seen of an example besides that its key works. */
const PROOFS: Record<string, (outputs: Outputs, config: Config) => Promise<void>> = {
  rotation: async (before, config) => {
    await worksAsAKey(before);
    const files = JSON.stringify(['2026.bin', '2027.bin']);
    const after = await example.offline({ ...config, files }).up();
    expect(after.outputs).toMatchObject({ keyArn: before.keyArn, rotationsRemaining: 24 });
    expect(after.outputs.currentKeyMaterialId).not.toBe(before.currentKeyMaterialId);
    // The rotated list is the one that a second update finds unchanged.
    config.files = files;
  },
  'asymmetric-signing': async ({ keyArn }) => {
    const KeyId = keyArn as string;
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
    const message = Buffer.from('signed');
    const { Signature } = await client.send(
      new SignCommand({ KeyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' }),
    );
    const publicKey = createPublicKey(privateKey);
    expect(publicKey.export({ type: 'spki', format: 'der' })).toEqual(Buffer.from(PublicKey!));
    expect(verify('sha256', message, publicKey, Signature!)).toBe(true);
  },
  'adopt-existing': async (outputs, { keyId }) => {
    await worksAsAKey(outputs);
    expect(operations()).not.toContain('CreateKey');
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', Description: 'by hand' });
  },
};

describe('when the examples are counted', () => {
  it('each of them is run by a test', () => {
    example = new Example('quickstart', kms);
    const folders = readdirSync(join(__dirname, '..', '..', 'examples'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
      .map(({ name }) => name);
    // This one needs a server of Secrets Manager: secrets-manager.test.ts.
    expect([...Object.keys(PREPARATIONS), 'secrets-manager-source'].sort()).toEqual(folders.sort());
  });
});

describe('when an example is run by the offline engine', () => {
  it.each(Object.keys(PREPARATIONS).filter((name) => name !== 'fleet'))(
    '%s comes to what its README says, and a second update changes nothing',
    async (name) => {
      const config = await prepared(name);
      kms.clearCalls();
      const report = await example.offline(config).up();
      expect(report.diagnostics).toEqual([]);
      expect(Object.keys(report.outputs).sort()).toEqual(example.promisedOutputs());
      await (PROOFS[name] ?? worksAsAKey)(report.outputs, config);
      const again = await example.offline(config).up();
      expect(Object.keys(again.summary)).toEqual(['same']);
    },
  );

  it('fleet makes 50 keys, each before its import and its alias after that', async () => {
    await prepared('fleet');
    const report = await example.offline().up();
    expect(report.diagnostics).toEqual([]);
    expect(report.outputs.keyIds).toHaveLength(50);
    for (const keyId of report.outputs.keyIds as string[]) {
      const calls = kms.calls
        .filter((call) => call.keyId === keyId || call.input.TargetKeyId === keyId)
        .map(({ operation }) => operation)
        .filter((name) => /^(Create|Import|GetParameters)/.test(name));
      expect(calls).toEqual([
        'CreateKey',
        'GetParametersForImport',
        'ImportKeyMaterial',
        'CreateAlias',
      ]);
    }
    const names = report.steps.map(({ type, name }) => `${type.split(':').at(-1)!} ${name}`);
    for (const tenant of ['tenant-01', 'tenant-50']) {
      const order = [`ExternalKey ${tenant}`, `ImportedKeyMaterial ${tenant}-1`, `Alias ${tenant}`];
      expect(names.filter((name) => order.includes(name))).toEqual(order);
    }
  });
});

describeWithPulumi('when an example is run by the real engine', () => {
  it.each(Object.keys(PREPARATIONS))('%s passes baseline and does what it says', async (name) => {
    const config = await prepared(name);
    const stack = await example.real(config);
    const report = await stack.up();
    if (!report.ok) throw new Error(report.output);
    expect(report.policies.filter(({ level }) => level === 'mandatory')).toEqual([]);
    expect([...new Set(report.policies.map(({ policy }) => policy))].sort()).toEqual(
      adviceOn(name),
    );
    expect(Object.keys(await stack.outputs()).sort()).toEqual(example.promisedOutputs());
  });
});
