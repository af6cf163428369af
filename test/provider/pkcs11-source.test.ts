import {
  CreateKeyCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  SignCommand,
  type CreateKeyCommandInput,
  type KMSClient,
} from '@aws-sdk/client-kms';
import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  verify,
  type KeyObject,
} from 'node:crypto';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, materialsOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { fingerprint } from '../../src/domain/fingerprint';
import { parseKeyReference } from '../../src/domain/identifiers';
import { TokenClients } from '../../src/material/pkcs11/token-client';
import { ResourceLife, type CheckFailed } from '../support/resource-life';
import { describeWithSoftHsm } from '../support/describe-with-soft-hsm';
import { SOFTHSM_MODULE, SoftHsm } from '../support/soft-hsm';
import { codeAtEnd } from '../support/codes';

let hsm: SoftHsm;
let kms: EmbeddedKms;
let client: KMSClient;
let tokenClients: TokenClients;

beforeAll(async () => {
  hsm = new SoftHsm(['keys', 'others']);
  kms = await startKms();
  client = clientOf(kms);
});

beforeEach(() => {
  // As in another run: nothing is remembered of the last one.
  tokenClients = new TokenClients();
});

afterEach(() => {
  tokenClients.close();
});

afterAll(async () => {
  client.destroy();
  await kms.close();
  hsm.remove();
});

const material = (keyLabel: string, more: object = {}) => ({
  pkcs11: {
    module: SOFTHSM_MODULE,
    tokenLabel: 'keys',
    keyLabel,
    pin: { env: 'HSM_PIN' },
    ...more,
  },
});

const newLife = (): ResourceLife => new ResourceLife({ kms, env: hsm.env, tokenClients });

async function createKey(input: CreateKeyCommandInput = {}): Promise<string> {
  const created = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...input }));
  return created.KeyMetadata!.Arn!;
}

const refusal = async (what: Promise<unknown>): Promise<string[]> => {
  const error: unknown = await what.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  );
  const { codes, message } = error as Partial<CheckFailed> & Error;
  return codes ?? [codeAtEnd(message) ?? message];
};

const imports = (): number =>
  kms.calls.filter(({ operation }) => operation === 'ImportKeyMaterial').length;

describeWithSoftHsm('when a symmetric key is in a token', () => {
  it('it lives as the material of any source does', async () => {
    hsm.generate('AES:32', { token: 'keys', label: 'root', id: '01' });
    hsm.generate('AES:32', { token: 'keys', label: 'next', id: '02' });
    const keyId = await createKey();
    const program = { keyId, keySpec: 'SYMMETRIC_DEFAULT', material: material('root') };
    const life = newLife();

    expect(await life.up(program)).toBe('create');
    expect(await works(client, keyId)).toBe(true);
    expect(life.outs).toMatchObject({
      importState: 'IMPORTED',
      materialFingerprint: expect.stringMatching(/^v1:/) as string,
      materialSource: {
        kind: 'pkcs11',
        tokenLabel: 'keys',
        keyLabel: 'root',
        pin: { env: 'HSM_PIN' },
      },
      importReceipt: { wrappingAlgorithm: 'RSAES_OAEP_SHA_1', wrappingKeySpec: 'RSA_4096' },
    });
    expect(JSON.stringify([life.inputs, life.outs])).not.toContain(hsm.pin);

    expect(await life.up(program)).toBe('same');

    const expiring = { ...program, validFor: '90d' };
    expect(await life.up(expiring)).toBe('update');
    expect(life.outs.validTo).toBeDefined();
    expect(await life.up(expiring)).toBe('same');

    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await life.refresh();
    expect(await life.up(expiring)).toBe('update');
    expect(await works(client, keyId)).toBe(true);

    const second = newLife();
    const staged = { keyId, importType: 'NEW_KEY_MATERIAL', material: material('next') };
    expect(await second.up(staged)).toBe('create');
    expect(await materialsOf(client, keyId)).toHaveLength(2);
    await second.destroy();

    await life.destroy();
    expect(await works(client, keyId)).toBe(false);
  });

  it('a file with the same bytes is the same material', async () => {
    const value = randomBytes(32);
    hsm.writeAesKey(value, { token: 'keys', label: 'shared', id: '03' });
    const file = join(hsm.folder, 'shared.bin');
    writeFileSync(file, value);
    const keyId = await createKey();
    const life = newLife();
    await life.up({ keyId, material: { file } });
    const before = imports();
    await life.up({ keyId, material: material('shared') });
    expect(imports()).toBe(before);
    expect(life.outs.materialFingerprint).toBe(fingerprint(parseKeyReference(keyId), value));
  });

  it('another key of the same label is refused by the preview', async () => {
    hsm.generate('AES:32', { token: 'keys', label: 'swapped', id: '04' });
    const keyId = await createKey();
    const life = newLife();
    await life.up({ keyId, material: material('swapped') });
    hsm.delete('keys', 'secrkey', 'swapped');
    hsm.generate('AES:32', { token: 'keys', label: 'swapped', id: '04' });
    expect(await refusal(life.preview({ keyId, material: material('swapped') }))).toEqual([
      'MATERIAL_DIFFERS',
    ]);
  });

  it('another key between the preview and the import is refused, and nothing is imported', async () => {
    hsm.generate('AES:32', { token: 'keys', label: 'exchanged', id: '05' });
    const keyId = await createKey();
    const life = newLife();
    const program = { keyId, material: material('exchanged') };
    const inputs = await life.check({}, program);
    hsm.delete('keys', 'secrkey', 'exchanged');
    hsm.generate('AES:32', { token: 'keys', label: 'exchanged', id: '05' });
    const before = imports();
    expect(await refusal(life.provider.create(inputs))).toEqual(['MATERIAL_CHANGED']);
    expect(imports()).toBe(before);
  });

  it('a token that was removed since the preview imports nothing', async () => {
    hsm.initToken('short');
    hsm.generate('AES:32', { token: 'short', label: 'brief' });
    const keyId = await createKey();
    const program = { keyId, material: material('brief', { tokenLabel: 'short' }) };
    const life = newLife();
    const inputs = await life.check({}, program);
    hsm.deleteToken('short');
    tokenClients.close();
    const before = imports();
    expect(await refusal(newLife().provider.create(inputs))).toEqual(['PKCS11_TOKEN']);
    expect(imports()).toBe(before);
  });

  it('two tokens can have a key of one label', async () => {
    hsm.generate('AES:32', { token: 'keys', label: 'both', id: '06' });
    hsm.generate('AES:32', { token: 'others', label: 'both', id: '06' });
    const [one, other] = [newLife(), newLife()];
    await one.up({ keyId: await createKey(), material: material('both') });
    await other.up({
      keyId: await createKey(),
      material: material('both', { tokenLabel: 'others' }),
    });
    expect(one.outs.importState).toBe('IMPORTED');
    expect(other.outs.importState).toBe('IMPORTED');
  });

  it('a PIN that a command prints is read only for an import, and the preview says so', async () => {
    hsm.generate('AES:32', { token: 'keys', label: 'by command', id: '07' });
    const count = join(hsm.folder, 'count');
    const script = 'echo run >> "$1"; echo "$2"';
    const pin = { command: ['sh', '-c', script, 'sh', count, hsm.pin] };
    const keyId = await createKey();
    const program = { keyId, material: material('by command', { pin }) };
    const life = newLife();
    expect(await life.preview(program)).toBe('create');
    expect(life.told).toContainEqual(expect.stringMatching(/only the import looks at the key/));
    expect(() => hsm.read(count)).toThrow();
    await life.up(program);
    expect(hsm.read(count)).toBe('run\n');
    expect(await life.up(program)).toBe('same');
    expect(hsm.read(count)).toBe('run\n');
    expect(JSON.stringify([life.inputs, life.outs])).not.toContain('echo');
    // State has no command, so a program that does not declare it cannot import again.
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await life.refresh();
    expect(await refusal(life.up({ keyId }))).toEqual(['MATERIAL_MISSING']);
  });

  it('a wrapping that the token cannot do is refused before any parameters are fetched', async () => {
    hsm.generate('AES:32', { token: 'keys', label: 'sha-256', id: '08' });
    const keyId = await createKey();
    const program = {
      keyId,
      material: material('sha-256'),
      wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    };
    kms.clearCalls();
    expect(await refusal(newLife().up(program))).toEqual(['WRAPPING_UNSUPPORTED']);
    expect(kms.calls.map(({ operation }) => operation)).not.toContain('GetParametersForImport');
  });

  it('a key that cannot be wrapped fails the preview', async () => {
    hsm.generate('AES:32', { token: 'keys', label: 'kept', id: '09', isExtractable: false });
    const program = { keyId: await createKey(), material: material('kept') };
    expect(await refusal(newLife().preview(program))).toEqual(['PKCS11_NOT_WRAPPABLE']);
  });
});

describeWithSoftHsm('when keys of other types are in a token', () => {
  it('KMS computes the same MAC', async () => {
    const value = randomBytes(32);
    hsm.writeHmacKey(value, { token: 'keys', label: 'mac' });
    const keyId = await createKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    await newLife().up({ keyId, keySpec: 'HMAC_256', material: material('mac') });
    const Message = Buffer.from('message');
    const { Mac } = await client.send(
      new GenerateMacCommand({ KeyId: keyId, Message, MacAlgorithm: 'HMAC_SHA_256' }),
    );
    expect(Buffer.from(Mac!)).toEqual(createHmac('sha256', value).update(Message).digest());
  });

  it('KMS decrypts what the public key of an RSA key encrypts', async () => {
    const privateKey = rsaOfUnpaddedLength();
    hsm.writePrivateKey(privateKey, { token: 'keys', label: 'rsa', id: '11' });
    const keyId = await createKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
    const life = newLife();
    await life.up({ keyId, keySpec: 'RSA_2048', material: material('rsa') });
    expect(life.outs).toMatchObject({
      importReceipt: { wrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_1' },
      materialFingerprint: expect.stringMatching(/^v2:/) as string,
    });
    const CiphertextBlob = publicEncrypt(
      { key: createPublicKey(privateKey), oaepHash: 'sha256' },
      Buffer.from('text'),
    );
    const { Plaintext } = await client.send(
      new DecryptCommand({
        KeyId: keyId,
        CiphertextBlob,
        EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      }),
    );
    expect(Buffer.from(Plaintext!).toString()).toBe('text');
  });

  it.each([
    ['RSA_2048', 'RSASSA_PSS_SHA_256', 'rsa life', '15', rsaOfUnpaddedLength, newRsaKey],
    ['ECC_NIST_P384', 'ECDSA_SHA_384', 'ec life', '16', newEcKey, newEcKey],
  ] as const)(
    'a key pair for %s lives as the material of any source does',
    async (KeySpec, SigningAlgorithm, label, id, newKey, otherKey) => {
      hsm.writePrivateKey(newKey(), { token: 'keys', label, id });
      const keyId = await createKey({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
      const sign = () =>
        client.send(
          new SignCommand({ KeyId: keyId, Message: Buffer.from('message'), SigningAlgorithm }),
        );
      const program = { keyId, keySpec: KeySpec, material: material(label) };
      const life = newLife();
      expect(await life.up(program)).toBe('create');
      expect(await life.up(program)).toBe('same');

      const expiring = { ...program, validFor: '90d' };
      expect(await life.up(expiring)).toBe('update');
      expect(life.outs.validTo).toBeDefined();
      expect(await life.up(expiring)).toBe('same');

      await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
      await expect(sign()).rejects.toThrow();
      await life.refresh();
      expect(life.outs.importState).toBe('PENDING_IMPORT');
      expect(await life.up(expiring)).toBe('update');
      await expect(sign()).resolves.toBeDefined();

      hsm.delete('keys', 'privkey', label);
      hsm.delete('keys', 'pubkey', label);
      hsm.writePrivateKey(otherKey(), { token: 'keys', label, id });
      expect(await refusal(life.preview(expiring))).toEqual(['MATERIAL_DIFFERS']);

      await life.destroy();
      await expect(sign()).rejects.toThrow();
    },
  );

  it('an RSA key that the token wraps with zero bytes behind it is refused by KMS', async () => {
    hsm.writePrivateKey(rsaOfPaddedLength(), { token: 'keys', label: 'padded', id: '12' });
    const keyId = await createKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    const life = newLife();
    const updated = life.up({ keyId, keySpec: 'RSA_2048', material: material('padded') });
    expect(await refusal(updated)).toEqual(['MATERIAL_REFUSED']);
    expect(life.told).toContainEqual(expect.stringMatching(/^warning: .*zero bytes/));
  });

  it('signatures of KMS verify with the public key of an EC key', async () => {
    hsm.generate('EC:secp384r1', { token: 'keys', label: 'ec', id: '13' });
    const keyId = await createKey({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' });
    await newLife().up({ keyId, keySpec: 'ECC_NIST_P384', material: material('ec') });
    const Message = Buffer.from('message');
    const signed = await client.send(
      new SignCommand({ KeyId: keyId, Message, SigningAlgorithm: 'ECDSA_SHA_384' }),
    );
    const inToken = hsm.p384PublicKey('keys', 'ec');
    expect(verify('sha384', Message, inToken, Buffer.from(signed.Signature!))).toBe(true);
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    expect(inToken.export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(PublicKey!));
  });
});

function newEcKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
}

const pkcs8Length = (key: KeyObject): number => key.export({ format: 'der', type: 'pkcs8' }).length;

function rsaWhose(fits: (length: number) => boolean): KeyObject {
  for (;;) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    if (fits(pkcs8Length(privateKey))) return privateKey;
  }
}

// One of them takes many tries.
let unpadded: KeyObject | undefined;

function rsaOfUnpaddedLength(): KeyObject {
  return (unpadded ??= rsaWhose((length) => length % 8 === 0));
}

function newRsaKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

function rsaOfPaddedLength(): KeyObject {
  return rsaWhose((length) => length % 8 !== 0);
}
