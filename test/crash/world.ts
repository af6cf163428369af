import {
  CreateKeyCommand,
  DescribeKeyCommand,
  type CreateKeyCommandInput,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withoutMark } from '../../src/domain/fingerprint';
import type { EmbeddedKms } from 'embedded-kms';
import { clientOf, materialsOf } from '../../packages/embedded-kms/test/support/kms-key';

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

let made = 0;

/** The keys and the materials of one copy of a scenario, in a Region that no other copy uses. */
export class World {
  readonly region: string;
  // The keys of all copies have different IDs.
  readonly replicaRegion = 'us-west-2';
  readonly client: KMSClient;
  readonly replicas: KMSClient;
  /** ARNs of the keys that the scenario checks. */
  readonly keys: string[] = [];
  readonly #materials = new Map<string, Buffer>();
  #folder: string | undefined;

  constructor(
    readonly kms: EmbeddedKms,
    /** The time of KMS. */
    readonly now: () => Date,
    /** Lets the time of KMS pass. */
    readonly advance: (milliseconds: number) => void,
  ) {
    made += 1;
    this.region = `eu-copy-${made}`;
    this.client = clientOf(kms, this.region);
    this.replicas = clientOf(kms, this.replicaRegion);
  }

  /** The first key. */
  get keyId(): string {
    return this.keys[0]!;
  }

  get replicaArn(): string {
    return this.keyId.replace(this.region, this.replicaRegion);
  }

  async createKey(more: Partial<CreateKeyCommandInput> = {}): Promise<void> {
    const { KeyMetadata } = await this.client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', ...more }),
    );
    this.keys.push(KeyMetadata!.Arn!);
  }

  bytes(name: string): Buffer {
    const bytes = this.#materials.get(name) ?? randomBytes(32);
    this.#materials.set(name, bytes);
    return bytes;
  }

  /** The source of a material of that name. */
  material(name: string): { readonly inline: string; readonly encoding?: string } {
    if (name === 'rsa') return { inline: RSA, encoding: 'pem' };
    return { inline: this.bytes(name).toString('base64') };
  }

  /** The same material in a file. */
  file(name: string): { readonly file: string } {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'byok-crash-'));
    const file = join(this.#folder, name);
    writeFileSync(file, this.bytes(name), { mode: 0o600 });
    return { file };
  }

  /** An instant that many days from the beginning of the tests, RFC 3339. */
  inDays(days: number): string {
    return new Date(BEGINNING + days * 86_400_000).toISOString().replace('.000Z', 'Z');
  }

  clientFor(keyArn: string): KMSClient {
    return keyArn.includes(this.region) ? this.client : this.replicas;
  }

  /** Everything that KMS shows of the keys and that a program can change, one line each. */
  async picture(): Promise<string[]> {
    const pictures = this.keys.map(async (keyArn) => {
      const client = this.clientFor(keyArn);
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyArn }));
      const { KeyState, KeySpec, ExpirationModel } = KeyMetadata!;
      if (KeySpec !== 'SYMMETRIC_DEFAULT') return [`${KeyState} ${ExpirationModel ?? 'empty'}`];
      const lines = (await materialsOf(client, keyArn)).map((material) =>
        [
          material.KeyMaterialState,
          material.ImportState,
          material.ImportState === 'IMPORTED' ? material.ExpirationModel : undefined,
          withoutMark(material.KeyMaterialDescription),
          material.RotationDate === undefined ? undefined : 'rotated',
        ]
          .filter((part) => part !== undefined)
          .join(' '),
      );
      return [KeyState!, ...lines];
    });
    return (await Promise.all(pictures)).flat();
  }

  close(): void {
    this.client.destroy();
    this.replicas.destroy();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true });
  }
}

// Whole seconds, so that an instant reads the same everywhere.
const BEGINNING = Math.floor(Date.now() / 1000) * 1000;
