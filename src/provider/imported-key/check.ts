import { importedKeyPolicy } from '../../domain/key-policy';
import { importableKeySpec, chooseWrapping, assertKeyUsage } from '../../domain/key-specs';
import { guardSeconds } from '../../domain/key-usage';
import { assert, type ByokError } from '../../errors';
import { resolveConnection } from '../connection';
import { checkExpiry } from '../imported-key-material/check';
import { collectErrors } from '../input-errors';
import { containsUnknown, type Properties, withoutNull } from '../protocol';
import { parseKeyInputs } from './inputs';

/**
 * Checks the arguments of an `ImportedKey` before anything of the key exists, as far as they are known. Calls no
 * network.
 *
 * @param declared - the arguments of the program, without its materials
 * @returns errors with the codes `INPUT_INVALID`, `UNKNOWN_INPUT`, `KEY_ARGS`, `KEY_ACCESS`, `KEY_SPEC_UNSUPPORTED`,
 * `WRAPPING_UNSUPPORTED`, `EXPIRY_CONFLICT`, `VALID_TO_PAST`, `VALIDITY_TOO_LONG`,
 * `ENDPOINT_INSECURE`
 */
export function checkKey(declared: Properties, now: Date): readonly ByokError[] {
  const { errors, attempt } = collectErrors();
  const args = withoutNull(declared);
  const { inputs, errors: ofTypes } = parseKeyInputs(args);
  errors.push(...ofTypes);
  const { keySpec, keyUsage, adoptKeyId, region, replicas = [], access, connection } = inputs;
  attempt(() => {
    const spec = keySpec === undefined ? undefined : importableKeySpec(keySpec);
    if (spec !== undefined) chooseWrapping(spec, inputs, region);
    // Without a spec, an adopted key has the one that it has.
    const ofKey = spec ?? (adoptKeyId === undefined ? 'SYMMETRIC_DEFAULT' : undefined);
    if (ofKey !== undefined && keyUsage !== undefined) assertKeyUsage(ofKey, keyUsage);
  });
  attempt(() => {
    const same = replicas.findIndex((replica) => replica.region === region);
    assert(
      region === undefined || same === -1,
      'KEY_ARGS',
      `replicas[${same}].region is the Region of the primary key: replicas are the other Regions, so remove this one`,
    );
  });
  attempt(() => {
    if (containsUnknown(args.access)) return;
    const { administrators = [], importers = [], users = [], ...others } = access ?? {};
    if (access !== undefined) importedKeyPolicy({ administrators, importers, users, ...others });
  });
  attempt(() => checkExpiry(inputs, args, now));
  attempt(() => {
    const { deleteUnlessUsedWithin } = inputs;
    if (deleteUnlessUsedWithin !== undefined) guardSeconds(deleteUnlessUsedWithin);
  });
  attempt(() => {
    if (!containsUnknown(args.connection)) resolveConnection(undefined, connection, noConfig);
  });
  return errors;
}

const noConfig = (): undefined => undefined;
