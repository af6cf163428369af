import { fingerprintPrefix, type Form } from '../../domain/fingerprint';
import { parseKeyReference } from '../../domain/identifiers';
import type { Bundle } from '../../material/bundle';

/**
 * Returns the commands that every way of wrapping by hand begins with, in the folder of the bundle. They print its
 * id, and define how to read a field of it.
 *
 * @param file - name of the bundle
 */
export function bundleCommands(bundle: Bundle, file: string): readonly string[] {
  // The hash of `identifier`: the members in the order of their names, as JSON.
  const members = Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = members.filter(([, value]) => typeof value === 'string').map(([name]) => name);
  const format = members.map(([name, value]) =>
    typeof value === 'string' ? `["${name}","%s"]` : `["${name}",${value}]`,
  );
  const values = texts.map((name) => `"$(field ${name})"`);
  return [
    'umask 077',
    '# the id of the bundle: compare it with the one that params printed, over another channel',
    `field() { sed -n 's/^ *"'"$1"'": "\\(.*\\)",\\{0,1\\}$/\\1/p' ${quoted(file)}; }`,
    `bundle=$(${hashOf(format, values)})`,
    'echo "bundle id $bundle"',
  ];
}

/** Returns the commands that write the wrapping key of the bundle to `wrapping-key.der`. */
export function wrappingKeyCommands(): readonly string[] {
  return [
    '# the wrapping key of the bundle',
    'field publicKey | openssl base64 -d -A -out wrapping-key.der',
  ];
}

/**
 * Returns the commands that print a fingerprint, and keep it in `$fingerprint`.
 *
 * @param identity - file with the bytes that identify the material in this form
 */
export function fingerprintCommands(
  { keyArn }: Bundle,
  form: Form,
  identity: string,
): readonly string[] {
  const prefix = Array.from(fingerprintPrefix(parseKeyReference(keyArn), form), printable).join('');
  return [
    `length=$(($(wc -c < ${identity})))`,
    `fingerprint=${form}:$({ printf '${prefix}\\000\\000'; printf "\\\\$(printf %03o $((length / 256)))\\\\$(printf %03o $((length % 256)))"; cat ${identity}; } | openssl dgst -sha256 -r | cut -c 1-64)`,
    'echo "fingerprint $fingerprint"',
  ];
}

/** Returns the commands that print the id of the wrapped file of `encrypted.bin` and `$fingerprint`. */
export function wrappedIdCommands(): readonly string[] {
  const format = [
    '["bundleId","%s"]',
    '["encryptedKeyMaterial","%s"]',
    '["format","pulumi-kms-byok/wrapped"]',
    '["materialFingerprint","%s"]',
    '["version",1]',
  ];
  const values = ['"$bundle"', '"$(openssl base64 -A -in encrypted.bin)"', '"$fingerprint"'];
  return [
    '# the id of the wrapped file: give it to the people who import, over another channel',
    `wrapped=$(${hashOf(format, values)})`,
    'echo "wrapped id $wrapped"',
  ];
}

/** Returns the command that makes the wrapped file of `encrypted.bin` and `$fingerprint`. */
export function sealCommand(file: string): string {
  return `kms-byok wrap --bundle ${quoted(file)} --ciphertext encrypted.bin --fingerprint "$fingerprint" --out wrapped.json`;
}

function hashOf(format: readonly string[], values: readonly string[]): string {
  return `printf '[${format.join(',')}]' ${values.join(' ')} | openssl dgst -sha256 -r | cut -c 1-64`;
}

// Writes a byte for the format of printf, in single quotes.
function printable(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9/-]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}

function quoted(path: string): string {
  return /^[A-Za-z0-9_./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
