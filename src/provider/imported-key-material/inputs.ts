import { z } from 'zod';
import { EXPIRATION_MODELS } from '../../domain/expiry';
import type { Fingerprint } from '../../domain/fingerprint';
import { IMPORT_TYPES } from '../../domain/import-plan';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../../domain/key-specs';
import type { SourceReference } from '../../material/sources';
import { declaredMaterial } from '../../material/source-schema';
import type { ImportedKeyMaterialArgs } from '../args';
import { OUTPUTS } from './state';
import { parseStrictly, type Parsed } from '../input-errors';
import { connection, seconds, text } from '../schema';

/** What is known of one input. */
interface InputRule {
  /** Accepts the absence of the value: what is unknown in a preview is left out before it is checked. */
  readonly schema: z.ZodOptional;
  /**
   * What a change of the input takes. `replace`: another resource, where it leads to another key. `material`: an
   * import, where the bytes may differ. `expiry`: an import, where KMS holds another expiry than is declared.
   * `import`: an import. `record`: no call, only an update of the state. `none`: nothing, because state holds
   * what KMS says in its place.
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
  // Only previews and imports look at it, and in a preview it may be unknown in parts.
  list: {
    schema: z
      .strictObject({
        of: text,
        place: z.number().int().min(0).optional(),
        earlier: z.record(z.string(), z.string()).optional(),
      })
      .optional(),
    change: 'none',
  },
  keyMaterialDescription: { schema: z.string().optional(), change: 'import' },
  wrappingAlgorithm: { schema: z.enum(WRAPPING_ALGORITHMS).optional(), change: 'record' },
  wrappingKeySpec: { schema: z.enum(WRAPPING_KEY_SPECS).optional(), change: 'record' },
  deletionProtection: { schema: z.boolean().optional(), change: 'record' },
  timeouts: {
    schema: z.strictObject({ create: seconds, update: seconds, delete: seconds }).optional(),
    change: 'record',
  },
  // A connection that leads to another Region leads to another key.
  connection: { schema: connection.optional(), change: 'replace' },
} as const satisfies { readonly [Name in keyof ImportedKeyMaterialArgs]-?: InputRule };

type InputName = keyof typeof INPUTS;
type ValueOf<Name extends InputName> = z.output<(typeof INPUTS)[Name]['schema']>;

const NAMES = Object.keys(INPUTS) as InputName[];

/** The inputs of a program as far as they are known. */
export type KnownInputs = { readonly [Name in InputName]?: ValueOf<Name> };

/** The inputs that state holds under their own name. */
type RecordedInputs = Omit<KnownInputs, 'keyId' | 'material'>;

/**
 * The inputs as `check` returns them and as state holds them: the source of the material and its fingerprint
 * in place of the material. There is no member that could hold bytes.
 */
export type CheckedInputs = RecordedInputs & {
  readonly keyId: string;
  readonly materialSource: SourceReference;
  /** Absent for a source that is not read at preview. */
  readonly materialFingerprint?: Fingerprint | undefined;
};

/** The inputs of an import, once it is certain which material they mean. */
export type ProvenInputs = CheckedInputs & { readonly materialFingerprint: Fingerprint };

/** Limits in whole seconds for the operations of one resource. */
export type Timeouts = NonNullable<CheckedInputs['timeouts']>;

const SCHEMA = z.strictObject(
  Object.fromEntries(NAMES.map((name) => [name, INPUTS[name].schema])) as {
    [Name in InputName]: (typeof INPUTS)[Name]['schema'];
  },
);

/**
 * Checks names and types, and reports every violation, none with a value.
 *
 * @returns the inputs, or errors with the codes `INPUT_TYPE` and `UNKNOWN_INPUT`
 */
export function parseInputs(known: unknown): Parsed<KnownInputs> {
  return parseStrictly(SCHEMA, known, 'ImportedKeyMaterial');
}

/** Returns the names of the inputs whose change takes this. */
function changing<Change extends InputRule['change']>(change: Change) {
  type Changing = {
    [Name in InputName]: (typeof INPUTS)[Name]['change'] extends Change ? Name : never;
  }[InputName];
  return NAMES.filter((name): name is Changing => INPUTS[name].change === change);
}

/** The inputs that KMS holds, so that a change of one is an import. */
export const IMPORTED_INPUTS = changing('import');

/** The inputs that together say when the material expires. */
export const EXPIRY_INPUTS = changing('expiry');

/** The inputs whose change is a matter of state: those that state holds as they were declared. */
export const RECORDED_INPUTS = NAMES.filter(
  (name): name is keyof RecordedInputs =>
    name !== 'keyId' &&
    name !== 'material' &&
    INPUTS[name].change !== 'import' &&
    INPUTS[name].change !== 'none' &&
    !(name in OUTPUTS),
);
