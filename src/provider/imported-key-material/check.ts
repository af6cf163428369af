import { assertDescription, assertSameMaterial, type Fingerprint } from '../../domain/fingerprint';
import {
  declaredExpiry,
  assertValidToInRange,
  normaliseValidTo,
  type ExpiryInputs,
} from '../../domain/expiry';
import {
  assertMultiRegion,
  parseKeyReference,
  sameKey,
  type KeyReference,
} from '../../domain/identifiers';
import { guardSeconds } from '../../domain/key-usage';
import { assertKeyKept, assertNotRepeated } from '../../domain/listed-material';
import { asByokError, ByokError } from '../../errors';
import { checkFailures, collectErrors } from '../input-errors';
import {
  regionWithoutKey,
  resolveConnection,
  resolveRegion,
  type StackConfig,
} from '../connection';
import { checkKeySpec } from './check-key-spec';
import { EXPIRY_INPUTS, namesOf, parseInputs, type KnownInputs } from './inputs';
import {
  asJson,
  type CheckResult,
  type Properties,
  containsUnknown,
  UNKNOWN,
  withoutNull,
} from '../protocol';
import {
  assertCheckable,
  assertImportable,
  assertImportFile,
  parseMaterialInput,
  type MaterialInState,
  type PreviewContext,
} from './material-input';

/** Dependencies of `check`, which calls no network and runs no command. */
export interface CheckContext extends PreviewContext {
  readonly now: () => Date;
  readonly config: StackConfig;
}

/**
 * Validates the inputs of a program, and replaces the material in them by its fingerprint and a reference to its
 * source. Unknown values are accepted everywhere.
 *
 * @param olds - the checked inputs of the last update; empty for a new resource
 */
export async function check(
  olds: Properties,
  news: Properties,
  context: CheckContext,
): Promise<CheckResult> {
  const { errors, attempt } = collectErrors();

  // The SDK adds __provider. The other two are outputs, which an import file repeats as inputs.
  const { materialSource, materialFingerprint, ...declared } = withoutNull(news);
  delete declared.__provider;
  const parsed = parseInputs(declared);
  errors.push(...parsed.errors);
  attempt(() => {
    assertImportFile(declared.material, { materialSource, materialFingerprint });
  });
  const known = parsed.inputs;
  if (errors.length > 0) return checkFailures(errors, namesOf(declared));

  if (known.keyId === undefined && declared.keyId !== UNKNOWN) {
    errors.push(new ByokError('INPUT_INVALID', 'keyId is missing: give a key ID or a key ARN'));
  }
  const key = attempt(() =>
    known.keyId === undefined ? undefined : parseKeyReference(known.keyId),
  );
  attempt(() => {
    const { multiRegion } = known.list ?? {};
    if (key !== undefined && multiRegion !== undefined) assertMultiRegion(key, multiRegion);
  });
  attempt(() => {
    const isComing = declared.keyId === UNKNOWN;
    if (known.list === undefined || !isKnownKey(olds)) return;
    if (key !== undefined || isComing) assertKeyKept(known.list, olds.keyId, known.keyId);
  });
  const region = attempt(() =>
    key === undefined
      ? regionWithoutKey(known.connection?.region, context.config, context.env)
      : regionOf(known, declared, context),
  );
  attempt(() => {
    if (known.keySpec !== undefined) checkKeySpec(known, region);
  });
  const validTo = attempt(() => checkExpiry(known, declared, context.now()));
  attempt(() => {
    if (known.deleteUnlessUsedWithin !== undefined) guardSeconds(known.deleteUnlessUsedWithin);
  });
  attempt(() => {
    if (known.keyMaterialDescription !== undefined) assertDescription(known.keyMaterialDescription);
  });

  let received: MaterialInState | undefined;
  try {
    received = await parseMaterialInput(
      {
        declared: declared.material,
        known: known.material,
        list: known.list,
        carried: carriedMaterial(olds, { materialSource, materialFingerprint }, key),
        key,
        keySpec: errors.length === 0 ? known.keySpec : undefined,
        region,
      },
      // Inputs with errors are not imported, so their material is not kept.
      { ...context, plaintexts: errors.length === 0 ? context.plaintexts : undefined },
    );
    if (known.recordCheckValue === true) assertCheckable(received.materialSource);
    const before = earlierFingerprint(olds, key);
    const after = received.materialFingerprint;
    // `diff` decides whether other material may replace staged material, because it knows the outputs.
    if (after !== undefined && after !== UNKNOWN) {
      if (known.importType === undefined) assertSameMaterial(before, after, known.list);
      if (known.list !== undefined) assertNotRepeated(after, known.list);
    }
    if (key !== undefined && before !== after) {
      assertImportable(received.materialSource, context.now());
    }
  } catch (error) {
    errors.push(asByokError(error));
  }
  if (errors.length > 0) return checkFailures(errors, namesOf(declared));

  delete declared.material;
  return {
    inputs: asJson({
      ...declared,
      ...(validTo === undefined ? {} : { validTo }),
      ...received,
    }),
    failures: [],
  };
}

function regionOf(
  known: KnownInputs,
  declared: Properties,
  context: CheckContext,
): string | undefined {
  const { keyId = '', connection } = known;
  const region = resolveRegion(keyId, connection?.region, context.config);
  // The rest of the connection can be checked only once all of it is known.
  if (!containsUnknown(declared.connection)) resolveConnection(keyId, connection, context.config);
  return region ?? regionWithoutKey(undefined, context.config, context.env);
}

/**
 * Checks the expiry. Inputs that may contradict each other can be compared only once all of them are known.
 *
 * @returns `validTo` in its normal form
 * @throws {@link ByokError} `EXPIRY_CONFLICT`, `INPUT_INVALID`, `VALIDITY_TOO_LONG`,
 * `VALID_TO_PAST`
 */
export function checkExpiry(
  known: ExpiryInputs,
  declared: Properties,
  now: Date,
): string | undefined {
  const allKnown = EXPIRY_INPUTS.every((name) => declared[name] !== UNKNOWN);
  if (allKnown) declaredExpiry(known);
  if (known.validTo === undefined) return undefined;
  const validTo = normaliseValidTo(known.validTo);
  assertValidToInRange(validTo, now);
  return validTo;
}

// If a program no longer declares its material (it was removed after the import, or is under ignoreChanges), the
// resource keeps that of the last update, unless that was for another key.
function carriedMaterial(
  olds: Properties,
  imported: Properties,
  key: KeyReference | undefined,
): Partial<MaterialInState> {
  if (imported.materialSource !== undefined || imported.materialFingerprint !== undefined) {
    return imported;
  }
  return isSameKey(olds, key) === false ? {} : olds;
}

// Undefined if it cannot be known.
function isSameKey(olds: Properties, key: KeyReference | undefined): boolean | undefined {
  if (key === undefined || !isKnownKey(olds)) return undefined;
  return sameKey(parseKeyReference(olds.keyId), key);
}

function isKnownKey(olds: Properties): olds is Properties & { readonly keyId: string } {
  return typeof olds.keyId === 'string' && olds.keyId !== UNKNOWN;
}

// Fingerprint of the material of the last update, unless that was for another key.
function earlierFingerprint(
  olds: Properties,
  key: KeyReference | undefined,
): Fingerprint | undefined {
  const { materialFingerprint } = olds;
  return isSameKey(olds, key) === true && materialFingerprint !== UNKNOWN
    ? (materialFingerprint as Fingerprint | undefined)
    : undefined;
}
