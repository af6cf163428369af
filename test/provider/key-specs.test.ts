import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  SignCommand,
  type KeyUsageType,
  type KMSClient,
  type MacAlgorithmSpec,
  type SigningAlgorithmSpec,
} from '@aws-sdk/client-kms';
import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  verify,
  type KeyObject,
} from 'node:crypto';
import {
  IMPORTABLE_KEY_SPECS,
  type ImportableKeySpec,
  chooseWrapping,
  WRAPPING_ALGORITHMS,
  WRAPPING_KEY_SPECS,
  type Wrapping,
} from '../../src/domain/key-specs';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

jest.setTimeout(180_000);

const START = new Date('2026-06-01T12:00:00Z');
const HASHES: Partial<Record<ImportableKeySpec, [string, number]>> = {
  HMAC_224: ['sha224', 28],
  HMAC_256: ['sha256', 32],
  HMAC_384: ['sha384', 48],
  HMAC_512: ['sha512', 64],
};
const CURVES: Partial<Record<ImportableKeySpec, [string, string]>> = {
  ECC_NIST_P256: ['P-256', 'sha256'],
  ECC_NIST_P384: ['P-384', 'sha384'],
  ECC_NIST_P521: ['P-521', 'sha512'],
  ECC_SECG_P256K1: ['secp256k1', 'sha256'],
};

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;

/** Material of a key spec, and a proof with independent code that the key in KMS is that material. */
interface Specimen {
  readonly usage: KeyUsageType;
  readonly material: Record<string, string>;
  readonly proves: (keyId: string) => Promise<boolean>;
}

function specimen(keySpec: ImportableKeySpec): Specimen {
  const mac = HASHES[keySpec];
  if (mac !== undefined) {
    const [hash, length] = mac;
    const bytes = randomBytes(length);
    return {
      usage: 'GENERATE_VERIFY_MAC',
      material: { inline: bytes.toString('base64') },
      proves: async (KeyId) => {
        const { Mac } = await client.send(
          new GenerateMacCommand({
            KeyId,
            MacAlgorithm: `HMAC_SHA_${hash.slice(3)}` as MacAlgorithmSpec,
            Message: Buffer.from('text'),
          }),
        );
        return createHmac(hash, bytes).update('text').digest().equals(Mac!);
      },
    };
  }
  if (keySpec === 'SYMMETRIC_DEFAULT') {
    return {
      usage: 'ENCRYPT_DECRYPT',
      material: { inline: randomBytes(32).toString('base64') },
      proves: (keyId) => works(client, keyId),
    };
  }
  const privateKey = generate(keySpec);
  const curve = CURVES[keySpec];
  const algorithm =
    keySpec === 'ECC_NIST_EDWARDS25519'
      ? 'ED25519_SHA_512'
      : curve === undefined
        ? 'RSASSA_PSS_SHA_256'
        : `ECDSA_SHA_${curve[1].slice(3)}`;
  return {
    usage: 'SIGN_VERIFY',
    material: {
      inline: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      encoding: 'pem',
    },
    proves: async (KeyId) => {
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
      const { Signature } = await client.send(
        new SignCommand({
          KeyId,
          Message: Buffer.from('text'),
          SigningAlgorithm: algorithm as SigningAlgorithmSpec,
        }),
      );
      const publicKey = createPublicKey(privateKey);
      const same = publicKey.export({ format: 'der', type: 'spki' }).equals(PublicKey!);
      const padding =
        curve === undefined && keySpec.startsWith('RSA')
          ? {
              padding: constants.RSA_PKCS1_PSS_PADDING,
              saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
            }
          : {};
      const hash = keySpec === 'ECC_NIST_EDWARDS25519' ? null : (curve?.[1] ?? 'sha256');
      return same && verify(hash, Buffer.from('text'), { key: publicKey, ...padding }, Signature!);
    },
  };
}

function generate(keySpec: ImportableKeySpec): KeyObject {
  const curve = CURVES[keySpec];
  if (curve !== undefined) return generateKeyPairSync('ec', { namedCurve: curve[0] }).privateKey;
  if (keySpec === 'ECC_NIST_EDWARDS25519') return generateKeyPairSync('ed25519').privateKey;
  return generateKeyPairSync('rsa', { modulusLength: Number(keySpec.slice(4)) }).privateKey;
}

async function createKey(keySpec: ImportableKeySpec, usage: KeyUsageType): Promise<string> {
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: keySpec, KeyUsage: usage }),
  );
  return KeyMetadata!.Arn!;
}

function wrappingsOf(keySpec: ImportableKeySpec): Wrapping[] {
  return WRAPPING_ALGORITHMS.flatMap((wrappingAlgorithm) =>
    WRAPPING_KEY_SPECS.flatMap((wrappingKeySpec) => {
      try {
        return [chooseWrapping(keySpec, { wrappingAlgorithm, wrappingKeySpec }, 'eu-west-1')];
      } catch {
        return [];
      }
    }),
  );
}

beforeAll(async () => {
  clock = new ManualClock(START);
  kms = await startKms({ clock });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

describe.each(IMPORTABLE_KEY_SPECS)('when the key spec is %s', (keySpec) => {
  let one: Specimen;

  beforeAll(() => {
    one = specimen(keySpec);
  });

  it('every allowed wrapping imports it, and the key works with it', async () => {
    const wrappings = wrappingsOf(keySpec);
    expect(wrappings.length).toBeGreaterThanOrEqual(6);
    for (const wrapping of wrappings) {
      const keyId = await createKey(keySpec, one.usage);
      const life = new ResourceLife({ kms, now: () => clock.now() });
      await life.up({ keyId, keySpec, material: one.material, ...wrapping });
      expect(life.outs).toMatchObject({
        keySpec,
        importState: 'IMPORTED',
        importReceipt: wrapping,
      });
      expect([wrapping, await one.proves(keyId)]).toEqual([wrapping, true]);
    }
  });

  it('a whole life converges: no change, new expiry, loss, healing, expiry, deletion', async () => {
    clock.set(START);
    const keyId = await createKey(keySpec, one.usage);
    const life = new ResourceLife({ kms, now: () => clock.now() });
    const program = { keyId, material: one.material };
    await life.up(program);
    expect(life.id!.startsWith(keyId)).toBe(true);
    kms.clearCalls();
    expect(await life.up(program)).toBe('same');
    expect(kms.calls).toHaveLength(0);

    expect(await life.up({ ...program, validFor: '30d' })).toBe('update');
    expect(life.outs.validTo).toBe('2026-07-01T12:00:00Z');
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    await life.refresh();
    expect(life.outs.importState).toBe('PENDING_IMPORT');
    expect(await life.up({ ...program, validFor: '30d' })).toBe('update');
    expect(await one.proves(keyId)).toBe(true);

    clock.advance(31 * 86_400_000);
    expect(await life.up({ ...program, validFor: '30d' })).toBe('update');
    expect(await one.proves(keyId)).toBe(true);
    await life.refresh();
    expect(await life.up({ ...program, validFor: '30d' })).toBe('same');

    await life.destroy();
    await expect(one.proves(keyId).then(String, () => 'refused')).resolves.toMatch(/false|refused/);
  });

  it('a create over its own material adopts it, and one over other material is refused', async () => {
    const keyId = await createKey(keySpec, one.usage);
    await new ResourceLife({ kms, now: () => clock.now() }).up({ keyId, material: one.material });
    const again = new ResourceLife({ kms, now: () => clock.now() });
    await again.up({ keyId, material: one.material });
    expect(again.outs.importState).toBe('IMPORTED');

    const other = new ResourceLife({ kms, now: () => clock.now() });
    const different = specimen(keySpec).material;
    await expect(other.up({ keyId, material: different })).rejects.toThrowWithCode(
      'MATERIAL_REFUSED',
    );
    expect(await one.proves(keyId)).toBe(true);
  });

  it('a lost response of the import ends in the declared state', async () => {
    const keyId = await createKey(keySpec, one.usage);
    kms.inject({ operation: 'ImportKeyMaterial', fault: { kind: 'lose-response' } });
    const life = new ResourceLife({ kms, now: () => clock.now() });
    await life.up({ keyId, material: one.material });
    expect(await one.proves(keyId)).toBe(true);
  });
});

describe('when inputs are only for symmetric keys', () => {
  it.each([{ importType: 'NEW_KEY_MATERIAL' }, { keyMaterialDescription: 'text' }])(
    '%j is refused for others, at the preview where the key spec is declared',
    async (more) => {
      const { usage, material } = specimen('HMAC_256');
      const keyId = await createKey('HMAC_256', usage);
      const life = new ResourceLife({ kms, now: () => clock.now() });
      const program = { keyId, material, ...more };
      await expect(life.preview({ ...program, keySpec: 'HMAC_256' })).rejects.toMatchObject({
        codes: ['SYMMETRIC_ONLY'],
      });
      await expect(life.up(program)).rejects.toThrowWithCode('SYMMETRIC_ONLY');
    },
  );

  it('a declared key spec that is not that of the key is refused', async () => {
    const { usage, material } = specimen('HMAC_256');
    const keyId = await createKey('HMAC_256', usage);
    const life = new ResourceLife({ kms, now: () => clock.now() });
    await expect(
      life.up({ keyId, material, keySpec: 'SYMMETRIC_DEFAULT' }),
    ).rejects.toThrowWithCode('KEY_SPEC_MISMATCH');
  });
});
