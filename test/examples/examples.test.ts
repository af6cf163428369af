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
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { adviceOn, Example, type ExampleStack, type ExampleUpdate } from '../support/example';
import { clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { MISSING_FOR_HSM } from '../support/describe-with-soft-hsm';
import { SoftHsm } from '../support/soft-hsm';
import { ResourceLife } from '../support/resource-life';

jest.setTimeout(600_000);

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let kms: EmbeddedKms;
let client: KMSClient;
let example: Example;
let hsm: SoftHsm;

type Config = Record<string, string>;

/** Creates the files and secrets that an example needs, and returns its configuration. */
const PREPARATIONS: Record<string, () => Promise<Config> | Config> = {
  quickstart: () => material('material.bin'),
  rotation: () => material('2026.bin', '2027.bin'),
  'multi-region': () => material('material.bin'),
  'expiry-alarm': () => material('material.bin'),
  'asymmetric-signing': () => {
    example.write('private-key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return {};
  },
  hsm: () => {
    // The provider process inherits the variable.
    hsm = new SoftHsm(['vault'], example.folder);
    process.env.SOFTHSM2_CONF = hsm.env.SOFTHSM2_CONF;
    hsm.generate('AES:32', { token: 'vault', label: 'root-2026', id: '01' });
    example.write('pin', `${hsm.pin}\n`);
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

const operations = (): string[] => kms.calls.map(({ operation }) => operation);

async function worksAsAKey({ outputs }: ExampleUpdate): Promise<void> {
  const keyId = (outputs.keyArn ?? outputs.keyId) as string | undefined;
  if (keyId !== undefined) expect(await works(client, keyId)).toBe(true);
}

/** Assertions on each example, in addition to the check that its key works. */
const PROOFS: Record<string, (report: ExampleUpdate, config: Config) => Promise<void>> = {
  'asymmetric-signing': async ({ outputs }) => {
    const KeyId = outputs.keyArn as string;
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
    const message = Buffer.from('signed');
    const { Signature } = await client.send(
      new SignCommand({ KeyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' }),
    );
    const publicKey = createPublicKey(privateKey);
    expect(publicKey.export({ type: 'spki', format: 'der' })).toEqual(Buffer.from(PublicKey!));
    expect(verify('sha256', message, publicKey, Signature!)).toBe(true);
  },
  'adopt-existing': async (report, { keyId }) => {
    await worksAsAKey(report);
    expect(operations()).not.toContain('CreateKey');
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', Description: 'by hand' });
  },
  // Each key is made before its import, and its alias after that.
  fleet: ({ outputs, steps }) => {
    expect(outputs.keyIds).toHaveLength(50);
    for (const keyId of outputs.keyIds as string[]) {
      const calls = kms.calls
        .filter((call) => call.keyId === keyId || call.input.TargetKeyId === keyId)
        .map(({ operation }) => operation)
        .filter((operation) => /^(Create|Import|GetParameters)/.test(operation));
      expect(calls).toEqual([
        'CreateKey',
        'GetParametersForImport',
        'ImportKeyMaterial',
        'CreateAlias',
      ]);
    }
    const names = steps.map(({ type, name }) => `${type.split(':').at(-1)!} ${name}`);
    for (const tenant of ['tenant-01', 'tenant-50']) {
      const order = [`ExternalKey ${tenant}`, `ImportedKeyMaterial ${tenant}-1`, `Alias ${tenant}`];
      expect(names.filter((each) => order.includes(each))).toEqual(order);
    }
    return Promise.resolve();
  },
};

/** The change that an example is for. */
const CHANGES: Record<string, (stack: ExampleStack, before: ExampleUpdate) => Promise<void>> = {
  hsm: async (stack, before) => {
    hsm.generate('AES:32', { token: 'vault', label: 'root-2027', id: '02' });
    const after = await stack.up({ keys: JSON.stringify(['root-2026', 'root-2027']) });
    expect(after.outputs.keyArn).toBe(before.outputs.keyArn);
    expect(after.outputs.currentKeyMaterialId).not.toBe(before.outputs.currentKeyMaterialId);
  },
  rotation: async (stack, before) => {
    const after = await stack.up({ files: JSON.stringify(['2026.bin', '2027.bin']) });
    expect(after.outputs).toMatchObject({
      keyArn: before.outputs.keyArn,
      rotationsRemaining: 24,
    });
    expect(after.outputs.currentKeyMaterialId).not.toBe(before.outputs.currentKeyMaterialId);
  },
};

describe('when the examples are counted', () => {
  it('each of them is run by a test', () => {
    const folders = readdirSync(join(__dirname, '..', '..', 'examples'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
      .map(({ name }) => name);
    const elsewhere = [
      // It needs a server of Secrets Manager: secrets-manager.test.ts.
      'secrets-manager-source',
      // native-quickstarts.test.ts.
      'quickstart-yaml',
      'quickstart-python',
      'quickstart-go',
    ];
    expect([...Object.keys(PREPARATIONS), ...elsewhere].sort()).toEqual(folders.sort());
  });
});

const NEEDS: Record<string, string | undefined> = { hsm: MISSING_FOR_HSM };

for (const name of Object.keys(PREPARATIONS))
  describeUnless(NEEDS[name])(`when the example ${name} is run`, () => {
    let config: Config;
    let stack: ExampleStack;
    let report: ExampleUpdate;

    beforeAll(async () => {
      kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
      client = clientOf(kms);
      example = new Example(name, kms);
      config = await PREPARATIONS[name]!();
      stack = await example.start(config);
      kms.clearCalls();
      report = await stack.upUnderBaseline();
    });

    afterAll(async () => {
      example.remove();
      client.destroy();
      await kms.close();
    });

    it('it comes to what its README says', async () => {
      if (!report.ok) throw new Error(report.text);
      expect(report.diagnostics).toEqual([]);
      expect(Object.keys(report.outputs).sort()).toEqual(example.promisedOutputs());
      await (PROOFS[name] ?? worksAsAKey)(report, config);
    });

    describeWithPulumi('under baseline', () => {
      it('it gets advice at most', () => {
        expect(report.policies.filter(({ level }) => level === 'mandatory')).toEqual([]);
        expect([...new Set(report.policies.map(({ policy }) => policy))].sort()).toEqual(
          adviceOn(name),
        );
      });
    });

    const change = CHANGES[name];
    if (change !== undefined) {
      it('it changes as its README says', async () => {
        await change(stack, report);
      });
    }

    // 50 keys show nothing more than one.
    if (name !== 'fleet') {
      it('a second update changes nothing', async () => {
        const again = await stack.up();
        expect(again.ok).toBe(true);
        expect(Object.keys(again.summary)).toEqual(['same']);
      });
    }
  });
