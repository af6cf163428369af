import * as z from 'zod';
import { EXPIRATION_MODELS } from '../../domain/expiry';
import type { Fingerprint } from '../../domain/fingerprint';
import type { ImportDeclaration } from '../../domain/import-plan';
import { IMPORT_TYPES } from '../../domain/import-type';
import { listNames, withNames, type Rename } from '../../domain/input-names';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../../domain/key-specs';
import { ByokError } from '../../errors';
import { declaredMaterial, type SourceReference } from '../../material/source-schema';
import type { ImportedKeyMaterialArgs, ListPlaceArgs, TimeoutsArgs } from '../args';
import { parseStrictly, type Parsed } from '../input-errors';
import type { Properties } from '../protocol';
import { connection, type MemberSchemas, schemasOf, seconds, text } from '../schema';

/** Schema of one input, and the effect of a change. */
interface InputRule {
  /** Is optional, because inputs that are unknown in a preview are left out before the check. */
  readonly schema: z.ZodOptional;
  /**
   * Effect of a change of the input. `replace`: replaces the resource, if the key becomes another. `material`:
   * imports, if the bytes may differ. `expiry`: imports, if KMS has another expiry than the program declares.
   * `import`: imports. `record`: changes only the state, without a call. `none`: nothing, because state has the
   * value of KMS in its place.
   */
  readonly change: 'replace' | 'material' | 'expiry' | 'import' | 'record' | 'none';
}

/** Every input of `ImportedKeyMaterial`. Schema, state and diff follow from this table. */
export const INPUTS = {
  keyId: { schema: text, change: 'replace' },
  material: { schema: declaredMaterial.optional(), change: 'material' },
  keySpec: { schema: text, change: 'none' },
  validTo: { schema: text, change: 'expiry' },
  validFor: { schema: text, change: 'expiry' },
  renewBefore: { schema: text, change: 'expiry' },
  expirationModel: { schema: z.enum(EXPIRATION_MODELS).optional(), change: 'expiry' },
  importType: { schema: z.enum(IMPORT_TYPES).optional(), change: 'record' },
  // Only previews and imports use it, and parts of it may be unknown in a preview.
  list: {
    schema: z
      .strictObject({
        of: text,
        place: z.number().int().min(0).optional(),
        earlier: z.record(z.string(), z.string()).optional(),
        multiRegion: z.boolean().optional(),
        keepsKey: z.boolean().optional(),
        staysWithKey: z.boolean().optional(),
      } satisfies MemberSchemas<ListPlaceArgs>)
      .optional(),
    change: 'none',
  },
  keyMaterialDescription: { schema: z.string().optional(), change: 'import' },
  wrappingAlgorithm: { schema: z.enum(WRAPPING_ALGORITHMS).optional(), change: 'record' },
  wrappingKeySpec: { schema: z.enum(WRAPPING_KEY_SPECS).optional(), change: 'record' },
  deletionProtection: { schema: z.boolean().optional(), change: 'record' },
  deleteUnlessUsedWithin: { schema: text, change: 'record' },
  recordCheckValue: { schema: z.boolean().optional(), change: 'record' },
  timeouts: {
    schema: z
      .strictObject({
        create: seconds,
        update: seconds,
        delete: seconds,
      } satisfies MemberSchemas<TimeoutsArgs>)
      .optional(),
    change: 'record',
  },
  // In another Region there is another key.
  connection: { schema: connection.optional(), change: 'replace' },
} as const satisfies { readonly [Name in keyof ImportedKeyMaterialArgs]-?: InputRule };

type InputName = keyof typeof INPUTS;
type ValueOf<Name extends InputName> = z.output<(typeof INPUTS)[Name]['schema']>;

/** The names of all inputs. */
export const INPUT_NAMES = Object.keys(INPUTS) as InputName[];

/** The inputs of a program, without those that are unknown. */
export type KnownInputs = { readonly [Name in InputName]?: ValueOf<Name> };

/** The inputs that state has under their own name. */
export type RecordedInputs = Omit<KnownInputs, 'keyId' | 'material'>;

/**
 * The inputs as `check` returns them and as state has them: with the source of the material and its fingerprint
 * in place of the material. No member can contain bytes.
 */
export type CheckedInputs = RecordedInputs & {
  readonly keyId: string;
  readonly materialSource: SourceReference;
  /** Absent for a source that a preview does not read. */
  readonly materialFingerprint?: Fingerprint | undefined;
};

/** The inputs of an import, once the fingerprint of the material is known. */
export type ProvenInputs = CheckedInputs & { readonly materialFingerprint: Fingerprint };

const SCHEMA = z.strictObject(schemasOf(INPUTS, INPUT_NAMES));

/**
 * Checks names and types, and reports every violation, without values.
 *
 * @returns the inputs, or errors with the codes `INPUT_INVALID` and `UNKNOWN_INPUT`
 */
export function parseInputs(declared: Properties): Parsed<KnownInputs> {
  return parseStrictly(SCHEMA, declared, 'ImportedKeyMaterial');
}

/** Returns the names of the inputs whose change has this effect. */
function changing<Change extends InputRule['change']>(change: Change) {
  type Changing = {
    [Name in InputName]: (typeof INPUTS)[Name]['change'] extends Change ? Name : never;
  }[InputName];
  return INPUT_NAMES.filter((name): name is Changing => INPUTS[name].change === change);
}

/** The inputs that KMS has too: a change of one is an import. The plan of the import compares each of them. */
export const IMPORTED_INPUTS = changing('import') satisfies readonly (keyof ImportDeclaration)[];

/** The inputs that decide together when the material expires. */
export const EXPIRY_INPUTS = changing('expiry');

/** Returns how messages name inputs that may be those of an `ImportedKey`. */
export function namesOf(inputs: { readonly list?: unknown }): Rename {
  const place = INPUTS.list.schema.safeParse(inputs.list);
  return listNames(place.data ?? {});
}

/** Runs a step. Its errors name the inputs as the program does. */
export async function namingInputs<T>(inputs: CheckedInputs, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    // With an ID, KMS has accepted the import, so the error names no input.
    if (!(error instanceof ByokError) || 'id' in error) throw error;
    throw withNames(error, namesOf(inputs));
  }
}
