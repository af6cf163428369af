import { constants, createCipheriv, createPublicKey, publicEncrypt } from 'node:crypto';
import { DEFAULT_REGION, isAccountId } from './http/caller';
import { validation } from './errors/kms-error';
import { isKeyId, keyArn } from './keys/key-arn';
import type { Context } from './keys/context';
import type { Output } from './keys/output';
import { KMS_OPERATIONS } from './operations/registry';
import type { KeyRecord } from './state/records';
import { synchronise } from './keys/synchronise';
import { REGION } from './operations/shared/common-shapes';
import { parseInput } from './operations/shared/validation';

/** One material of a {@link SeedKey}. */
export interface SeedMaterial {
  /** The bytes before wrapping, in base64: raw, or PKCS#8 DER for RSA and ECC keys. */
  readonly Bytes: string;
  /** Epoch seconds. Default: the material does not expire. */
  readonly ValidTo?: number;
  readonly KeyMaterialDescription?: string;
  /** Leaves the material staged. Default: the key rotates to the second and each later material. */
  readonly Pending?: boolean;
}

/** One key that a server starts with. */
export interface SeedKey {
  /** Default: a random one. */
  readonly KeyId?: string;
  /** Default: the server's account. */
  readonly AccountId?: string;
  /** Default: eu-central-1. */
  readonly Region?: string;
  /** The members of a CreateKey request. */
  readonly CreateKey?: Readonly<Record<string, unknown>>;
  readonly Aliases?: readonly string[];
  /** The materials of a key whose Origin is EXTERNAL, oldest first. */
  readonly Materials?: readonly SeedMaterial[];
}

/** The keys that a server starts with. It contains key material in clear. */
export interface Seed {
  readonly Keys: readonly SeedKey[];
}

const KEY = {
  KeyId: { type: 'string' },
  AccountId: { type: 'string' },
  Region: { type: 'string', pattern: REGION.pattern },
  Aliases: { type: 'list', member: { type: 'string' } },
  Materials: {
    type: 'list',
    member: {
      type: 'structure',
      members: {
        Bytes: { type: 'blob', min: 1, max: 6144, required: true },
        ValidTo: { type: 'timestamp' },
        KeyMaterialDescription: { type: 'string' },
        Pending: { type: 'boolean' },
      },
    },
  },
} as const;

type ContextOf = (accountId: string | undefined, region: string) => Context;

/**
 * Creates the keys of a seed through the operations of the API, so a seed cannot create anything that a
 * client could not. Only the key ids differ: the seed may choose them.
 *
 * @throws {@link KmsError} the error of the operation that fails, ValidationException for a malformed
 * seed.
 */
export async function plant(seed: Seed, contextOf: ContextOf): Promise<void> {
  if (!Array.isArray(seed.Keys)) throw validation('A seed must have a list of Keys.');
  for (const key of seed.Keys as readonly SeedKey[]) await plantKey(key, contextOf);
}

async function plantKey(seedKey: SeedKey, contextOf: ContextOf): Promise<void> {
  const input = parseInput(KEY, { ...seedKey });
  const { AccountId: accountId, Region: region = DEFAULT_REGION } = input;
  if (accountId !== undefined && !isAccountId(accountId)) {
    throw validation(`AccountId '${accountId}' must be 12 digits`);
  }
  // Rotations of the seed complete at once.
  const context = { ...contextOf(accountId, region), rotationMilliseconds: 0 };
  const { KeyMetadata: metadata } = await call(context, 'CreateKey', { ...seedKey.CreateKey });
  const created = (metadata as Output).KeyId as string;
  const keyId = input.KeyId ?? created;
  if (keyId !== created) rename(context, created, keyId);

  for (const [index, material] of (input.Materials ?? []).entries()) {
    const { ValidTo: validTo, KeyMaterialDescription: description } = material;
    await importMaterial(context, keyId, material.Bytes, {
      ...(validTo === undefined
        ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
        : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: validTo.getTime() / 1000 }),
      ...(description === undefined ? {} : { KeyMaterialDescription: description }),
      ...(index === 0 ? {} : { ImportType: 'NEW_KEY_MATERIAL' }),
    });
    if (index > 0 && material.Pending !== true) {
      await call(context, 'RotateKeyOnDemand', { KeyId: keyId });
    }
  }
  for (const alias of input.Aliases ?? []) {
    await call(context, 'CreateAlias', { AliasName: alias, TargetKeyId: keyId });
  }
}

/** Changes the id of a key before anything refers to it. */
function rename({ store, accountId, region }: Context, from: string, to: string): void {
  const keys = store.keys(accountId, region);
  const key = keys.get(from);
  if (key === undefined) throw new Error('the key was just made');
  if (!isKeyId(to) || to.startsWith('mrk-') !== from.startsWith('mrk-')) {
    throw validation(`KeyId '${to}' is not a valid id for this kind of key`);
  }
  if (keys.has(to)) throw validation(`KeyId '${to}' occurs twice`);
  store.removeKey(key);
  const renamed: KeyRecord = { ...key, id: to, arn: keyArn(region, accountId, to) };
  store.addKey(renamed);
  synchronise(store, renamed);
}

async function importMaterial(
  context: Context,
  keyId: string,
  bytes: Buffer,
  members: Readonly<Record<string, unknown>>,
): Promise<void> {
  // RSA private keys are too long for OAEP without AES (Developer Guide, the wrapping matrix).
  const isLong = bytes.length > MAX_OAEP_BYTES;
  const parameters = await call(context, 'GetParametersForImport', {
    KeyId: keyId,
    WrappingAlgorithm: isLong ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_4096',
  });
  const wrapped = wrap(context, parameters.PublicKey as Buffer, bytes, isLong);
  await call(context, 'ImportKeyMaterial', {
    KeyId: keyId,
    ImportToken: (parameters.ImportToken as Buffer).toString('base64'),
    EncryptedKeyMaterial: wrapped.toString('base64'),
    ...members,
  });
}

const MAX_OAEP_BYTES = 446; // RFC 8017 §7.1.1: 512 - 2 - 2 * 32, for RSA_4096 and SHA-256

function wrap({ store }: Context, publicKey: Buffer, bytes: Buffer, isLong: boolean): Buffer {
  const oaep = (plaintext: Buffer) =>
    publicEncrypt(
      {
        key: createPublicKey({ key: publicKey, format: 'der', type: 'spki' }),
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: 'sha256',
      },
      plaintext,
    );
  if (!isLong) return oaep(bytes);
  const aesKey = store.random(32);
  // RFC 5649 §3: the alternative initial value.
  const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, Buffer.from('A65959A6', 'hex'));
  return Buffer.concat([oaep(aesKey), cipher.update(bytes), cipher.final()]);
}

async function call(
  context: Context,
  operation: string,
  raw: Readonly<Record<string, unknown>>,
): Promise<Output> {
  const served = KMS_OPERATIONS.get(operation);
  if (served === undefined) throw validation(`${operation} is not served`);
  return served.handle(context, raw);
}
