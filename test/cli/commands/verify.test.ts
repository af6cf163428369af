import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  RotateKeyOnDemandCommand,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, materialsOf } from '../../../packages/embedded-kms/test/support/kms-key';
import { importWith, pairOf, pkcs8 } from '../../../packages/embedded-kms/test/support/specs';
import { writeDocumentedScript } from '../../support/documented-script';
import { runCli, temporaryFolder, useEmbeddedCredentials } from '../run-cli';
import { codesIn } from '../../support/codes';

useEmbeddedCredentials();
const inFolder = temporaryFolder();

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;

beforeAll(async () => {
  clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
  kms = await startKms({ clock, rotationSeconds: 0 });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

async function keyOf(KeySpec: KeySpec, KeyUsage: KeyUsageType, material?: Buffer): Promise<string> {
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec, KeyUsage }),
  );
  if (material !== undefined) await importOf(KeyMetadata!.Arn!, material);
  kms.clearCalls();
  return KeyMetadata!.Arn!;
}

const importOf = (keyArn: string, material: Buffer, extras = {}) =>
  importWith({ client }, keyArn, material, {
    algorithm: material.length > 190 ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256',
    extras,
  });

async function verdictOf(keyArn: string, material: Buffer, ...args: string[]) {
  writeFileSync(inFolder('material'), material);
  const { code, stdout, stderr } = await runCli(
    [
      ...['verify', '--endpoint-url', kms.url, '--key-id', keyArn, '--json'],
      ...['--material', `file:${inFolder('material')}`, ...args],
    ],
    { now: () => clock.now() },
  );
  if (code === 1) return { code, verdict: codesIn(stderr)[0] };
  return { code, ...(JSON.parse(stdout) as { verdict: string; keyMaterialId?: string }) };
}

const operations = (): string[] => kms.calls.map(({ operation }) => operation);

describe('when verify is asked whether a key holds material', () => {
  it.each(['HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512'] as const)(
    '%s is proved by a MAC, either way',
    async (spec) => {
      const material = randomBytes(Number(spec.slice(5)) / 8);
      const keyArn = await keyOf(spec, 'GENERATE_VERIFY_MAC', material);
      expect(await verdictOf(keyArn, material)).toMatchObject({ code: 0, verdict: 'same' });
      expect(operations()).toEqual(['DescribeKey', 'GenerateMac']);
      const other = randomBytes(material.length);
      expect(await verdictOf(keyArn, other)).toMatchObject({ code: 2, verdict: 'different' });
    },
  );

  it.each(['RSA_2048', 'ECC_NIST_P256', 'ECC_SECG_P256K1', 'ECC_NIST_EDWARDS25519'] as const)(
    '%s is proved by its public key',
    async (spec) => {
      const material = pkcs8(pairOf(spec).privateKey);
      const keyArn = await keyOf(spec, 'SIGN_VERIFY', material);
      expect(await verdictOf(keyArn, material)).toMatchObject({ code: 0, verdict: 'same' });
      expect(operations()).toEqual(['DescribeKey', 'GetPublicKey']);
    },
  );

  it('another private key is recognized as different', async () => {
    const keyArn = await keyOf(
      'ECC_NIST_P384',
      'SIGN_VERIFY',
      pkcs8(pairOf('ECC_NIST_P384').privateKey),
    );
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(await verdictOf(keyArn, pkcs8(privateKey))).toMatchObject({
      code: 2,
      verdict: 'different',
    });
  });

  it('a symmetric key proves nothing by itself, and is not changed', async () => {
    const material = randomBytes(32);
    const keyArn = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', material);
    expect(await verdictOf(keyArn, material)).toMatchObject({ code: 2, verdict: 'unproved' });
    expect(operations()).toEqual(['DescribeKey', 'ListKeyRotations']);
  });

  it('--reimport proves a symmetric key, and keeps expiry and description', async () => {
    const material = randomBytes(32);
    const keyArn = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT');
    const ValidTo = new Date('2030-03-01T12:00:00Z');
    const extras = {
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo,
      KeyMaterialDescription: 'made by hand',
    };
    await importOf(keyArn, material, extras);
    const before = await materialsOf(client, keyArn);
    clock.advance(86_400_000);
    expect(await verdictOf(keyArn, material, '--reimport')).toMatchObject({
      code: 0,
      verdict: 'same',
      keyMaterialId: before[0]?.KeyMaterialId,
    });
    expect(await materialsOf(client, keyArn)).toEqual(before);

    const other = randomBytes(32);
    expect(await verdictOf(keyArn, other, '--reimport')).toMatchObject({
      code: 2,
      verdict: 'different',
    });
    expect(await materialsOf(client, keyArn)).toEqual(before);
  });

  it('--reimport proves material that only a command can wrap', async () => {
    const material = randomBytes(32);
    const keyArn = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', material);
    const script = writeDocumentedScript('wrap-command.md', 'OpenSSL', inFolder(''));
    const source = JSON.stringify({ wrapCommand: [script, inFolder('material')] });
    // The last --material counts.
    const ofCommand = (bytes: Buffer, ...args: string[]) =>
      verdictOf(keyArn, bytes, '--material', source, ...args);
    expect(await ofCommand(material)).toMatchObject({ code: 2, verdict: 'unproved' });
    expect(operations()).toEqual(['DescribeKey', 'ListKeyRotations']);
    expect(await ofCommand(material, '--reimport')).toMatchObject({ code: 0, verdict: 'same' });
    expect(await ofCommand(randomBytes(32), '--reimport')).toMatchObject({ verdict: 'different' });
  });

  it('--reimport leaves a disabled key disabled', async () => {
    const material = randomBytes(32);
    const keyArn = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', material);
    await client.send(new DisableKeyCommand({ KeyId: keyArn }));
    expect(await verdictOf(keyArn, material, '--reimport')).toMatchObject({ verdict: 'same' });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyArn }));
    expect(KeyMetadata?.KeyState).toBe('Disabled');
  });

  it('--reimport finds which of several materials it is', async () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const keyArn = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', first);
    await importOf(keyArn, second, { ImportType: 'NEW_KEY_MATERIAL' });
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
    const [a, b] = await materialsOf(client, keyArn);
    const found = async (material: Buffer) =>
      (await verdictOf(keyArn, material, '--reimport')) as { keyMaterialId?: string };
    expect((await found(first)).keyMaterialId).toBe(a?.KeyMaterialId);
    expect((await found(second)).keyMaterialId).toBe(b?.KeyMaterialId);
  });

  it('--reimport proves staged material too, before, during and after a rotation by another tool', async () => {
    const rotating = await startKms({ clock, rotationSeconds: 60 });
    const other = clientOf(rotating);
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const { KeyMetadata } = await other.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const keyArn = KeyMetadata!.Arn!;
    const algorithm = 'RSAES_OAEP_SHA_256';
    await importWith({ client: other }, keyArn, first, { algorithm });
    const { KeyMaterialId } = await importWith({ client: other }, keyArn, second, {
      algorithm,
      extras: { ImportType: 'NEW_KEY_MATERIAL', KeyMaterialDescription: 'made by hand' },
    });
    const expectProof = async () => {
      const before = await materialsOf(other, keyArn);
      const found = await verdictOf(keyArn, second, '--reimport', '--endpoint-url', rotating.url);
      expect(found).toMatchObject({ code: 0, verdict: 'same', keyMaterialId: KeyMaterialId });
      const wrong = await verdictOf(
        keyArn,
        randomBytes(32),
        ...['--reimport', '--endpoint-url', rotating.url],
      );
      expect(wrong).toMatchObject({ code: 2, verdict: 'different' });
      expect(await materialsOf(other, keyArn)).toEqual(before);
    };
    await expectProof();
    await other.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
    clock.advance(30_000);
    expect((await materialsOf(other, keyArn)).at(-1)?.KeyMaterialState).toBe('PENDING_ROTATION');
    await expectProof();
    clock.advance(31_000);
    expect((await materialsOf(other, keyArn)).at(-1)?.KeyMaterialState).toBe('CURRENT');
    await expectProof();
    other.destroy();
    await rotating.close();
  });

  it('material that is gone is absent, and --reimport does not bring it back', async () => {
    const material = randomBytes(32);
    const keyArn = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', material);
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyArn }));
    kms.clearCalls();
    expect(await verdictOf(keyArn, material, '--reimport')).toMatchObject({
      code: 2,
      verdict: 'absent',
    });
    expect(operations()).not.toContain('ImportKeyMaterial');
    const empty = await keyOf('HMAC_256', 'GENERATE_VERIFY_MAC');
    expect(await verdictOf(empty, material)).toMatchObject({ code: 2, verdict: 'absent' });
  });

  it('an HMAC key that is disabled proves nothing', async () => {
    const material = randomBytes(32);
    const keyArn = await keyOf('HMAC_256', 'GENERATE_VERIFY_MAC', material);
    await client.send(new DisableKeyCommand({ KeyId: keyArn }));
    expect(await verdictOf(keyArn, material)).toMatchObject({ code: 2, verdict: 'unproved' });
  });

  it.each([
    ['material that does not fit', 'MATERIAL_LENGTH', randomBytes(31)],
    [
      'a private key for a symmetric key',
      'MATERIAL_KEY_TYPE',
      pkcs8(pairOf('RSA_2048').privateKey),
    ],
  ])('%s is an error', async (_what, code, material) => {
    const keyArn = await keyOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', randomBytes(32));
    expect(await verdictOf(keyArn, material)).toEqual({ code: 1, verdict: code });
  });

  it('it is shown as text, without the material', async () => {
    const material = Buffer.alloc(32, 7);
    const keyArn = await keyOf('HMAC_256', 'GENERATE_VERIFY_MAC', material);
    writeFileSync(inFolder('material'), material);
    const source = `file:${inFolder('material')}`;
    const { stdout } = await runCli([
      'verify',
      '--endpoint-url',
      kms.url,
      '--key-id',
      keyArn,
      '--material',
      source,
    ]);
    const shown = stdout.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'KEY');
    expect(shown.replace(/v1:[0-9a-f]{64}/, 'FINGERPRINT')).toMatchSnapshot();
  });
});
