import { createHash, createPublicKey, verify } from 'node:crypto';
import { assert } from '../../errors';
import { CKM } from './cryptoki';
import type { KeyInToken } from './find-key';
import { unlessRefused } from './identify-key';
import type { Functions, Handle } from './module';

/** Text that a token signs. It names its purpose, so nobody can use the signature for another one. */
const TEXT = Buffer.from('pulumi-kms-byok: is this public key the one of this private key?');

/** Longest signature of the curves of KMS, in bytes: that of P-521. */
const LONGEST_SIGNATURE = 132;

/** Results of a key that wants a login for each signature, and of a token without signatures of its curve. */
const SIGNS_NOT: readonly string[] = [
  'CKR_CURVE_NOT_SUPPORTED',
  'CKR_KEY_SIZE_RANGE',
  'CKR_MECHANISM_PARAM_INVALID',
  'CKR_USER_NOT_LOGGED_IN',
];

/**
 * Refuses a public key that is not the one of the private key. The public part of an EC or Ed25519 key is another object
 * of the token, and only its `CKA_ID` says that they are a pair (PKCS #11 3.1 section 4.8). The private key signs a
 * text, unless it may not sign or the token cannot.
 *
 * @throws {@link ByokError} `PKCS11_KEY`
 */
export function assertPair(
  functions: Functions,
  session: Handle,
  { handle, found: { kind, publicKey } }: KeyInToken,
): void {
  if (publicKey === undefined || (kind.kind !== 'ec' && kind.kind !== 'ed25519')) return;
  const isEc = kind.kind === 'ec';
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  const signature = unlessRefused(() => {
    functions.C_SignInit(session, { mechanism: isEc ? CKM.ecdsa : CKM.eddsa }, handle);
    const signed = isEc ? createHash('sha256').update(TEXT).digest() : TEXT;
    return functions.C_Sign(session, signed, Buffer.alloc(LONGEST_SIGNATURE));
  }, SIGNS_NOT);
  assert(
    signature === undefined ||
      verify(isEc ? 'sha256' : null, TEXT, { key, dsaEncoding: 'ieee-p1363' }, signature),
    'PKCS11_KEY',
    'the public key that has the CKA_ID of the key of material.pkcs11 belongs to another private key, so it does not say which key this is: delete it and generate the pair again, or give each pair a CKA_ID of its own',
  );
}
