import { declaredExpiry, type DeclaredExpiry } from '../../domain/expiry';
import { textOf } from '../property';

/**
 * How long a material is valid, from its inputs or its outputs; throws for a value that is unknown
 * in a preview. Of the outputs, `validTo` is what KMS holds.
 *
 * @throws {@link ByokError} for inputs that the provider refuses too
 */
export function expiryOf(props: Readonly<Record<string, unknown>>): DeclaredExpiry {
  const validFor = textOf(props.validFor);
  if (validFor !== undefined) {
    return declaredExpiry({ validFor, renewBefore: textOf(props.renewBefore) });
  }
  const validTo = textOf(props.validTo);
  return validTo === undefined ? { kind: 'never' } : { kind: 'fixed', validTo };
}
