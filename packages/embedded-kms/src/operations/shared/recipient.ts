import { notServed } from '../../errors/kms-error';

/**
 * Answers for Nitro enclaves would have to be encrypted for the enclave. Ignoring the member would
 * hand the plaintext to the caller instead, so it is refused.
 *
 * @throws {@link KmsError} UnsupportedOperationException when the member is present.
 */
export function refuseRecipient(recipient: object | undefined): void {
  if (recipient !== undefined) throw notServed('Recipient');
}
