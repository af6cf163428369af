import { materialKind, type Curve, type ImportableKeySpec } from '../domain/key-specs';
import { curveOid } from './ec-key';
import type { Encoding } from './encoding';
import type { Lookalike } from './hint';
import { asciiText } from './text';

/** The length of the private key of a curve (RFC 5915 section 3), in bytes. */
const SCALAR_BYTES: Readonly<Record<Curve, number>> = {
  prime256v1: 32,
  secp384r1: 48,
  secp521r1: 66,
  secp256k1: 32,
};

/** The length of an Ed25519 seed (RFC 8032 section 5.1.5), in bytes. */
const SEED_BYTES = 32;

/**
 * Recognises the bare number of an EC key, or the bare seed of an Ed25519 key, in bytes or in hex, by its length and
 * the key spec that it is for.
 *
 * @param content - what the encoding was decoded to
 * @param encoding - that of the source, so that the command in the remedy reads it as it was read here
 */
export function bareKey(
  content: Buffer,
  keySpec: ImportableKeySpec,
  encoding: Encoding,
): Lookalike | undefined {
  const kind = materialKind(keySpec);
  const found = hexDigits(content, encoding);
  if (found === undefined) return undefined;
  const { length, digits, form } = found;
  if (kind.kind === 'ec' && length === SCALAR_BYTES[kind.curve]) {
    return {
      what: `the bare private key of ${kind.curve}${form}`,
      remedy: `convert it (${toPem(sec1Template(kind.curve, length), digits)})`,
    };
  }
  if (kind.kind === 'ed25519' && (length === SEED_BYTES || length === 2 * SEED_BYTES)) {
    const isSeed = length === SEED_BYTES;
    return {
      what: `a bare Ed25519 seed${isSeed ? '' : ' with its public key'}${form}`,
      remedy: `convert it (${toPem(ED25519_TEMPLATE, isSeed ? digits : `${digits} | cut -c 1-64`)})`,
    };
  }
  return undefined;
}

interface HexDigits {
  /** In bytes. */
  readonly length: number;
  /** A command that prints the material as hex digits without white space. */
  readonly digits: string;
  readonly form: '' | ' in hex';
}

function hexDigits(content: Buffer, encoding: Encoding): HexDigits | undefined {
  const text = asciiText(content)?.text.trim();
  const [, written] = /^(?:0x)?((?:[0-9a-f]{2}:?)+)$/i.exec(text ?? '') ?? [];
  const digits = written?.replaceAll(':', '');
  const decoded = DECODED[encoding];
  return digits === undefined
    ? {
        length: content.length,
        digits: decoded === undefined ? 'xxd -p -c 256 FILE' : `${decoded} | xxd -p -c 256`,
        form: '',
      }
    : {
        length: digits.length / 2,
        // Also without the bytes between the digits that colons, line ends, UTF-16 and its mark are.
        digits: `${decoded === undefined ? '' : `${decoded} | `}tr -cd '[:xdigit:]x'${decoded === undefined ? ' < FILE' : ''} | sed 's/^0x//'`,
        form: ' in hex',
      };
}

/** Commands that print what a source of text was decoded to. */
const DECODED: Readonly<Partial<Record<Encoding, string>>> = {
  base64: "tr -cd 'A-Za-z0-9+/=' < FILE | openssl base64 -d -A",
  hex: "tr -cd '[:xdigit:]' < FILE | xxd -r -p",
};

// PrivateKeyInfo of Ed25519 (RFC 8410 section 7), with %s for the seed.
const ED25519_TEMPLATE = '302e020100300506032b657004220420%s';

/** ECPrivateKey (RFC 5915 section 3) without the public key, with %s for the number. */
function sec1Template(curve: Curve, scalarBytes: number): string {
  const oid = curveOid(curve).toString('hex');
  const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
  const parameters = `a0${hex(oid.length / 2)}${oid}`;
  const length = 3 + 2 + scalarBytes + parameters.length / 2;
  return `30${hex(length)}02010104${hex(scalarBytes)}%s${parameters}`;
}

// The digits go through a pipe and a command of the shell, so no process has them as an argument.
function toPem(template: string, digits: string): string {
  return `printf '${template}' "$(${digits})" | xxd -r -p | openssl pkey -inform DER -out key.pem`;
}
