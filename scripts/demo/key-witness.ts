import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  KMSClient,
  ListAliasesCommand,
} from '@aws-sdk/client-kms';

/** Asks KMS itself, through an unmodified AWS client, for the state of a key and whether it works. */
export class KeyWitness {
  readonly #client: KMSClient;
  #keyArn = '';
  #ciphertext: Uint8Array | undefined;

  constructor(endpoint: string, region: string) {
    this.#client = new KMSClient({
      endpoint,
      region,
      credentials: { accessKeyId: '111122223333', secretAccessKey: 'demo' },
    });
  }

  /** Finds the key behind an alias. */
  async find(alias: string): Promise<string> {
    const { Aliases = [] } = await this.#client.send(new ListAliasesCommand({}));
    const keyId = Aliases.find(({ AliasName }) => AliasName === alias)?.TargetKeyId;
    const { KeyMetadata } = await this.#client.send(new DescribeKeyCommand({ KeyId: keyId }));
    this.#keyArn = KeyMetadata?.Arn ?? '';
    return this.#keyArn;
  }

  /** Returns the state of the key, and when its material or the key itself ends. */
  async describe(): Promise<string> {
    if (this.#keyArn === '') return 'there is no key';
    const { KeyMetadata } = await this.#client.send(
      new DescribeKeyCommand({ KeyId: this.#keyArn }),
    );
    const { KeyState = '', ValidTo, DeletionDate } = KeyMetadata ?? {};
    if (DeletionDate !== undefined) return `${KeyState}, deleted on ${dayOf(DeletionDate)}`;
    return ValidTo === undefined ? KeyState : `${KeyState}, until ${dayOf(ValidTo)}`;
  }

  /** Deletes the material, as somebody might do without the stack. */
  async loseMaterial(): Promise<void> {
    await this.#client.send(new DeleteImportedKeyMaterialCommand({ KeyId: this.#keyArn }));
  }

  /** Encrypts and decrypts with the key now, and decrypts the first ciphertext. */
  async prove(): Promise<string> {
    try {
      const { CiphertextBlob } = await this.#client.send(
        new EncryptCommand({ KeyId: this.#keyArn, Plaintext: Buffer.from('proof') }),
      );
      this.#ciphertext ??= CiphertextBlob;
      const fresh = await this.#decrypts(CiphertextBlob);
      const first = await this.#decrypts(this.#ciphertext);
      return fresh && first ? 'encrypts, and decrypts its first ciphertext' : 'DECRYPTS WRONGLY';
    } catch (error) {
      return `refuses: ${(error as Error).name}`;
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async #decrypts(ciphertext: Uint8Array | undefined): Promise<boolean> {
    const { Plaintext } = await this.#client.send(
      new DecryptCommand({ CiphertextBlob: ciphertext }),
    );
    return Buffer.from(Plaintext ?? []).toString() === 'proof';
  }
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
