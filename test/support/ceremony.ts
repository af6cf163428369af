import { GetParametersForImportCommand, type KMSClient } from '@aws-sdk/client-kms';
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import type { ImportableKeySpec, Wrapping } from '../../src/domain/key-specs';
import { type Bundle, type WrappedFile, wrapForBundle } from '../../src/material/bundle';
import type { Encoding } from '../../src/material/encoding';
import { openMaterial } from '../../src/material/open-source';

export const OAEP_2048: Wrapping = {
  wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
  wrappingKeySpec: 'RSA_2048',
};

/** A bundle as KMS makes it for a key. */
export async function bundleOf(
  client: KMSClient,
  keyArn: string,
  keySpec: ImportableKeySpec = 'SYMMETRIC_DEFAULT',
  wrapping: Wrapping = OAEP_2048,
): Promise<Bundle> {
  const { PublicKey, ImportToken, ParametersValidTo } = await client.send(
    new GetParametersForImportCommand({
      KeyId: keyArn,
      WrappingAlgorithm: wrapping.wrappingAlgorithm,
      WrappingKeySpec: wrapping.wrappingKeySpec,
    }),
  );
  return {
    format: 'pulumi-kms-byok/bundle',
    version: 1,
    keyArn,
    keySpec,
    ...wrapping,
    publicKey: Buffer.from(PublicKey!).toString('base64'),
    importToken: Buffer.from(ImportToken!).toString('base64'),
    parametersValidTo: ParametersValidTo!.toISOString(),
  };
}

let wrappingKey: KeyObject | undefined;

/** A bundle that no KMS made. */
export function madeUpBundle(keyArn: string, more: Partial<Bundle> = {}): Bundle {
  wrappingKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  return {
    format: 'pulumi-kms-byok/bundle',
    version: 1,
    keyArn,
    keySpec: 'SYMMETRIC_DEFAULT',
    ...OAEP_2048,
    publicKey: wrappingKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    importToken: randomBytes(64).toString('base64'),
    parametersValidTo: '2026-06-02T12:00:00.000Z',
    ...more,
  };
}

/** Wraps the material as the machine without a network does. */
export async function wrappedFor(
  bundle: Bundle,
  content: Buffer,
  encoding: Encoding = 'raw',
  passphrase?: Buffer,
): Promise<WrappedFile> {
  const material = openMaterial(Buffer.from(content), encoding, passphrase);
  try {
    return await wrapForBundle(material, bundle, {
      random: randomBytes,
      signal: new AbortController().signal,
    });
  } finally {
    material.close();
  }
}
