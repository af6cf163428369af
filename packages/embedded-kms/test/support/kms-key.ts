import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  KMSClient,
  ListKeyRotationsCommand,
  type OriginType,
  type RotationsListEntry,
} from '@aws-sdk/client-kms';
import type { EmbeddedKms } from 'embedded-kms';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Credentials that the embedded KMS takes for its default account. */
export const CREDENTIALS = { accessKeyId: '111122223333', secretAccessKey: 'not-checked' };

/** An unmodified AWS client for the embedded KMS. */
export function clientOf(kms: EmbeddedKms, region = 'eu-west-1'): KMSClient {
  return new KMSClient({ endpoint: kms.url, region, credentials: CREDENTIALS });
}

/** Creates a key and returns its ARN. */
export async function createKey(
  client: KMSClient,
  origin: OriginType = 'EXTERNAL',
): Promise<string> {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: origin }));
  return KeyMetadata!.Arn!;
}

/** Every material of a symmetric key, oldest first. */
export async function materialsOf(client: KMSClient, keyId: string): Promise<RotationsListEntry[]> {
  const { Rotations } = await client.send(
    new ListKeyRotationsCommand({ KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
  );
  return Rotations!;
}

/** Whether the key encrypts and decrypts now. */
export async function works(client: KMSClient, keyId: string): Promise<boolean> {
  try {
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('known text') }),
    );
    const { Plaintext } = await client.send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: CiphertextBlob! }),
    );
    return Buffer.from(Plaintext!).toString() === 'known text';
  } catch {
    return false;
  }
}
