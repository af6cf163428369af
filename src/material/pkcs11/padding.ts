import type { Curve } from '../../domain/key-specs';
import { assert } from '../../errors';
import type { FoundKind, TokenDescription } from './messages';
import { padsPrivateKeys } from './vendors';

/**
 * The length in bytes of the PKCS#8 of an EC key without its public part, which is the form that SoftHSM wraps
 * (RFC 5208, RFC 5915).
 */
const EC_PKCS8_BYTES: Readonly<Record<Curve, number>> = {
  prime256v1: 67,
  secp384r1: 80,
  secp521r1: 98,
  secp256k1: 64,
};

/** A token, and the mechanism by which it wraps private keys. */
type WrappingToken = TokenDescription & { readonly keyWrap: number | undefined };

const PADDING =
  'before it wraps a private key, this version of the token of material.pkcs11 fills its PKCS#8 with zero bytes to a multiple of eight';

/**
 * Refuses a private key that its token would wrap together with zero bytes behind it. AWS documents that the material
 * is PKCS#8 (AWS KMS Developer Guide, importing-keys-conceptual), and a PrivateKeyInfo has nothing behind it (RFC 5208
 * section 5).
 *
 * @throws {@link ByokError} `PKCS11_NOT_WRAPPABLE`
 */
export function assertNotPadded(kind: FoundKind, token: WrappingToken): void {
  if (kind.kind !== 'ec' || !padsPrivateKeys(token)) return;
  assert(
    EC_PKCS8_BYTES[kind.curve] % 8 === 0,
    'PKCS11_NOT_WRAPPABLE',
    `${PADDING}, and KMS does not take that: use SoftHSM 2.7 or later, or a curve whose PKCS#8 has such a length (secp384r1, secp256k1)`,
  );
}

/** Returns a warning for an RSA key that its token may wrap together with zero bytes: only the token knows its length. */
export function paddingWarning(kind: FoundKind, token: WrappingToken): string | undefined {
  return kind.kind === 'rsa' && padsPrivateKeys(token)
    ? `warning: ${PADDING}. KMS refuses the key unless its PKCS#8 has such a length anyway, as that of some RSA keys has: use SoftHSM 2.7 or later, or generate another key`
    : undefined;
}
