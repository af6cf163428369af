import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  type KeySpec,
  type KeyUsageType,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import {
  clientOf,
  createKey,
  materialsOf,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { writeDocumentedScript } from '../support/documented-script';
import { ResourceLife } from '../support/resource-life';

const ARGUMENT = 'an-argument-of-the-program';

let kms: EmbeddedKms;
let client: KMSClient;
let folder: string;
let script: string;
let life: ResourceLife;
let keyId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'byok-wrap-command-'));
  script = writeDocumentedScript('wrap-command.md', 'OpenSSL', folder);
  kms = await startKms();
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  life = new ResourceLife({ kms, env: process.env });
  keyId = await createKey(client);
  writeFileSync(join(folder, 'runs'), '');
  kms.clearCalls();
});

const operations = (): string[] => kms.calls.map(({ operation }) => operation);
const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').length;
const place = (name: string, bytes: Buffer): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
/** A command that counts its runs and has OpenSSL wrap a file. */
const wrapping = (file: string, ...more: string[]): { readonly wrapCommand: readonly string[] } => {
  const counted = 'printf x >> "$1"; exec "$2" "$3"';
  return {
    wrapCommand: ['sh', '-c', counted, 'sh', join(folder, 'runs'), script, file, ...more],
  };
};

describe('when a command wraps the material', () => {
  it('it runs once for the import, and never in a preview', async () => {
    const program = { keyId, material: wrapping(place('a', randomBytes(32)), ARGUMENT) };
    expect(await life.preview(program)).toBe('create');
    expect(runs()).toBe(0);
    expect(await life.up(program)).toBe('create');
    expect(runs()).toBe(1);
    expect(await works(client, keyId)).toBe(true);
    kms.clearCalls();
    expect(await life.up(program)).toBe('same');
    expect(runs()).toBe(1);
    expect(kms.calls).toHaveLength(0);
  });

  it('state has its program and hashes, and no argument', async () => {
    await life.up({ keyId, material: wrapping(place('a', randomBytes(32)), ARGUMENT) });
    expect(JSON.stringify([life.inputs, life.outs])).not.toContain(ARGUMENT);
    expect(life.outs.materialSource).toEqual({
      kind: 'wrapCommand',
      program: 'sh',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(life.outs.materialFingerprint).toMatch(/^v3:[0-9a-f]{64}$/);
  });

  it('KMS proves that a file has the same symmetric key', async () => {
    const file = place('a', randomBytes(32));
    await life.up({ keyId, material: wrapping(file) });
    const before = life.outs;
    expect(await life.up({ keyId, material: { file } })).toBe('update');
    expect(operations().filter((name) => name === 'ImportKeyMaterial')).toHaveLength(2);
    expect(life.outs.keyMaterialId).toBe(before.keyMaterialId);
    expect(life.outs.materialFingerprint).toMatch(/^v1:/);
    expect(await life.up({ keyId, material: wrapping(file) })).toBe('update');
    expect(life.outs.materialFingerprint).toBe(before.materialFingerprint);
    expect(life.outs.keyMaterialId).toBe(before.keyMaterialId);
    expect(await life.up({ keyId, material: wrapping(file) })).toBe('same');
  });

  it.each([
    ['another command', (file: string) => wrapping(file)],
    ['a file', (file: string) => ({ file })],
  ])('KMS refuses other bytes from %s, and nothing changes', async (_what, source) => {
    const program = { keyId, material: wrapping(place('a', randomBytes(32))) };
    await life.up(program);
    const other = { keyId, material: source(place('b', randomBytes(32))) };
    await expect(life.up(other)).rejects.toThrowWithCode('MATERIAL_REFUSED');
    expect(await works(client, keyId)).toBe(true);
    expect(await life.up(program)).toBe('same');
  });

  it('with other variables it runs again, and KMS compares what it wraps', async () => {
    const [file, other] = [place('a', randomBytes(32)), place('b', randomBytes(32))];
    life = new ResourceLife({ kms, env: { ...process.env, FILE: file, OTHER: other } });
    const counted = 'printf x >> "$1"; exec "$2" "${OTHER:-$FILE}"';
    const wrapCommand = ['sh', '-c', counted, 'sh', join(folder, 'runs'), script];
    const program = { keyId, material: { wrapCommand, passEnvironment: ['FILE'] } };
    await life.up(program);
    const material = { wrapCommand, passEnvironment: ['FILE', 'OTHER'] };
    await expect(life.up({ keyId, material })).rejects.toThrowWithCode('MATERIAL_REFUSED');
    expect(runs()).toBe(2);
    expect(await life.up(program)).toBe('same');
  });

  it('a file is not replaced by a command that wraps other bytes', async () => {
    await life.up({ keyId, material: { file: place('a', randomBytes(32)) } });
    const other = { keyId, material: wrapping(place('b', randomBytes(32))) };
    await expect(life.up(other)).rejects.toThrowWithCode('MATERIAL_REFUSED');
  });

  it('lost material heals, and only by the same bytes', async () => {
    const bytes = randomBytes(32);
    const program = { keyId, material: wrapping(place('a', bytes)) };
    await life.up(program);
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await life.refresh();
    place('a', randomBytes(32));
    await expect(life.up(program)).rejects.toThrowWithCode('MATERIAL_REFUSED');
    place('a', bytes);
    expect(await life.up(program)).toBe('update');
    expect(await works(client, keyId)).toBe(true);
    expect(runs()).toBe(3);
  });

  it('a renewal of the expiry runs it again', async () => {
    const material = wrapping(place('a', randomBytes(32)));
    await life.up({ keyId, material, validFor: '30d' });
    expect(await life.up({ keyId, material, validFor: '60d' })).toBe('update');
    expect(runs()).toBe(2);
  });

  it('a changed command leaves the expiry of the material as it is', async () => {
    const file = place('a', randomBytes(32));
    await life.up({ keyId, material: wrapping(file), validFor: '30d' });
    const { validTo } = life.outs;
    expect(await life.up({ keyId, material: wrapping(file, 'x'), validFor: '30d' })).toBe('update');
    expect(life.outs.validTo).toBe(validTo);
  });

  it('a run that lost the answer of KMS is continued by the next, which knows the command', async () => {
    await life.up({ keyId, material: wrapping(place('a', randomBytes(32))) });
    const program = {
      keyId,
      material: wrapping(place('b', randomBytes(32))),
      importType: 'NEW_KEY_MATERIAL',
    };
    kms.inject({ operation: 'ImportKeyMaterial', times: 99, fault: { kind: 'lose-response' } });
    await expect(new ResourceLife({ kms, env: process.env }).up(program)).rejects.toThrow();
    kms.clearFaults();
    expect(await materialsOf(client, keyId)).toHaveLength(2);
    const next = new ResourceLife({ kms, env: process.env });
    expect(await next.up(program)).toBe('create');
    const staged = (await materialsOf(client, keyId)).find(
      ({ KeyMaterialId }) => KeyMaterialId === next.outs.keyMaterialId,
    );
    expect(staged?.KeyMaterialDescription).toContain(
      `byok:${String(next.outs.materialFingerprint).slice(0, 'v3:'.length + 32)}`,
    );
  });

  it('staged material is replaced by that of another command', async () => {
    await life.up({ keyId, material: wrapping(place('a', randomBytes(32))) });
    const next = new ResourceLife({ kms, env: process.env });
    const staged = (file: string) => ({
      keyId,
      material: wrapping(file),
      importType: 'NEW_KEY_MATERIAL',
    });
    await next.up(staged(place('b', randomBytes(32))));
    const { keyMaterialId } = next.outs;
    expect(await next.up(staged(place('c', randomBytes(32))))).toBe('update');
    expect(next.outs.keyMaterialId).not.toBe(keyMaterialId);
    const pending = (await materialsOf(client, keyId)).filter(
      ({ KeyMaterialState }) => KeyMaterialState === 'PENDING_ROTATION',
    );
    expect(pending.map(({ KeyMaterialId }) => KeyMaterialId)).toEqual([next.outs.keyMaterialId]);
  });
});

describe('when a command wraps material that it should not', () => {
  it('a ciphertext of another length is refused before the import', async () => {
    const material = { wrapCommand: ['sh', '-c', 'cat >/dev/null; head -c 511 /dev/zero'] };
    await expect(life.up({ keyId, material })).rejects.toThrowWithCode('WRAPPED_LENGTH');
    expect(operations()).not.toContain('ImportKeyMaterial');
  });

  it('KMS refuses bytes of the right length that are no ciphertext, also in the place of staged material', async () => {
    const garbage = { wrapCommand: ['sh', '-c', 'cat >/dev/null; head -c 512 /dev/zero'] };
    await life.up({ keyId, material: wrapping(place('a', randomBytes(32))) });
    const next = new ResourceLife({ kms, env: process.env });
    const staged = (material: object) => ({ keyId, material, importType: 'NEW_KEY_MATERIAL' });
    const program = staged(wrapping(place('b', randomBytes(32))));
    await next.up(program);
    await expect(next.up(staged(garbage))).rejects.toThrowWithCode('IMPORT_PARAMETERS_REFUSED');
    expect(await works(client, keyId)).toBe(true);
    expect(await next.up(staged(wrapping(place('c', randomBytes(32)))))).toBe('update');
    expect(await materialsOf(client, keyId)).toHaveLength(2);
  });

  it('KMS refuses a key of another length', async () => {
    const material = wrapping(place('a', randomBytes(31)));
    await expect(life.up({ keyId, material })).rejects.toThrowWithCode('MATERIAL_REFUSED');
  });
});

const HASHES = ['SHA_256', 'SHA_1'] as const;

describe.each(HASHES)('when OpenSSL wraps with %s', (hash) => {
  const newKey = async (KeySpec: KeySpec, KeyUsage: KeyUsageType): Promise<string> => {
    const created = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec, KeyUsage }),
    );
    return created.KeyMetadata!.Arn!;
  };

  it('a symmetric key arrives under every wrapping key', async () => {
    for (const wrappingKeySpec of ['RSA_2048', 'RSA_3072', 'RSA_4096']) {
      const key = await createKey(client);
      const one = new ResourceLife({ kms, env: process.env });
      const wrappingAlgorithm = `RSAES_OAEP_${hash}`;
      const material = wrapping(place('a', randomBytes(32)));
      await one.up({ keyId: key, material, wrappingAlgorithm, wrappingKeySpec });
      expect(await works(client, key)).toBe(true);
      expect(one.outs.importReceipt).toMatchObject({ wrappingAlgorithm, wrappingKeySpec });
    }
  });

  it('an HMAC key is the one in the file', async () => {
    const bytes = randomBytes(32);
    const key = await newKey('HMAC_256', 'GENERATE_VERIFY_MAC');
    const material = wrapping(place('hmac', bytes));
    await life.up({ keyId: key, material, wrappingAlgorithm: `RSAES_OAEP_${hash}` });
    const Message = randomBytes(20);
    const { Mac } = await client.send(
      new GenerateMacCommand({ KeyId: key, MacAlgorithm: 'HMAC_SHA_256', Message }),
    );
    expect(Buffer.from(Mac!)).toEqual(createHmac('sha256', bytes).update(Message).digest());
  });

  const pairs = {
    RSA_2048: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ECC_NIST_P256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ECC_NIST_EDWARDS25519: () => generateKeyPairSync('ed25519'),
  };

  it.each(Object.keys(pairs) as (keyof typeof pairs)[])(
    'a private key of %s is the one in the file, and KMS refuses another',
    async (keySpec) => {
      const { privateKey, publicKey } = pairs[keySpec]();
      const der = privateKey.export({ format: 'der', type: 'pkcs8' });
      const key = await newKey(keySpec, 'SIGN_VERIFY');
      const wrappingAlgorithm = `RSA_AES_KEY_WRAP_${hash}`;
      await life.up({ keyId: key, material: wrapping(place('key', der)), wrappingAlgorithm });
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: key }));
      const imported = createPublicKey({
        key: Buffer.from(PublicKey!),
        format: 'der',
        type: 'spki',
      });
      expect(imported.equals(publicKey)).toBe(true);
      const other = pairs[keySpec]().privateKey.export({ format: 'der', type: 'pkcs8' });
      const material = wrapping(place('other', other));
      await expect(life.up({ keyId: key, material, wrappingAlgorithm })).rejects.toThrowWithCode(
        'MATERIAL_REFUSED',
      );
    },
  );
});
