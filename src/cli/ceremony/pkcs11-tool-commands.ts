import { materialKind } from '../../domain/key-specs';
import type { Bundle } from '../../material/bundle';
import {
  bundleCommands,
  fingerprintCommands,
  wrappedIdCommands,
  wrappingKeyCommands,
} from './shell-commands';

/**
 * Returns the commands with which a token wraps a symmetric or HMAC key for a bundle: pkcs11-tool of OpenSC 0.27 or
 * later, OpenSSL for hashes, and a POSIX shell, in the folder of the bundle. They make `encrypted.bin` and print its
 * fingerprint. The key does not leave the token unwrapped. pkcs11-tool has no C_DigestKey, so the fingerprint is that
 * of {@link tokenFingerprint}, and the key needs CKA_SIGN.
 *
 * They need `PKCS11_MODULE`, `PKCS11_TOKEN`, `PKCS11_KEY` (the CKA_ID in hex) and `PKCS11_PIN` in the environment.
 *
 * @param file - name of the bundle
 */
export function pkcs11ToolCommands(bundle: Bundle, file: string): readonly string[] {
  const [hash, mgf] = bundle.wrappingAlgorithm.endsWith('SHA_256')
    ? ['SHA256', 'MGF1-SHA256']
    : ['SHA-1', 'MGF1-SHA1'];
  const isAes = materialKind(bundle.keySpec).kind === 'symmetric';
  return [
    ...bundleCommands(bundle, file),
    '# the token; this stops if a variable is not set',
    ': "${PKCS11_MODULE:?} ${PKCS11_TOKEN:?} ${PKCS11_KEY:?} ${PKCS11_PIN:?}"',
    'tool() { pkcs11-tool --module "$PKCS11_MODULE" --token-label "$PKCS11_TOKEN" --login --pin env:PKCS11_PIN "$@" >&2; }',
    ...wrappingKeyCommands(),
    '# wrap: the wrapping key is in the token while that takes',
    'wrapping_key=$(openssl rand -hex 8)',
    'remove_wrapping_key() { tool --delete-object --type pubkey --id "$wrapping_key"; }',
    'trap remove_wrapping_key EXIT',
    'tool --write-object wrapping-key.der --type pubkey --id "$wrapping_key" --usage-wrap',
    `tool --wrap --mechanism RSA-PKCS-OAEP --hash-algorithm ${hash} --mgf ${mgf} --id "$wrapping_key" --application-id "$PKCS11_KEY" --output-file encrypted.bin`,
    'trap - EXIT; remove_wrapping_key',
    '# the fingerprint of the key, from a MAC that the token computes',
    "printf '%016d' 0 | tr 0 '\\000' > zeros.bin",
    `tool --sign --mechanism ${isAes ? 'AES-CMAC' : 'SHA256-HMAC'} --id "$PKCS11_KEY" --input-file zeros.bin --output-file check-value.bin`,
    ...fingerprintCommands(bundle, 'v4', 'check-value.bin'),
    'rm zeros.bin check-value.bin',
    ...wrappedIdCommands(),
  ];
}
