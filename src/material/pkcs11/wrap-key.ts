import { ByokError } from '../../errors';
import { CKA, CKK, CKM, CKO } from './cryptoki';
import type { TokenWrapping } from './messages';
import type { Handle, Pkcs11Module } from './module';
import { resultOf } from './module-error';

/** No wrapping key of KMS is longer than RSA_4096. */
const OAEP_BYTES = 512;
/** An RSA_4096 private key has 2.4 kB. */
const WRAPPED_BYTES = 8_192;

/**
 * Wraps a key in its token for `ImportKeyMaterial`: a secret by RSA-OAEP, a private key by an AES-256 key of the token
 * (RFC 5649), which RSA-OAEP encrypts. The second form is what CKM_RSA_AES_KEY_WRAP produces (PKCS #11 3.1 section
 * 6.1.23). That mechanism itself is not used, because pkcs11js cannot pass its parameters.
 *
 * The wrapping key and the AES key exist as long as the session.
 *
 * @returns EncryptedKeyMaterial
 * @throws {@link ByokError} `PKCS11_NOT_WRAPPABLE` if the token refuses the key or the mechanism
 */
export function wrapKey(
  module: Pkcs11Module,
  session: Handle,
  key: Handle,
  { modulus, exponent, hash, keyWrap }: TokenWrapping,
): Buffer {
  const { functions } = module;
  try {
    const wrappingKey = module.createWrappingKey(session, modulus, exponent);
    const byOaep = (wrapped: Handle): Buffer =>
      functions.C_WrapKey(
        session,
        module.oaep(hash),
        wrappingKey,
        wrapped,
        Buffer.alloc(OAEP_BYTES),
      );
    if (keyWrap === undefined) return byOaep(key);
    const aesKey = functions.C_GenerateKey(session, { mechanism: CKM.aesKeyGen }, [
      { type: CKA.class, value: CKO.secretKey },
      { type: CKA.keyType, value: CKK.aes },
      { type: CKA.token, value: false },
      { type: CKA.sensitive, value: true },
      { type: CKA.extractable, value: true },
      { type: CKA.wrap, value: true },
      { type: CKA.valueLength, value: 32 },
    ]);
    const mechanism = { mechanism: keyWrap };
    const buffer = Buffer.alloc(WRAPPED_BYTES);
    return Buffer.concat([
      byOaep(aesKey),
      functions.C_WrapKey(session, mechanism, aesKey, key, buffer),
    ]);
  } catch (error) {
    const result = resultOf(error) ?? '';
    if (!REFUSALS.includes(result)) throw error;
    throw new ByokError(
      'PKCS11_NOT_WRAPPABLE',
      `the token of material.pkcs11 refused to wrap the key (${result}): see that the key may be wrapped by any key (CKA_EXTRACTABLE, no CKA_WRAP_TEMPLATE of other keys), that the token is not in a mode that forbids it, and that it has the mechanism; keyWrapMechanism and oaepHash choose others (kms-byok doctor --pkcs11 lists them)`,
    );
  }
}

const REFUSALS: readonly string[] = [
  'CKR_ARGUMENTS_BAD',
  'CKR_ATTRIBUTE_TYPE_INVALID',
  'CKR_ATTRIBUTE_VALUE_INVALID',
  'CKR_FUNCTION_NOT_SUPPORTED',
  'CKR_KEY_FUNCTION_NOT_PERMITTED',
  'CKR_KEY_NOT_WRAPPABLE',
  'CKR_KEY_SIZE_RANGE',
  'CKR_KEY_UNEXTRACTABLE',
  'CKR_MECHANISM_INVALID',
  'CKR_MECHANISM_PARAM_INVALID',
  'CKR_TEMPLATE_INCOMPLETE',
  'CKR_TEMPLATE_INCONSISTENT',
  'CKR_WRAPPING_KEY_HANDLE_INVALID',
  'CKR_WRAPPING_KEY_SIZE_RANGE',
  'CKR_WRAPPING_KEY_TYPE_INCONSISTENT',
];
