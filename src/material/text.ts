/**
 * Returns text in UTF-8 without its byte order mark, and text in UTF-16 with a byte order mark in UTF-8, as
 * PowerShell and Windows editors write it. Returns other content as it is.
 */
export function plainText(content: Buffer): Buffer {
  if (hasUtf8Mark(content)) return content.subarray(3);
  if (!hasUtf16Mark(content) || content.length % 2 !== 0) return content;
  const rest = Buffer.from(content.subarray(2));
  if (content[0] === 0xfe) rest.swap16();
  const text = Buffer.from(rest.toString('utf16le'), 'utf8');
  rest.fill(0);
  return text;
}

function hasUtf8Mark([first, second, third]: Uint8Array): boolean {
  return first === 0xef && second === 0xbb && third === 0xbf;
}

function hasUtf16Mark([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** ASCII text, and how it is written if not as ASCII. */
interface AsciiText {
  readonly text: string;
  readonly written: '' | ' with a byte order mark' | ' in UTF-16' | ' in UTF-16 without a mark';
}

/** Returns bytes as text if all of it is visible ASCII characters or white space; undefined otherwise. */
export function asciiText(bytes: Buffer): AsciiText | undefined {
  const plain = plainText(bytes);
  if (isAscii(plain)) {
    const written = hasUtf8Mark(bytes)
      ? ' with a byte order mark'
      : hasUtf16Mark(bytes)
        ? ' in UTF-16'
        : '';
    return { text: plain.toString('latin1'), written };
  }
  const narrow = narrowed(bytes);
  return narrow === undefined || !isAscii(narrow)
    ? undefined
    : { text: narrow.toString('latin1'), written: ' in UTF-16 without a mark' };
}

// Compares bytes, because a string of random material could not be erased.
function isAscii(bytes: Buffer): boolean {
  return bytes.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d,
  );
}

/** Returns every second byte if all others are zero. */
function narrowed(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined;
  const zero = [0, 1].find((odd) => bytes.every((byte, index) => index % 2 !== odd || byte === 0));
  return zero === undefined
    ? undefined
    : Buffer.from(bytes.filter((_, index) => index % 2 !== zero));
}

/**
 * Returns whether content is PEM. Text may be in front (RFC 7468 section 2), such as the attributes that OpenSSL
 * extracts from PKCS#12 together with the key.
 */
export function isPem(content: Buffer): boolean {
  return content.includes('-----BEGIN ');
}

/** Returns the bytes of the only private key in PEM, in any layout that OpenSSL reads; empty for other content. */
export function pemBody(content: Buffer): Buffer {
  const [, body = ''] = PEM_BODY.exec(content.toString('latin1')) ?? [];
  return Buffer.from(body, 'base64');
}

const PEM_BODY =
  /-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END (?:ENCRYPTED )?PRIVATE KEY-----/;

/** Returns whether content is a JSON Web Key, or what is left of one, but no set of them. */
export function isJwk(content: Buffer): boolean {
  return startsAsJson(content) && content.includes('"kty"') && !content.includes('"keys"');
}

/** Returns whether content begins as JSON does, after white space (RFC 8259 section 2). */
export function startsAsJson(content: Buffer): boolean {
  const isSpace = (byte: number): boolean => [0x20, 0x09, 0x0a, 0x0d].includes(byte);
  return content[content.findIndex((byte) => !isSpace(byte))] === 0x7b;
}

/** Returns whether content begins as DER of a key or a certificate does: an ASN.1 SEQUENCE (X.690 section 8.9). */
export function startsAsDer(content: Buffer): boolean {
  return content[0] === 0x30;
}

/** Hex digits with the colons that OpenSSL and other tools write between bytes. */
export const COLON_HEX = /^(?:[0-9a-f]{2}:)+[0-9a-f]{2}:?$/i;

/** Returns whether content is text of hex digits, of at least 16 bytes. */
export function isHex(content: Buffer): boolean {
  return /^\s*(?:[0-9a-f]{2}[:\s]*){16,}$/i.test(asciiText(content)?.text ?? '');
}

/** Returns whether bytes can only be a secret: they are neither text nor DER, and are as short as secrets are. */
export function isOnlySecret(bytes: Buffer): boolean {
  return bytes.length <= 128 && !startsAsDer(bytes) && asciiText(bytes) === undefined;
}
