import { z } from 'zod';
import { parseKeyReference } from '../../domain/identifiers';
import { assertRotationLeft } from '../../domain/rotation';
import { ByokError } from '../../errors';
import { checkFailures, collectErrors, parseStrictly } from '../input-errors';
import { resolveConnection, type StackConfig } from '../connection';
import {
  type CheckResult,
  type Properties,
  containsUnknown,
  knownPart,
  UNKNOWN,
  withoutNull,
} from '../protocol';
import { connection, seconds, type ConnectionInputs } from '../schema';

/** Limits in whole seconds. */
export interface RotationTimeouts {
  readonly create?: number | undefined;
  readonly update?: number | undefined;
}

/** The inputs of a rotation, as they stand in state. */
export interface RotationInputs {
  readonly keyId: string;
  readonly keyMaterialId: string;
  /** URN of the resource that stages the material. */
  readonly stagedBy?: string | undefined;
  /** What an earlier rotation of the key says, for a preview. */
  readonly after?: RotationsBefore | undefined;
  readonly timeouts?: RotationTimeouts | undefined;
  readonly connection?: ConnectionInputs | undefined;
}

/** The outputs of an earlier rotation. */
export interface RotationsBefore {
  readonly currentKeyMaterialId?: string | undefined;
  readonly rotationsRemaining?: number | undefined;
}

// Everything is optional: what is unknown in a preview is left out before this schema sees it.
const inputs = z.strictObject({
  keyId: z.string().min(1).optional(),
  keyMaterialId: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  stagedBy: z.string().min(1).optional(),
  after: z
    .strictObject({
      currentKeyMaterialId: z.string().optional(),
      rotationsRemaining: z.number().optional(),
    })
    .optional(),
  timeouts: z.strictObject({ create: seconds, update: seconds }).optional(),
  connection: connection.optional(),
});

/**
 * Validates the inputs of a rotation. No network; unknown values are accepted in every position.
 *
 * @param olds - the checked inputs of the last update; empty for a rotation that is created
 */
export function checkRotation(
  olds: Properties,
  news: Properties,
  config: StackConfig,
): CheckResult {
  const declared = withoutNull(news);
  delete declared.__provider;
  const { inputs: known, errors: found } = parseStrictly(
    inputs,
    knownPart(declared),
    'OnDemandRotation',
  );
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
      : 'give the keyMaterialId of the ImportedKeyMaterial that stages the material; keys that are not SYMMETRIC_DEFAULT have none and do not rotate';
  return new ByokError('INPUT_TYPE', `${name} is missing: ${what}`);
}

// A rotation that was made is never refused, however many came after it, and neither is one that was
// made and not recorded. A material that is not known yet is still to be staged, and can only be new.
function assertRotationBudget(
  olds: Properties,
  { keyMaterialId, keyId }: Properties,
  after: RotationsBefore | undefined,
): void {
  if (after === undefined || keyMaterialId === after.currentKeyMaterialId) return;
  if (keyMaterialId === olds.keyMaterialId) return;
  if (keyMaterialId === UNKNOWN && olds.keyMaterialId !== undefined) return;
  assertRotationLeft(
    after.rotationsRemaining,
    typeof keyId === 'string' && keyId !== UNKNOWN ? keyId : 'the key',
  );
}
