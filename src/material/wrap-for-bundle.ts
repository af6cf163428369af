import { parseKeyReference } from '../domain/identifiers';
import type { RandomBytes } from './wrap';
import { identifier, type Bundle, type WrappedFile } from './bundle';
import type { Material } from './material';

/**
 * Wraps material with the wrapping key of a bundle. No network; nothing of the AWS SDK.
 *
 * @throws {@link ByokError} `MATERIAL_LENGTH`, `MATERIAL_KEY_FORMAT`, `MATERIAL_KEY_TYPE` when the material
 * does not fit the key spec, `KMS_WRAPPING_KEY` when the bundle holds no wrapping key of its spec
 */
export function wrapForBundle(
  material: Material,
  bundle: Bundle,
  random: RandomBytes,
): WrappedFile {
  const key = parseKeyReference(bundle.keyArn);
  material.needsFit(bundle.keySpec, key.arn?.region);
  const { wrappingAlgorithm, wrappingKeySpec } = bundle;
  const publicKey = Buffer.from(bundle.publicKey, 'base64');
  return {
    format: 'pulumi-kms-byok/wrapped',
    version: 1,
    bundleId: identifier(bundle),
    encryptedKeyMaterial: material
      .wrapFor({ wrappingAlgorithm, wrappingKeySpec, publicKey }, random)
      .toString('base64'),
    materialFingerprint: material.fingerprint(key),
  };
}
