import * as z from 'zod';
import { LONGEST_NOTICE_DAYS } from '../../domain/expiry';
import type { KeyAccess } from '../../domain/key-policy';
import { INPUTS } from '../imported-key-material/inputs';
import { parseStrictly, type Parsed } from '../input-errors';
import type { Properties } from '../protocol';
import { formatted, type MemberSchemas, schemasOf, text } from '../schema';
import { SHARED_INPUTS } from '../../domain/shared-inputs';

const tags = z.record(z.string(), z.string()).optional();
const principals = z.array(z.string()).optional();
const flag = z.boolean().optional();
// CreateKey and UpdateKeyDescription (AWS KMS API Reference).
const description = z.string().max(8192).optional();
const region = INPUTS.connection.schema.unwrap().shape.region;

/**
 * Schema of every input of `ImportedKey` but `materials`, which the resource of each material checks, and but the
 * ARNs that an alarm or an event notifies, which the key does not wait for. The inputs of `ImportedKeyMaterial`
 * have the same schema as there.
 */
export const KEY_INPUTS = {
  keySpec: INPUTS.keySpec.schema,
  keyUsage: text,
  description,
  // CreateAlias: 256 characters with the prefix alias/ (AWS KMS API Reference).
  alias: formatted(
    /^(?!(?:alias\/)?aws\/)(?:alias\/)?(?!alias\/)[a-zA-Z0-9/_-]{1,250}$/,
    'must have 1 to 250 characters of a-z A-Z 0-9 / _ - after its prefix alias/, and must not begin with aws/, which only AWS may use',
  ).optional(),
  policy: text,
  access: z
    .strictObject({
      administrators: principals,
      importers: principals,
      users: principals,
      keyUsage: text,
      mustExpire: flag,
    } satisfies MemberSchemas<KeyAccess>)
    .optional(),
  tags,
  enabled: flag,
  // ScheduleKeyDeletion, PendingWindowInDays (AWS KMS API Reference).
  deletionWindowInDays: z.number().int().min(7).max(30).optional(),
  region,
  multiRegion: flag,
  replicas: z.array(z.strictObject({ region, description, policy: text, tags })).optional(),
  alarm: z.strictObject({ daysBefore: z.number().min(1).max(LONGEST_NOTICE_DAYS) }).optional(),
  shredOnDestroy: flag,
  adoptKeyId: text,
  ...schemasOf(INPUTS, SHARED_INPUTS),
  // The Region is that of the key.
  connection: INPUTS.connection.schema.unwrap().omit({ region: true }).optional(),
} as const satisfies Readonly<Record<string, z.ZodOptional>>;

const SCHEMA = z.strictObject(KEY_INPUTS);

/** The inputs of a program, without those that are unknown. */
export type KnownKeyInputs = z.infer<typeof SCHEMA>;

/**
 * Checks names and types, and reports every violation, without values.
 *
 * @returns the inputs, or errors with the codes `INPUT_INVALID` and `UNKNOWN_INPUT`
 */
export function parseKeyInputs(declared: Properties): Parsed<KnownKeyInputs> {
  return parseStrictly(SCHEMA, declared, 'ImportedKey');
}
