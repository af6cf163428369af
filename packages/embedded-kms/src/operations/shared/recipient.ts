import { notServed } from '../../errors/kms-error';

/**
 * Refuses requests from Nitro enclaves, whose answers would have to be encrypted for the enclave: without
 * that, the caller would get the plaintext.
 *
 * @throws {@link KmsError} UnsupportedOperationException when the member is present.
 */
export function refuseRecipient(recipient: object | undefined): void {
  if (recipient !== undefined) throw notServed('Recipient');
}
