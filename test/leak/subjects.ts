import { CreateKeyCommand, type KeyUsageType, type KMSClient } from '@aws-sdk/client-kms';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportableKeySpec } from '../../src/domain/key-specs';
import { identifier, serialize } from '../../src/material/bundle';
import { bundleOf, wrappedFor } from '../support/ceremony';
import { writeDocumentedScript } from '../support/documented-script';
import { MISSING_FOR_HSM } from '../support/describe-with-soft-hsm';
import { SOFTHSM_MODULE, SoftHsm } from '../support/soft-hsm';
import { CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { motoUrl } from '../support/moto';

/** Subjects that need Secrets Manager and Parameter Store, which moto provides. */
export const REMOTE_SUBJECTS = ['secretsManager', 'ssmParameter'] as const;

/** Subjects that need only this process. */
export const LOCAL_SUBJECTS = [
  ...['inline', 'file', 'env', 'command', 'wrapped', 'wrapCommand'],
  ...(MISSING_FOR_HSM === undefined ? (['pkcs11'] as const) : []),
  ...['hmac', 'rsa', 'ec', 'ed25519'],
] as const;

/** A resource of a leak test: the place of its material, and the secret that must not be found. */
export interface Subject {
  readonly name: string;
  readonly keyArn: string;
  readonly keySpec: ImportableKeySpec;
  readonly material: Record<string, unknown>;
  /** The material, or the secret part of a private key. */
  readonly secrets: readonly Buffer[];
  /** Variables of the run. */
  readonly env: Readonly<Record<string, string>>;
}

/** Everything that is needed to create the subjects. */
export interface Surroundings {
  readonly client: KMSClient;
  /** Whether there are the subjects of Secrets Manager and Parameter Store. */
  readonly hasRemote: boolean;
  /** A folder that is not searched: it holds the material. */
  readonly folder: string;
}

/** A folder for material, beside everything that is searched. */
export function materialFolder(): string {
  return mkdtempSync(join(tmpdir(), 'byok-material-'));
}

const USAGES: Partial<Record<ImportableKeySpec, KeyUsageType>> = {
  SYMMETRIC_DEFAULT: 'ENCRYPT_DECRYPT',
  HMAC_256: 'GENERATE_VERIFY_MAC',
};

/** Creates a key of origin EXTERNAL and returns its ARN. */
export async function newKey(client: KMSClient, keySpec: ImportableKeySpec): Promise<string> {
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({
      Origin: 'EXTERNAL',
      KeySpec: keySpec,
      KeyUsage: USAGES[keySpec] ?? 'SIGN_VERIFY',
    }),
  );
  return KeyMetadata!.Arn!;
}

/** A subject for every source and for every kind of key. */
export async function makeSubjects(surroundings: Surroundings): Promise<Subject[]> {
  const { client, folder, hasRemote } = surroundings;
  const place = (content: string | Buffer): string => {
    const file = join(folder, randomUUID());
    writeFileSync(file, content);
    return file;
  };
  const subjects: Subject[] = [];
  const add = async (
    name: string,
    keySpec: ImportableKeySpec,
    secrets: Buffer[],
    materialFor: (keyArn: string) => Subject['material'] | Promise<Subject['material']>,
    env: Subject['env'] = {},
  ): Promise<void> => {
    const keyArn = await newKey(client, keySpec);
    const material = await materialFor(keyArn);
    subjects.push({ name, keyArn, keySpec, material, secrets, env });
  };
  const aes = (
    name: string,
    materialFor: (
      bytes: Buffer,
      keyArn: string,
    ) => Subject['material'] | Promise<Subject['material']>,
    env: (bytes: Buffer) => Subject['env'] = () => ({}),
  ): Promise<void> => {
    const bytes = randomBytes(32);
    return add(name, 'SYMMETRIC_DEFAULT', [bytes], (arn) => materialFor(bytes, arn), env(bytes));
  };

  await aes(
    'inline',
    () => ({ inline: { $env: 'INLINE_MATERIAL' } }),
    (bytes) => ({ INLINE_MATERIAL: bytes.toString('base64') }),
  );
  await aes('file', (bytes) => ({ file: place(bytes) }));
  await aes(
    'env',
    () => ({ env: 'ENV_MATERIAL', encoding: 'hex' }),
    (bytes) => ({ ENV_MATERIAL: bytes.toString('hex') }),
  );
  await aes(
    'command',
    () => ({ command: ['printf', '%s', { $env: 'COMMAND_MATERIAL' }], encoding: 'base64' }),
    (bytes) => ({ COMMAND_MATERIAL: bytes.toString('base64') }),
  );
  await aes('wrapCommand', (bytes) => {
    const script = writeDocumentedScript('wrap-command.md', 'OpenSSL', folder);
    return { wrapCommand: [script, place(bytes)] };
  });
  if (MISSING_FOR_HSM === undefined) {
    // The token keeps a twin that cannot be read, of a value that is known.
    const hsm = new SoftHsm(['leak'], folder);
    const inToken = randomBytes(32);
    hsm.writeAesKey(inToken, { token: 'leak', label: 'root' });
    await add(
      'pkcs11',
      'SYMMETRIC_DEFAULT',
      [inToken, Buffer.from(hsm.pin)],
      () => {
        const pin = { env: 'HSM_PIN' };
        return { pkcs11: { module: SOFTHSM_MODULE, tokenLabel: 'leak', keyLabel: 'root', pin } };
      },
      { HSM_PIN: hsm.pin, SOFTHSM2_CONF: hsm.env.SOFTHSM2_CONF ?? '' },
    );
  }
  await aes('wrapped', async (bytes, keyArn) => {
    const bundle = await bundleOf(client, keyArn);
    const made = await wrappedFor(bundle, bytes);
    const ciphertext = place(serialize(made));
    return { wrapped: { bundle: place(serialize(bundle)), ciphertext, id: identifier(made) } };
  });
  if (hasRemote) {
    const settings = { region: 'eu-west-1', credentials: CREDENTIALS, endpoint: motoUrl() };
    await aes('secretsManager', async (bytes) => {
      const secretId = randomUUID();
      const manager = new SecretsManagerClient(settings);
      const SecretString = JSON.stringify({ key: bytes.toString('base64') });
      await manager.send(new CreateSecretCommand({ Name: secretId, SecretString }));
      manager.destroy();
      return { secretsManager: { secretId, jsonKey: 'key' } };
    });
    await aes('ssmParameter', async (bytes) => {
      const Name = `/${randomUUID()}`;
      const ssm = new SSMClient(settings);
      const Value = bytes.toString('hex');
      await ssm.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' }));
      ssm.destroy();
      return { ssmParameter: { name: Name }, encoding: 'hex' };
    });
  }

  const mac = randomBytes(32);
  await add('hmac', 'HMAC_256', [mac], () => ({
    file: place(mac.toString('base64')),
    encoding: 'base64',
  }));
  const passphrase = randomBytes(24).toString('base64');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  await add(
    'rsa',
    'RSA_2048',
    [...secretParts(rsa), Buffer.from(passphrase)],
    () => ({
      file: place(rsa.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase })),
      passphrase: { env: 'PASSPHRASE' },
    }),
    { PASSPHRASE: passphrase },
  );
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
  await add(
    'ec',
    'ECC_NIST_P521',
    secretParts(ec),
    () => ({ inline: { $env: 'INLINE_PEM' }, encoding: 'pem' }),
    { INLINE_PEM: ec.export({ format: 'pem', type: 'sec1' }).toString() },
  );
  const ed25519 = generateKeyPairSync('ed25519').privateKey;
  await add('ed25519', 'ECC_NIST_EDWARDS25519', secretParts(ed25519), () => ({
    file: place(JSON.stringify(ed25519.export({ format: 'jwk' }))),
    encoding: 'jwk',
  }));
  return subjects;
}

/** The members of a private key that are secret (RFC 7518 section 6, RFC 8037 section 2). */
export function secretParts(key: KeyObject): Buffer[] {
  const jwk = key.export({ format: 'jwk' });
  return [jwk.d, jwk.p, jwk.q].flatMap((part) =>
    part === undefined ? [] : [Buffer.from(part, 'base64url')],
  );
}
