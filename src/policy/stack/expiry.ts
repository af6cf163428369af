import { declaredExpiry, type DeclaredExpiry } from '../../domain/expiry';
import { textOf } from '../property';

/**
 * Returns how long a material is valid, from its inputs or its outputs. The output `validTo` is the
 * date in KMS. Throws if a value is unknown in a preview.
 *
 * @throws {@link ByokError} for inputs that the provider also refuses
 */
export function expiryOf(props: Readonly<Record<string, unknown>>): DeclaredExpiry {
  const validFor = textOf(props.validFor);
  if (validFor !== undefined) {
    return declaredExpiry({ validFor, renewBefore: textOf(props.renewBefore) });
  }
  const validTo = textOf(props.validTo);
  return validTo === undefined ? { kind: 'never' } : { kind: 'fixed', validTo };
}
