import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms, type EmbeddedKms, type KmsOptions } from 'embedded-kms';
import { clientOf } from '../../../packages/embedded-kms/test/support/kms-key';
import { importWith } from '../../../packages/embedded-kms/test/support/specs';
import type { KeyInState } from '../../support/stack-export';
import { useEmbeddedCredentials } from '../run-cli';

/** A KMS with a client for all tests of a file, and an empty folder of its own for each. */
interface Migration {
  readonly kms: EmbeddedKms;
  readonly client: KMSClient;
  readonly folder: string;
}

/** Each test runs in its folder. The members are there as soon as the hooks of the file run. */
export function useMigration(options: KmsOptions = {}): Migration {
  useEmbeddedCredentials();
  const home = process.cwd();
  let kms: EmbeddedKms;
  let client: KMSClient;
  let folder: string;

  beforeAll(async () => {
    kms = await startKms(options);
    client = clientOf(kms);
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kms-byok-migrate-'));
    process.chdir(folder);
  });

  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  afterAll(async () => {
    client.destroy();
    await kms.close();
  });

  return {
    get kms() {
      return kms;
    },
    get client() {
      return client;
    },
    get folder() {
      return folder;
    },
  };
}

/** Imports material into a key, as somebody did before the migration. */
export async function importInto(
  client: KMSClient,
  keyArn: string,
  material: Buffer,
): Promise<void> {
  await importWith({ client }, keyArn, material, { algorithm: 'RSAES_OAEP_SHA_256' });
}

/** Makes a key with material, as an export has it. */
export async function keyWithMaterial(
  client: KMSClient,
  name: string,
  more: Partial<KeyInState> = {},
): Promise<KeyInState> {
  const material = randomBytes(32);
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  const keyArn = KeyMetadata!.Arn!;
  await importInto(client, keyArn, material);
  return { name, keyArn, material, form: 'shown', ...more };
}
