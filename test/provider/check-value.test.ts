import {
  CreateKeyCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  type CreateKeyCommandInput,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf } from '../../packages/embedded-kms/test/support/kms-key';
import type { ImportReceipt } from '../../src/domain/import-receipt';
import { ResourceLife, type CheckFailed } from '../support/resource-life';

const DAY = 86_400_000;

const clock = new ManualClock(new Date('2030-01-01T00:00:00Z'));
let kms: EmbeddedKms;
let client: KMSClient;
let life: ResourceLife;

beforeAll(async () => {
  kms = await startKms({ clock });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

beforeEach(() => {
  life = new ResourceLife({
    kms,
    now: () => clock.now(),
    onWait: (milliseconds) => {
      clock.advance(milliseconds);
    },
  });
});

const createKey = async (more: CreateKeyCommandInput = {}): Promise<string> => {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...more }));
  return KeyMetadata!.Arn!;
};
const inline = (bytes: Buffer) => ({ inline: bytes.toString('base64') });
const checkValue = (): unknown => (life.outs.importReceipt as ImportReceipt).checkValue;

describe('when a program asks for the check value', () => {
  it('that of an AES key is what OpenSSL computes with it', async () => {
    const bytes = randomBytes(32);
    await life.up({ keyId: await createKey(), material: inline(bytes), recordCheckValue: true });
    const args = ['mac', '-cipher', 'AES-256-CBC', '-macopt', `hexkey:${bytes.toString('hex')}`];
    const mac = execFileSync('openssl', [...args, 'CMAC'], { input: Buffer.alloc(16) });
    const value = mac.toString().trim().toLowerCase().slice(0, 10);
    expect(checkValue()).toEqual({ method: 'AES_CMAC', value });
  });

  it('that of an HMAC key is what KMS computes with it', async () => {
    const key = { KeySpec: 'HMAC_384', KeyUsage: 'GENERATE_VERIFY_MAC' } as const;
    const keyId = await createKey(key);
    await life.up({ keyId, material: inline(randomBytes(48)), recordCheckValue: true });
    const { Mac } = await client.send(
      new GenerateMacCommand({
        KeyId: keyId,
        MacAlgorithm: 'HMAC_SHA_384',
        Message: Buffer.alloc(16),
      }),
    );
    const value = Buffer.from(Mac!).toString('hex');
    expect(checkValue()).toEqual({ method: 'HMAC_SHA_384', value });
  });

  it('that of a key pair is the hash of the public key that KMS has', async () => {
    const keyId = await createKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const pem = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey;
    await life.up({ keyId, material: { inline: pem, encoding: 'pem' }, recordCheckValue: true });
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    const value = createHash('sha256').update(PublicKey!).digest('hex');
    expect(checkValue()).toEqual({ method: 'PUBLIC_KEY_SHA_256', value });
  });

  it('it is recorded with the next import, kept by a refresh, and removed without a call', async () => {
    const program = {
      keyId: await createKey(),
      material: inline(randomBytes(32)),
      validFor: '90d',
      renewBefore: '30d',
    };
    await life.up(program);
    expect(checkValue()).toBeUndefined();
    const asked = { ...program, recordCheckValue: true };
    kms.clearCalls();
    expect(await life.up(asked)).toBe('update');
    expect([kms.calls, checkValue()]).toEqual([[], undefined]);
    clock.advance(61 * DAY);
    expect(await life.up(asked)).toBe('update');
    await life.refresh();
    expect(checkValue()).toMatchObject({ method: 'AES_CMAC' });
    kms.clearCalls();
    expect(await life.up(program)).toBe('update');
    expect([kms.calls, checkValue()]).toEqual([[], undefined]);
    expect(await life.up(program)).toBe('same');
  });

  it('the check refuses a source whose material nobody here sees', async () => {
    const material = { wrapCommand: ['wrap'] };
    const error = await life
      .up({ keyId: await createKey(), material, recordCheckValue: true })
      .then(
        () => undefined,
        (thrown: unknown) => thrown as CheckFailed,
      );
    expect(error?.codes).toEqual(['CHECK_VALUE_UNAVAILABLE']);
  });
});
