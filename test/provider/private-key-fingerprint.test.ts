import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  GetPublicKeyCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { fingerprint } from '../../src/domain/fingerprint';
import { parseKeyReference } from '../../src/domain/identifiers';
import { clientOf } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife, type RecordedLife } from '../support/resource-life';

let kms: EmbeddedKms;
let client: KMSClient;
let folder: string;
let keyId: string;
let own: KeyObject;

beforeEach(async () => {
  kms = await startKms();
  client = clientOf(kms);
  folder = mkdtempSync(join(tmpdir(), 'byok-fingerprint-'));
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  keyId = KeyMetadata!.Arn!;
  own = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
});

afterEach(async () => {
  client.destroy();
  await kms.close();
  rmSync(folder, { recursive: true });
});

const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'sec1' }) as string;
const withoutPublicPart = (key: KeyObject): string =>
  execFileSync('openssl', ['ec', '-no_public'], {
    input: pemOf(key),
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString();
const operations = (): string[] => kms.calls.map(({ operation }) => operation);

/** Writes a key file, and returns the inputs that name it. */
function inputs(pem: string): Record<string, unknown> {
  const file = join(folder, 'key.pem');
  writeFileSync(file, pem, { mode: 0o600 });
  return { keyId, material: { file } };
}

/** The state of the resource as it was recorded when the fingerprint was of the private key. */
function olderState(life: ResourceLife): RecordedLife {
  const pkcs8 = own.export({ format: 'der', type: 'pkcs8' });
  const materialFingerprint = fingerprint(parseKeyReference(keyId), pkcs8);
  return {
    id: life.id,
    inputs: { ...life.inputs, materialFingerprint },
    outs: { ...life.outs, materialFingerprint },
    initFailed: false,
  };
}

describe('when the file of a lost private key has no public part', () => {
  it('an update restores the key', async () => {
    const life = new ResourceLife({ kms });
    await life.up(inputs(pemOf(own)));
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await life.refresh();
    expect(await life.up(inputs(withoutPublicPart(own)))).toBe('update');
    const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId: keyId }));
    const spki = createPublicKey(own).export({ format: 'der', type: 'spki' });
    expect(spki.equals(PublicKey!)).toBe(true);
  });

  it('an update without a loss imports nothing', async () => {
    const life = new ResourceLife({ kms });
    await life.up(inputs(pemOf(own)));
    expect(await life.up(inputs(withoutPublicPart(own)))).toBe('same');
  });
});

describe('when state has the older fingerprint of a private key', () => {
  it('an update imports the key again, which proves it, and renews the fingerprint', async () => {
    const first = new ResourceLife({ kms });
    await first.up(inputs(pemOf(own)));
    const current = first.outs.materialFingerprint;
    const life = new ResourceLife({ kms, recorded: olderState(first) });
    const before = operations().length;
    expect(await life.up(inputs(pemOf(own)))).toBe('update');
    expect(operations().slice(before)).toContain('ImportKeyMaterial');
    expect(life.outs.materialFingerprint).toBe(current);
    expect(life.outs.importReceipt).toMatchObject({
      firstImportedAt: (first.outs.importReceipt as { importedAt: string }).importedAt,
    });
    expect(await life.up(inputs(pemOf(own)))).toBe('same');
  });

  it('another key is refused by KMS, and the state stays', async () => {
    const first = new ResourceLife({ kms });
    await first.up(inputs(pemOf(own)));
    const recorded = olderState(first);
    const life = new ResourceLife({ kms, recorded });
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    await expect(life.up(inputs(pemOf(other)))).rejects.toThrowWithCode('MATERIAL_REFUSED');
    expect(life.outs).toEqual(recorded.outs);
  });

  it('a program that no longer declares the material has no change', async () => {
    const first = new ResourceLife({ kms });
    await first.up(inputs(pemOf(own)));
    const life = new ResourceLife({ kms, recorded: olderState(first) });
    expect(await life.up({ keyId })).toBe('same');
  });

  it('a lost key is restored from a file that the program no longer declares, once', async () => {
    const first = new ResourceLife({ kms });
    await first.up(inputs(pemOf(own)));
    const life = new ResourceLife({ kms, recorded: olderState(first) });
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await life.refresh();
    expect(await life.up({ keyId })).toBe('update');
    expect(life.outs.importState).toBe('IMPORTED');
    expect(life.outs.materialFingerprint).toBe(first.outs.materialFingerprint);
    expect(await life.up({ keyId })).toBe('same');
  });

  it('a key from a command is renewed with its next import', async () => {
    const file = join(folder, 'printed.pem');
    writeFileSync(file, pemOf(own), { mode: 0o600 });
    const declared = { keyId, material: { command: ['cat', file] } };
    const first = new ResourceLife({ kms });
    await first.up(declared);
    const { inputs: checked, ...recorded } = olderState(first);
    delete checked.materialFingerprint;
    const life = new ResourceLife({ kms, recorded: { ...recorded, inputs: checked } });
    expect(await life.up(declared)).toBe('same');
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await life.refresh();
    expect(await life.up(declared)).toBe('update');
    expect(life.outs.materialFingerprint).toBe(first.outs.materialFingerprint);
    expect(await life.up(declared)).toBe('same');
  });
});
