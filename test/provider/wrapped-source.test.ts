import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  GenerateMacCommand,
  ReplicateKeyCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  identifier,
  parseBundle,
  serialize,
  type Bundle,
  type WrappedFile,
} from '../../src/material/bundle';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { bundleOf, wrappedFor } from '../support/ceremony';
import { clientOf, createKey, works } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife, type CheckFailed } from '../support/resource-life';
import { codeAtEnd } from '../support/codes';

const START = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;
let folder: string;
let keyId: string;
let life: ResourceLife;
let bytes: Buffer;

beforeEach(async () => {
  clock = new ManualClock(START);
  kms = await startKms({ clock });
  client = clientOf(kms);
  folder = mkdtempSync(join(tmpdir(), 'byok-wrapped-'));
  keyId = await createKey(client);
  bytes = randomBytes(32);
  life = newLife();
});

afterEach(async () => {
  client.destroy();
  await kms.close();
  rmSync(folder, { recursive: true });
});

const newLife = (): ResourceLife => new ResourceLife({ kms, now: () => new Date(clock.now()) });
const operations = (): string[] => kms.calls.map(({ operation }) => operation);

/** Writes the files of a ceremony, and returns the reference to them for a program. */
function place(bundle: Bundle, wrapped: WrappedFile, name = 'one') {
  const paths = {
    bundle: join(folder, `${name}-bundle`),
    ciphertext: join(folder, `${name}-wrapped`),
  };
  writeFileSync(paths.bundle, serialize(bundle));
  writeFileSync(paths.ciphertext, serialize(wrapped));
  return { wrapped: { ...paths, id: identifier(wrapped) } };
}

async function ceremony(name?: string) {
  const bundle = await bundleOf(client, keyId);
  const material = place(bundle, await wrappedFor(bundle, bytes), name);
  kms.clearCalls();
  return material;
}

const refusal = async (what: Promise<unknown>): Promise<string[]> => {
  const error: unknown = await what.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown,
  );
  const { codes, message } = error as Partial<CheckFailed> & Error;
  return codes ?? [codeAtEnd(message) ?? message];
};

describe('when the carrier exchanges the wrapped file of a program', () => {
  it('preview and update refuse it by the id that the program has, before any call', async () => {
    const honest = await ceremony();
    const bundle = parseBundle(readFileSync(honest.wrapped.bundle, 'utf8'));
    const forged = {
      ...(await wrappedFor(bundle, randomBytes(32))),
      materialFingerprint: (await wrappedFor(bundle, bytes)).materialFingerprint,
    };
    writeFileSync(honest.wrapped.ciphertext, serialize(forged));
    expect(await refusal(life.up({ keyId, material: honest }))).toEqual(['WRAPPED_ID']);
    expect(operations()).toEqual([]);
  });

  it('the exchange between the preview and the import is refused as well', async () => {
    const honest = await ceremony();
    const inputs = await life.check({}, { keyId, material: honest });
    const bundle = parseBundle(readFileSync(honest.wrapped.bundle, 'utf8'));
    const { materialFingerprint } = await wrappedFor(bundle, bytes);
    const forged = { ...(await wrappedFor(bundle, randomBytes(32))), materialFingerprint };
    writeFileSync(honest.wrapped.ciphertext, serialize(forged));
    expect(await refusal(life.provider.create(inputs))).toEqual(['WRAPPED_ID']);
    expect(operations()).not.toContain('ImportKeyMaterial');
  });

  it.each([
    ['no id', undefined],
    ['an id of another form', 'v1:0'],
  ])('a program with %s is refused', async (_what, id) => {
    const { wrapped } = await ceremony();
    const material = { wrapped: { bundle: wrapped.bundle, ciphertext: wrapped.ciphertext, id } };
    const program = JSON.parse(JSON.stringify({ keyId, material })) as Record<string, unknown>;
    expect(await refusal(life.preview(program))).toEqual(['WRAPPED_ID']);
  });
});

describe('when material was wrapped elsewhere', () => {
  it('it is imported with the token of its bundle, and no other parameters are fetched', async () => {
    const material = await ceremony();
    expect(await life.up({ keyId, keySpec: 'SYMMETRIC_DEFAULT', material })).toBe('create');
    expect(operations()).not.toContain('GetParametersForImport');
    expect(operations()).toContain('ImportKeyMaterial');
    expect(await works(client, keyId)).toBe(true);
    expect(life.outs).toMatchObject({
      importState: 'IMPORTED',
      materialSource: {
        kind: 'wrapped',
        ...material.wrapped,
        wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        wrappingKeySpec: 'RSA_2048',
      },
      importReceipt: { wrappingAlgorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_2048' },
    });
  });

  it('it is the material that its bytes would be', async () => {
    await life.up({ keyId, material: await ceremony() });
    kms.clearCalls();
    await life.up({ keyId, material: { inline: bytes.toString('base64') } });
    expect(operations()).toEqual([]);
    expect(await life.preview({ keyId, material: { inline: bytes.toString('base64') } })).toBe(
      'same',
    );
  });

  it('a HMAC key takes it too', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    const KeyId = KeyMetadata!.Arn!;
    const bundle = await bundleOf(client, KeyId, 'HMAC_256', {
      wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
      wrappingKeySpec: 'RSA_3072',
    });
    await life.up({ keyId: KeyId, material: place(bundle, await wrappedFor(bundle, bytes)) });
    const { Mac } = await client.send(
      new GenerateMacCommand({ KeyId, MacAlgorithm: 'HMAC_SHA_256', Message: Buffer.from('text') }),
    );
    expect(createHmac('sha256', bytes).update('text').digest().equals(Mac!)).toBe(true);
  });

  it('its files serve every later update that imports nothing, also after the deadline', async () => {
    const material = await ceremony();
    await life.up({ keyId, material });
    clock.advance(30 * DAY);
    kms.clearCalls();
    expect(await life.preview({ keyId, material })).toBe('same');
    expect(await life.up({ keyId, material, deletionProtection: false })).toBe('update');
    expect(operations()).toEqual([]);
  });

  it('a new ceremony for the same bytes renews the expiry', async () => {
    await life.up({ keyId, material: await ceremony(), validFor: '90d' });
    clock.advance(70 * DAY);
    const material = await ceremony('two');
    expect(await life.up({ keyId, material, validFor: '90d' })).toBe('update');
    expect(life.outs.validTo).toBe('2026-11-08T12:00:00Z');
    expect(operations()).not.toContain('GetParametersForImport');
  });
});

describe('when the token of the bundle has expired', () => {
  it('the preview of a create fails, and nothing is called', async () => {
    const material = await ceremony();
    clock.advance(DAY);
    expect(await refusal(life.preview({ keyId, material }))).toEqual(['BUNDLE_EXPIRED']);
    expect(operations()).toEqual([]);
  });

  it('the preview of lost material, of a renewal and of another expiry fails', async () => {
    const material = await ceremony();
    await life.up({ keyId, material, validFor: '90d' });
    clock.advance(DAY);
    expect(await refusal(life.preview({ keyId, material, validFor: '91d' }))).toEqual([
      'BUNDLE_EXPIRED',
    ]);
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await life.refresh();
    kms.clearCalls();
    expect(await refusal(life.preview({ keyId, material, validFor: '90d' }))).toEqual([
      'BUNDLE_EXPIRED',
    ]);
    expect(operations()).toEqual([]);
  });

  it('an update that it expires in is refused before the import', async () => {
    const material = await ceremony();
    await life.preview({ keyId, material });
    const inputs = await life.check({}, { keyId, material });
    clock.advance(DAY);
    kms.clearCalls();
    expect(await refusal(life.provider.create(inputs))).toEqual(['BUNDLE_EXPIRED']);
    expect(operations()).not.toContain('ImportKeyMaterial');
  });
});

describe('when the files do not fit the resource', () => {
  const refuses = async (program: Record<string, unknown>, code: string): Promise<void> => {
    kms.clearCalls();
    expect(await refusal(life.preview({ keyId, ...program }))).toEqual([code]);
    expect(operations()).toEqual([]);
  };

  it('a bundle of another key fails the preview', async () => {
    const material = await ceremony();
    await refuses({ keyId: await createKey(client), material }, 'BUNDLE_KEY');
  });

  it('a bundle of another key spec fails the preview', async () => {
    await refuses({ keySpec: 'HMAC_256', material: await ceremony() }, 'BUNDLE_KEY');
  });

  it('a wrapped file of an earlier ceremony fails the preview', async () => {
    const first = await ceremony();
    const second = await ceremony('two');
    const mixed = {
      bundle: second.wrapped.bundle,
      ciphertext: first.wrapped.ciphertext,
      id: first.wrapped.id,
    };
    await refuses({ material: { wrapped: mixed } }, 'BUNDLE_MISMATCH');
  });

  it('other bytes than those that were imported fail the preview', async () => {
    await life.up({ keyId, material: await ceremony() });
    bytes = randomBytes(32);
    await refuses({ material: await ceremony('two') }, 'MATERIAL_DIFFERS');
  });

  it('an encoding, a passphrase or a missing file name is refused', async () => {
    const material = await ceremony();
    await refuses({ material: { ...material, encoding: 'raw' } }, 'MATERIAL_SOURCE');
    await refuses({ material: { ...material, passphrase: { env: 'X' } } }, 'MATERIAL_SOURCE');
    await refuses({ material: { wrapped: { bundle: 'x' } } }, 'MATERIAL_SOURCE');
  });

  it('a wrapping that the program declares and the bundle does not have is refused', async () => {
    const material = await ceremony();
    const update = life.up({ keyId, material, wrappingAlgorithm: 'RSAES_OAEP_SHA_1' });
    expect(await refusal(update)).toEqual(['WRAPPING_UNSUPPORTED']);
    expect(operations()).not.toContain('ImportKeyMaterial');
  });

  it('a bundle of the primary key is refused for a replica that is named by its ID', async () => {
    const created = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true }),
    );
    keyId = created.KeyMetadata!.Arn!;
    const material = await ceremony();
    await life.up({ keyId, material });
    await client.send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: 'eu-west-2' }));
    clock.advance(60_000);
    const replica = newLife().up({
      keyId: created.KeyMetadata!.KeyId!,
      material,
      connection: { region: 'eu-west-2' },
    });
    expect(await refusal(replica)).toEqual(['BUNDLE_KEY']);
  });

  it('a ciphertext that KMS cannot unwrap is refused by KMS, and nothing is imported', async () => {
    const bundle = await bundleOf(client, keyId);
    const wrapped = await wrappedFor(bundle, bytes);
    const encryptedKeyMaterial = randomBytes(256).toString('base64');
    const material = place(bundle, { ...wrapped, encryptedKeyMaterial });
    await expect(life.up({ keyId, material })).rejects.toThrow('InvalidCiphertextException');
    expect(await works(client, keyId)).toBe(false);
  });
});
