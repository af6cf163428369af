import * as z from 'zod';
import { HEX_64, parseKeyReference } from '../../domain/identifiers';
import { assertRotationLeft } from '../../domain/rotation';
import { ByokError } from '../../errors';
import { checkFailures, collectErrors, parseStrictly } from '../input-errors';
import { resolveConnection, type StackConfig } from '../connection';
import {
  type CheckResult,
  type Properties,
  containsUnknown,
  UNKNOWN,
  withoutNull,
} from '../protocol';
import { connection, formatted, type MemberSchemas, schemasOf, seconds, text } from '../schema';
import type { OnDemandRotationArgs, RotationTimeoutsArgs } from './args';

/** Schema of one input, and the effect of a change. */
interface InputRule {
  /** Is optional, because inputs that are unknown in a preview are left out before the check. */
  readonly schema: z.ZodOptional;
  /**
   * Effect of a change of the input. `replace`: replaces the resource, if the key becomes another. `rotate`: rotates.
   * `record`: changes only the state, without a call. `none`: nothing.
   */
  readonly change: 'replace' | 'rotate' | 'record' | 'none';
}

/** Every input of `OnDemandRotation`. Schema and diff follow from this table. */
export const INPUTS = {
  keyId: { schema: text, change: 'replace' },
  keyMaterialId: {
    schema: formatted(HEX_64, 'must be a KeyMaterialId, 64 hex digits in lower case').optional(),
    change: 'rotate',
  },
  stagedBy: { schema: text, change: 'record' },
  // Only for previews: it changes with every later rotation.
  after: {
    schema: z
      .strictObject({
        currentKeyMaterialId: z.string().optional(),
        rotationsRemaining: z.number().optional(),
      } satisfies MemberSchemas<NonNullable<OnDemandRotationArgs['after']>>)
      .optional(),
    change: 'none',
  },
  timeouts: {
    schema: z
      .strictObject({
        create: seconds,
        update: seconds,
      } satisfies MemberSchemas<RotationTimeoutsArgs>)
      .optional(),
    change: 'record',
  },
  // In another Region there is another key.
  connection: { schema: connection.optional(), change: 'replace' },
} as const satisfies { readonly [Name in keyof OnDemandRotationArgs]-?: InputRule };

const NAMES = Object.keys(INPUTS) as (keyof typeof INPUTS)[];

const SCHEMA = z.strictObject(schemasOf(INPUTS, NAMES));

/** The inputs that state has as the program declares them. Those that may replace do so only with another key. */
export const RECORDED_INPUTS = NAMES.filter((name) =>
  ['replace', 'record'].includes(INPUTS[name].change),
);

type KnownRotationInputs = z.infer<typeof SCHEMA>;

/** The inputs of a rotation, as they are in state. */
export type RotationInputs = KnownRotationInputs & {
  readonly keyId: string;
  readonly keyMaterialId: string;
};

/**
 * Validates the inputs of a rotation without network. Unknown values are accepted everywhere.
 *
 * @param olds - the checked inputs of the last update; empty for a new rotation
 */
export function checkRotation(
  olds: Properties,
  news: Properties,
  config: StackConfig,
): CheckResult {
  const declared = withoutNull(news);
  delete declared.__provider;
  const { inputs: known, errors: found } = parseStrictly(SCHEMA, declared, 'OnDemandRotation');
  const { errors, attempt } = collectErrors();
  errors.push(...found);
  if (errors.length === 0) {
    for (const name of ['keyId', 'keyMaterialId'] as const) {
      if (declared[name] === undefined) errors.push(missing(name));
    }
    const { keyId } = known;
    if (keyId !== undefined) {
      attempt(() => {
        parseKeyReference(keyId);
        if (!containsUnknown(declared.connection)) {
          resolveConnection(keyId, known.connection, config);
        }
      });
    }
    attempt(() => {
      assertRotationBudget(olds, declared, known.after);
    });
  }
  return errors.length === 0 ? { inputs: declared, failures: [] } : checkFailures(errors);
}

function missing(name: 'keyId' | 'keyMaterialId'): ByokError {
  const what =
    name === 'keyId'
      ? 'give a key ID or a key ARN'
      : 'give the keyMaterialId of the ImportedKeyMaterial that stages the material; only SYMMETRIC_DEFAULT keys have one and rotate';
  return new ByokError('INPUT_INVALID', `${name} is missing: ${what}`);
}

// A rotation that was made is never refused, even if it was not recorded or others came after it. Material whose
// ID is not known yet is not staged yet, so it can only be new.
function assertRotationBudget(
  olds: Properties,
  { keyMaterialId, keyId }: Properties,
  after: KnownRotationInputs['after'],
): void {
  if (after === undefined || keyMaterialId === after.currentKeyMaterialId) return;
  if (keyMaterialId === olds.keyMaterialId) return;
  if (keyMaterialId === UNKNOWN && olds.keyMaterialId !== undefined) return;
  assertRotationLeft(
    after.rotationsRemaining,
    typeof keyId === 'string' && keyId !== UNKNOWN ? keyId : 'the key',
  );
}
