import { fingerprintPrefix } from '../../domain/fingerprint';
import { isChinaRegion, parseKeyReference } from '../../domain/identifiers';
import { materialKind, type ImportableKeySpec } from '../../domain/key-specs';
import type { Bundle } from '../../material/bundle';

/**
 * The commands by which a person wraps material for a bundle with OpenSSL 3 and a POSIX shell alone, in
 * the folder of the bundle. They make `encrypted.bin` and print its fingerprint.
 *
 * The material is AWS's own recipe (AWS KMS Developer Guide, importing-keys-encrypt-key-material).
 *
 * @param file - name of the bundle
 */
export function opensslCommands(bundle: Bundle, file: string): readonly string[] {
  const material = isPrivateKey(bundle.keySpec) ? 'material.der' : 'material.bin';
  return [
    '# material: make it, or bring your own under this name',
    generate(bundle.keySpec, parseKeyReference(bundle.keyArn).arn?.region ?? '', material),
    '# the wrapping key of the bundle',
    `sed -n 's/^ *"publicKey": "\\(.*\\)",\\{0,1\\}$/\\1/p' ${quoted(file)} | openssl base64 -d -A -out wrapping-key.der`,
    '# wrap',
    ...wrap(bundle, material),
    '# the fingerprint of the material for this key',
    ...fingerprint(bundle, material),
  ];
}

/** The command that takes up what they made. */
export function sealCommand(file: string): string {
  return `kms-byok wrap --bundle ${quoted(file)} --ciphertext encrypted.bin --fingerprint "$fingerprint" --out wrapped.json`;
}

function isPrivateKey(keySpec: ImportableKeySpec): boolean {
  const { kind } = materialKind(keySpec);
  return kind !== 'symmetric' && kind !== 'hmac';
}

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
    'openssl rand -out aes.bin 32',
    // RFC 5649 section 3: the alternative initial value.
    `openssl enc -id-aes256-wrap-pad -K "$(od -An -v -tx1 aes.bin | tr -d ' \\n')" -iv A65959A6 -in ${material} -out wrapped-material.bin`,
    oaep('aes.bin', 'wrapped-aes.bin'),
    'cat wrapped-aes.bin wrapped-material.bin > encrypted.bin',
    'rm aes.bin wrapped-aes.bin wrapped-material.bin',
  ];
}

function fingerprint({ keyArn }: Bundle, material: string): string[] {
  const prefix = Array.from(fingerprintPrefix(parseKeyReference(keyArn)), printable).join('');
  return [
    `length=$(($(wc -c < ${material})))`,
    `fingerprint=v1:$({ printf '${prefix}\\000\\000'; printf "\\\\$(printf %03o $((length / 256)))\\\\$(printf %03o $((length % 256)))"; cat ${material}; } | openssl dgst -sha256 -r | cut -c 1-64)`,
    'echo "$fingerprint"',
  ];
}

// Writes a byte for the format of printf, in single quotes.
function printable(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9/-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}

function quoted(path: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
