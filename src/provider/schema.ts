import { z } from 'zod';
import { assert } from '../errors';
import { sourceReference } from '../material/source-schema';

/** A text that is not empty. */
export const text = z.string().min(1).optional();
/** A time limit in whole seconds, at most a day. */
export const seconds = z.number().int().min(1).max(86_400).optional();

const accounts = z.array(z.string().regex(/^\d{12}$/)).optional();

/** Where KMS is and as whom it is called. */
export const connection = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d+$/)
    .optional(),
  profile: text,
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  useFipsEndpoint: z.boolean().optional(),
  useDualstackEndpoint: z.boolean().optional(),
  allowedAccountIds: accounts,
  forbiddenAccountIds: accounts,
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

/** Where `connection` may point and as whom. */
export type ConnectionInputs = z.infer<typeof connection>;

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
export function assertImportFile(
  declared: unknown,
  imported: { readonly materialSource: unknown; readonly materialFingerprint: unknown },
): void {
  const given = imported.materialSource !== undefined || imported.materialFingerprint !== undefined;
  assert(
    !given || (declared === undefined && importFile.safeParse(imported).success),
    'UNKNOWN_INPUT',
    'materialSource and materialFingerprint are outputs, and no inputs of ImportedKeyMaterial; the nearest known name is material',
  );
}
