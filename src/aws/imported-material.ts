import {
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { Wrapping } from '../domain/key-specs';
import { requestIdText } from '../domain/service-text';
import { ByokError } from '../errors';
import { materialIdText } from './observe';

/** A wrapping public key and its import token, for one key and 24 hours. */
export interface ImportParameters {
  readonly publicKey: Uint8Array;
  readonly importToken: Uint8Array;
  /** Expiry of both; absent if the endpoint returned none. */
  readonly validTo?: Date | undefined;
}

/**
 * Fetches a wrapping key and an import token.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function getImportParameters(
  client: KMSClient,
  keyId: string,
  wrapping: Wrapping,
  abortSignal: AbortSignal,
): Promise<ImportParameters> {
  const answer = await client.send(
    new GetParametersForImportCommand({
      KeyId: keyId,
      WrappingAlgorithm: wrapping.wrappingAlgorithm,
      WrappingKeySpec: wrapping.wrappingKeySpec,
    }),
    { abortSignal },
  );
  const { PublicKey: publicKey, ImportToken: importToken, ParametersValidTo: validTo } = answer;
  if (publicKey === undefined || importToken === undefined) {
    throw new ByokError(
      'KMS_WRAPPING_KEY',
      'the endpoint answered GetParametersForImport without a public key or an import token: check the endpoint',
    );
  }
  return { publicKey, importToken, validTo };
}

/** One import of wrapped material: the request of the API, with the expiry as a text. */
export type ImportRequest = Readonly<
  Omit<ImportKeyMaterialCommandInput, 'ExpirationModel' | 'ValidTo'>
> & {
  /** RFC 3339; absent for material that does not expire. */
  readonly validTo?: string | undefined;
};

/** The answer of KMS to an import. */
export interface ImportAnswer {
  /** Symmetric encryption keys only. */
  readonly keyMaterialId?: string | undefined;
  readonly requestId?: string | undefined;
  /** Key exchange of the TLS connection, if it is known: the name of a group, or `hybrid ML-KEM`. */
  readonly keyExchange?: string | undefined;
}

/**
 * Imports wrapped material. Always sends ExpirationModel: its default is KEY_MATERIAL_EXPIRES, and an IAM
 * condition on it matches only if the request has it (AWS KMS API Reference, ImportKeyMaterial).
 *
 * @throws {@link ByokError} `MATERIAL_REFUSED`, `IMPORT_PARAMETERS_REFUSED`, `KEY_NOT_FOUND`, `KMS_*`,
 * `TIMEOUT`
 */
export async function importKeyMaterial(
  client: KMSClient,
  { validTo, ...request }: ImportRequest,
  abortSignal: AbortSignal,
): Promise<ImportAnswer> {
  const command = new ImportKeyMaterialCommand({
    ...request,
    ...(validTo === undefined
      ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
      : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(validTo) }),
  });
  const keyExchange = noteKeyExchange(command);
  const answer = await client.send(command, { abortSignal });
  return {
    keyMaterialId: materialIdText(answer.KeyMaterialId),
    requestId: requestIdText(answer.$metadata.requestId),
    keyExchange: keyExchange(),
  };
}

// The request handler adds it to the response.
function noteKeyExchange(command: ImportKeyMaterialCommand): () => string | undefined {
  let keyExchange: string | undefined;
  command.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      ({ keyExchange } = result.response as { readonly keyExchange?: string });
      return result;
    },
    { step: 'deserialize', name: 'noteKeyExchange', priority: 'low' },
  );
  return () => keyExchange;
}

/**
 * Deletes one material. Without an ID, KMS deletes the CURRENT one, so leave out the ID only for a key
 * without material IDs.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function deleteKeyMaterial(
  client: KMSClient,
  keyId: string,
  keyMaterialId: string | undefined,
  abortSignal: AbortSignal,
): Promise<void> {
  await client.send(
    new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: keyMaterialId }),
    {
      abortSignal,
    },
  );
}

/**
 * Disables a key. Repeating it is safe.
 *
 * @throws {@link ByokError} `KEY_NOT_FOUND`, `KMS_*`, `TIMEOUT`
 */
export async function disableKey(
  client: KMSClient,
  keyId: string,
  abortSignal: AbortSignal,
): Promise<void> {
  await client.send(new DisableKeyCommand({ KeyId: keyId }), { abortSignal });
}
