import { parseKeyReference } from '../domain/identifiers';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Fingerprint } from '../domain/fingerprint';
import { IMPORTABLE_KEY_SPECS, WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../domain/key-specs';
import { assert } from '../errors';
import type { Material } from './material';
import type { RandomBytes } from './wrap';

// Blobs of the wire format: 6144 bytes at most (AWS KMS API Reference, ImportKeyMaterial).
const base64 = z.base64().min(4).max(8192);

const bundleBody = z.strictObject({
  format: z.literal('pulumi-kms-byok/bundle'),
  version: z.literal(1),
  /** ARN of the key that the material is for. */
  keyArn: z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[a-z0-9-]+$/),
  keySpec: z.enum(IMPORTABLE_KEY_SPECS),
  wrappingAlgorithm: z.enum(WRAPPING_ALGORITHMS),
  wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS),
  /** DER SubjectPublicKeyInfo of the wrapping key. */
  publicKey: base64,
  importToken: base64,
  /** RFC 3339, UTC: KMS takes the token until then, 24 hours after it was made. */
  parametersValidTo: z.iso.datetime(),
});

const wrappedBody = z.strictObject({
  format: z.literal('pulumi-kms-byok/wrapped'),
  version: z.literal(1),
  /** The `id` of the bundle whose wrapping key was used. */
  bundleId: z.string().regex(/^[0-9a-f]{64}$/),
  encryptedKeyMaterial: base64,
  materialFingerprint: z.custom<Fingerprint>(
    (value) => typeof value === 'string' && /^v1:[0-9a-f]{64}$/.test(value),
  ),
});

/** What `GetParametersForImport` gave for one key: all that is needed to wrap elsewhere, no secret. */
export type Bundle = z.infer<typeof bundleBody>;

/** Material wrapped by the wrapping key of a bundle: the ciphertext, and what identifies its content. */
export type WrappedFile = z.infer<typeof wrappedBody>;

/** Identifies a bundle or a wrapped file: SHA-256 over everything in it, hex. */
export function identifier(body: Bundle | WrappedFile): string {
  const sorted = Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/** The text of a file: the body and, as `id`, its {@link identifier}. */
export function serialize(body: Bundle | WrappedFile): string {
  return `${JSON.stringify({ ...body, id: identifier(body) }, undefined, 2)}\n`;
}

/**
 * Reads the text of a bundle.
 *
 * @throws {@link ByokError} `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`
 */
export function parseBundle(text: string): Bundle {
  return parse(text, bundleBody, 'bundle');
}

/**
 * Reads the text of a wrapped file.
 *
 * @throws {@link ByokError} `BUNDLE_FORMAT`, `BUNDLE_TAMPERED`
 */
export function parseWrapped(text: string): WrappedFile {
  return parse(text, wrappedBody, 'wrapped file');
}

function parse<Body extends Bundle | WrappedFile>(
  text: string,
  schema: z.ZodType<Body>,
  name: string,
): Body {
  const { id, ...body } = members(text);
  const result = schema.safeParse(body);
  assert(
    result.success,
    'BUNDLE_FORMAT',
    `this is not a ${name} that this version reads, or not the whole of it: make it again with this version`,
  );
  assert(
    id === identifier(result.data),
    'BUNDLE_TAMPERED',
    `the ${name} was changed after it was written, its id does not match: make it again, and find out who changed it`,
  );
  return result.data;
}

// The error of JSON.parse quotes what it read, which may be material in the wrong place.
function members(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

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
  material.assertFits(bundle.keySpec, key.arn?.region);
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
