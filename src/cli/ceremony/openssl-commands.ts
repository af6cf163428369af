import { fingerprintForm } from '../../domain/fingerprint';
import { isChinaRegion, parseKeyReference } from '../../domain/identifiers';
import { materialKind, type ImportableKeySpec } from '../../domain/key-specs';
import type { Bundle } from '../../material/bundle';
import {
  bundleCommands,
  fingerprintCommands,
  wrappedIdCommands,
  wrappingKeyCommands,
} from './shell-commands';

/**
 * Returns the commands that wrap material for a bundle with only OpenSSL 3 and a POSIX shell, in the folder of
 * the bundle. They make `encrypted.bin` and print its fingerprint.
 *
 * The ciphertext is the one of AWS's own recipe (AWS KMS Developer Guide, importing-keys-encrypt-key-material).
 * The other files that they leave can be read by no other user, and no key is an argument of a process. They
 * also print the ids with which people at both machines notice that somebody exchanged a file.
 *
 * @param file - name of the bundle
 */
export function opensslCommands(bundle: Bundle, file: string): readonly string[] {
  const material = fingerprintForm(bundle.keySpec) === 'v2' ? 'material.der' : 'material.bin';
  return [
    ...bundleCommands(bundle, file),
    '# the material: generate it, or use your own under this name',
    generate(bundle.keySpec, parseKeyReference(bundle.keyArn).arn?.region ?? '', material),
    ...wrappingKeyCommands(),
    '# wrap',
    ...wrap(bundle, material),
    '# the fingerprint of the material for this key',
    ...fingerprint(bundle, material),
    ...wrappedIdCommands(),
  ];
}

/** RFC 5649 section 3. */
const ALTERNATIVE_IV = 'A65959A6';

function generate(keySpec: ImportableKeySpec, region: string, material: string): string {
  const kind = materialKind(keySpec);
  const pkcs8 = `| openssl pkcs8 -topk8 -nocrypt -outform DER -out ${material}`;
  switch (kind.kind) {
    case 'symmetric':
      return `openssl rand -out ${material} ${isChinaRegion(region) ? 16 : 32}`;
    case 'hmac':
      return `openssl rand -out ${material} ${kind.minimum}`;
    case 'rsa':
      return `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:${kind.modulusLength} ${pkcs8}`;
    case 'ec':
      return `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:${kind.curve} -pkeyopt ec_param_enc:named_curve ${pkcs8}`;
    case 'ed25519':
      return `openssl genpkey -algorithm ED25519 ${pkcs8}`;
  }
}

function wrap({ wrappingAlgorithm }: Bundle, material: string): string[] {
  const hash = wrappingAlgorithm.endsWith('SHA_256') ? 'sha256' : 'sha1';
  const oaep = (input: string, output: string): string =>
    `openssl pkeyutl -encrypt -in ${input} -out ${output} -inkey wrapping-key.der -keyform DER -pubin -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:${hash} -pkeyopt rsa_mgf1_md:${hash}`;
  if (!wrappingAlgorithm.startsWith('RSA_AES_KEY_WRAP')) return [oaep(material, 'encrypted.bin')];
  return [
    // enc takes a key only as an argument, which every process of the machine can read. So it derives the key
    // from a file with 264 random bits (RFC 8018 section 5.2), and says which one it derived.
    'openssl rand -base64 -out aes.txt 33',
    `derived() { openssl enc -id-aes256-wrap-pad -pbkdf2 -iter 1 -nosalt -pass file:aes.txt -iv ${ALTERNATIVE_IV} "$@"; }`,
    `derived -in ${material} -out wrapped-material.bin`,
    // printf is part of the shell, so that no byte of the key is an argument of a process.
    `for byte in $(derived -P | sed -n 's/^key=//p' | sed 's/../& /g'); do printf "\\\\$(printf %03o "0x$byte")"; done > aes.bin`,
    oaep('aes.bin', 'wrapped-aes.bin'),
    'cat wrapped-aes.bin wrapped-material.bin > encrypted.bin',
    'rm aes.txt aes.bin wrapped-aes.bin wrapped-material.bin',
  ];
}

// A private key is identified by its public key, in the form of `publicKeyFingerprint`.
function fingerprint(bundle: Bundle, material: string): readonly string[] {
  const form = fingerprintForm(bundle.keySpec);
  if (form === 'v1') return fingerprintCommands(bundle, form, material);
  const file = 'public-key.der';
  return [publicKey(bundle.keySpec, material, file), ...fingerprintCommands(bundle, form, file)];
}

function publicKey(keySpec: ImportableKeySpec, material: string, output: string): string {
  const point =
    materialKind(keySpec).kind === 'ec'
      ? ' -ec_conv_form uncompressed -ec_param_enc named_curve'
      : '';
  return `openssl pkey -inform DER -in ${material} -pubout${point} -outform DER -out ${output}`;
}
