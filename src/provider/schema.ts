import { z } from 'zod';
import { EXPIRATION_MODELS } from '../domain/expiry';
import { IMPORT_TYPES } from '../domain/import-plan';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../domain/wrapping';
import { needs } from '../errors';
import { declaredMaterial, sourceReference } from '../material/source-schema';
import { parseStrictly, type Parsed } from './parse-strictly';

const text = z.string().min(1).optional();
/** A time limit in whole seconds, at most a day. */
export const seconds = z.number().int().min(1).max(86_400).optional();

/** Where KMS is and as whom it is called. */
export const connection = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d+$/)
    .optional(),
  profile: text,
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  assumeRole: z
    .strictObject({
      roleArn: z
        .string()
        .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/)
        .optional(),
      externalId: text,
      sessionName: text,
      duration: text,
    })
    .optional(),
});

// Everything is optional: what is unknown in a preview is left out before this schema sees it.
const inputs = z.strictObject({
  keyId: text,
  material: declaredMaterial.optional(),
  keySpec: text,
  validTo: text,
  validFor: text,
  renewBefore: text,
  expirationModel: z.enum(EXPIRATION_MODELS).optional(),
  importType: z.enum(IMPORT_TYPES).optional(),
  keyMaterialDescription: z.string().optional(),
  wrappingAlgorithm: z.enum(WRAPPING_ALGORITHMS).optional(),
  wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS).optional(),
  deletionProtection: z.boolean().optional(),
  timeouts: z.strictObject({ create: seconds, update: seconds, delete: seconds }).optional(),
  connection: connection.optional(),
});

/** The inputs of a program as far as they are known. */
export type KnownInputs = z.infer<typeof inputs>;

/** Where `connection` may point and as whom. */
export type ConnectionInputs = z.infer<typeof connection>;

/**
 * Checks names and types, and reports every violation, none with a value.
 *
 * @returns the inputs, or errors with the codes `INPUT_TYPE` and `UNKNOWN_INPUT`
 */
export function parseInputs(known: unknown): Parsed<KnownInputs> {
  return parseStrictly(inputs, known, 'ImportedKeyMaterial');
}

// What this provider itself writes in place of the material, and what an import file repeats.
const importFile = z.object({
  materialSource: sourceReference,
  materialFingerprint: z
    .string()
    .regex(/^v1:[0-9a-f]{64}$/)
    .optional(),
});

/**
 * Accepts `materialSource` and `materialFingerprint` as an import file has them, in place of
 * `material`, and in no other form: they go to state as they are.
 *
 * @throws {@link ByokError} `UNKNOWN_INPUT`
 */
export function needsImportFile(
  declared: unknown,
  imported: { readonly materialSource: unknown; readonly materialFingerprint: unknown },
): void {
  const given = imported.materialSource !== undefined || imported.materialFingerprint !== undefined;
  needs(
    !given || (declared === undefined && importFile.safeParse(imported).success),
    'UNKNOWN_INPUT',
    'materialSource and materialFingerprint are outputs, and no inputs of ImportedKeyMaterial; the nearest known name is material',
  );
}
