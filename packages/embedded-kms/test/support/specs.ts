import {
  constants,
  createCipheriv,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import {
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type AlgorithmSpec,
  type ImportKeyMaterialCommandInput,
  type ImportKeyMaterialCommandOutput,
  type KeySpec,
  type KeyUsageType,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms';
import { createKey, type World } from './world';

/** A key pair as its owner has it, outside of KMS. */
export interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const CURVES: Partial<Record<KeySpec, string>> = {
  ECC_NIST_P256: 'P-256',
  ECC_NIST_P384: 'P-384',
  ECC_NIST_P521: 'P-521',
  ECC_SECG_P256K1: 'secp256k1',
};

const pairs = new Map<KeySpec, Pair>();

/** The one pair of a spec in this process: RSA pairs are slow to make. */
export function pairOf(spec: KeySpec): Pair {
  let pair = pairs.get(spec);
  if (pair === undefined) {
    pair = makePair(spec);
    pairs.set(spec, pair);
  }
  return pair;
}

function makePair(spec: KeySpec): Pair {
  if (spec === 'ECC_NIST_EDWARDS25519') return generateKeyPairSync('ed25519');
  const curve = CURVES[spec];
  if (curve !== undefined) return generateKeyPairSync('ec', { namedCurve: curve });
  return generateKeyPairSync('rsa', { modulusLength: Number(spec.slice('RSA_'.length)) });
}

export const pkcs8 = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'pkcs8' });
export const spki = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' });

/** Wraps as a client does, for any of AWS's algorithms, with nothing but node:crypto. */
export function wrapWith(
  algorithm: AlgorithmSpec,
  publicKey: Uint8Array,
  material: Buffer,
  aesKey = randomBytes(32),
): Buffer {
  const oaep = (bytes: Buffer) =>
    publicEncrypt(
      {
        key: createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: algorithm.endsWith('SHA_256') ? 'sha256' : 'sha1',
      },
      bytes,
    );
  if (!algorithm.startsWith('RSA_AES')) return oaep(material);
  const cipher = createCipheriv(
    `id-aes${aesKey.length * 8}-wrap-pad`,
    aesKey,
    Buffer.from('A65959A6', 'hex'),
  );
  return Buffer.concat([oaep(aesKey), cipher.update(material), cipher.final()]);
}

/** How a material is to be wrapped and imported. */
export interface Import {
  readonly algorithm?: AlgorithmSpec;
  readonly wrappingKeySpec?: WrappingKeySpec;
  readonly extras?: Partial<ImportKeyMaterialCommandInput>;
}

/** A whole import of any material. */
export async function importWith(
  { client }: Pick<World, 'client'>,
  KeyId: string,
  material: Buffer,
  { algorithm = 'RSA_AES_KEY_WRAP_SHA_256', wrappingKeySpec = 'RSA_2048', extras }: Import = {},
): Promise<ImportKeyMaterialCommandOutput> {
  const parameters = await client.send(
    new GetParametersForImportCommand({
      KeyId,
      WrappingAlgorithm: algorithm,
      WrappingKeySpec: wrappingKeySpec,
    }),
  );
  return client.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken: parameters.ImportToken,
      EncryptedKeyMaterial: wrapWith(algorithm, parameters.PublicKey!, material),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...extras,
    }),
  );
}

/** An EXTERNAL key of a spec with the pair of that spec in it. */
export async function importedPair(
  world: World,
  KeySpec: KeySpec,
  KeyUsage: KeyUsageType = 'SIGN_VERIFY',
): Promise<Pair & { readonly KeyId: string; readonly Arn: string }> {
  const { KeyId, Arn } = await createKey(world, { Origin: 'EXTERNAL', KeySpec, KeyUsage });
  const pair = pairOf(KeySpec);
  await importWith(world, KeyId, pkcs8(pair.privateKey));
  return { KeyId, Arn, ...pair };
}

/** An EXTERNAL HMAC key with its material. */
export async function importedHmac(world: World, KeySpec: KeySpec, material: Buffer) {
  const { KeyId, Arn } = await createKey(world, {
    Origin: 'EXTERNAL',
    KeySpec,
    KeyUsage: 'GENERATE_VERIFY_MAC',
  });
  const answer = await importWith(world, KeyId, material, { algorithm: 'RSAES_OAEP_SHA_256' });
  return { KeyId, Arn, answer };
}
