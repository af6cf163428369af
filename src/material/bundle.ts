import { createHash } from 'node:crypto';
import * as z from 'zod';
import { isFingerprint, type Fingerprint } from '../domain/fingerprint';
import { HEX_64, isKeyArn, parseKeyReference } from '../domain/identifiers';
import {
  chooseWrapping,
  IMPORTABLE_KEY_SPECS,
  WRAPPING_ALGORITHMS,
  WRAPPING_KEY_SPECS,
} from '../domain/key-specs';
import { assert } from '../errors';
import { jsonMembers } from './json-members';
import type { Material, WrapContext } from './material';

/** Longest ciphertext and token that KMS accepts, in bytes (AWS KMS API Reference, ImportKeyMaterial). */
export const BLOB_LIMIT_BYTES = 6144;

const base64 = z
  .base64()
  .min(4)
  .max((BLOB_LIMIT_BYTES / 3) * 4);

const bundleBody = z.strictObject({
  format: z.literal('pulumi-kms-byok/bundle'),
  version: z.literal(1),
  /** ARN of the key that the material is for. */
  keyArn: z.string().refine(isKeyArn),
  keySpec: z.enum(IMPORTABLE_KEY_SPECS),
  wrappingAlgorithm: z.enum(WRAPPING_ALGORITHMS),
  wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS),
  /** DER SubjectPublicKeyInfo of the wrapping key. */
  publicKey: base64,
  importToken: base64,
  /** RFC 3339, UTC: KMS accepts the token until then, 24 hours after it issued it. */
  parametersValidTo: z.iso.datetime(),
});

const wrappedBody = z.strictObject({
  format: z.literal('pulumi-kms-byok/wrapped'),
  version: z.literal(1),
  /** The `id` of the bundle whose wrapping key was used. */
  bundleId: z.string().regex(HEX_64),
  encryptedKeyMaterial: base64,
  materialFingerprint: z.custom<Fingerprint>(isFingerprint),
});

/** The answer of `GetParametersForImport` for one key: everything that wrapping needs, and no secret. */
export type Bundle = z.infer<typeof bundleBody>;

/** Material that was wrapped with the wrapping key of a bundle: the ciphertext and the fingerprint. */
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
  const { id, ...body } = jsonMembers(text);
  const result = schema.safeParse(body);
  assert(
    result.success,
    'BUNDLE_FORMAT',
    `the file is not a complete ${name} that this version can read: make it again with this version`,
  );
  assert(
    id === identifier(result.data),
    'BUNDLE_TAMPERED',
    `the ${name} was changed after it was written, because its id does not match: make it again, and find out who changed it`,
  );
  return result.data;
}

/**
 * Refuses a wrapped file that is not the one that the people who wrapped named. The wrapping key is public:
 * anybody who carries the files can wrap other bytes and write any fingerprint beside them. Only an id that
 * came over another channel than the file proves which file it is.
 *
 * @param id - what `kms-byok wrap` printed; undefined if nobody gave it
 * @throws {@link ByokError} `WRAPPED_ID`
 */
export function assertWrappedId(wrapped: WrappedFile, id: string | undefined): void {
  assert(
    id !== undefined && HEX_64.test(id),
    'WRAPPED_ID',
    'the id of the wrapped file is missing, or is not 64 hex digits in lower case: ask the people who wrapped for the wrapped id that kms-byok wrap printed, over another channel than the file',
  );
  assert(
    id === identifier(wrapped),
    'WRAPPED_ID',
    'the wrapped file is not the one whose id was given, so nothing was imported: ask the people who wrapped for their file and its id again, and find out who exchanged it',
  );
}

/**
 * Wraps material with the wrapping key of a bundle. Uses neither the network nor the AWS SDK.
 *
 * @throws {@link ByokError} `MATERIAL_LENGTH`, `MATERIAL_KEY_FORMAT`, `MATERIAL_KEY_TYPE` when the material
 * does not fit the key spec, `WRAPPING_UNSUPPORTED` when it cannot be wrapped as the bundle asks,
 * `KMS_WRAPPING_KEY` when the bundle has no wrapping key of its spec
 */
export async function wrapForBundle(
  material: Material,
  bundle: Bundle,
  context: Pick<WrapContext, 'random' | 'signal'>,
): Promise<WrappedFile> {
  const key = parseKeyReference(bundle.keyArn);
  material.assertFits(bundle.keySpec, key.arn?.region);
  const { keyArn, keySpec } = bundle;
  const wrapping = chooseWrapping(keySpec, bundle, key.arn?.region, material.wrappingAlgorithms);
  const publicKey = Buffer.from(bundle.publicKey, 'base64');
  const wrapped = await material.wrapFor(
    { ...wrapping, publicKey },
    { ...context, keyArn, keySpec },
  );
  return {
    format: 'pulumi-kms-byok/wrapped',
    version: 1,
    bundleId: identifier(bundle),
    encryptedKeyMaterial: wrapped.toString('base64'),
    materialFingerprint: await material.fingerprint(key),
  };
}
