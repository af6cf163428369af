import type {
  Content,
  LocalContext,
  LocalSelfWrappingSource,
  PlainSource,
  PrewrappedSource,
  Source,
  SourceContext,
} from './source';
import { isEncodingDeclared, type LocalReference, type SourceReference, SOURCES } from './sources';
import type { DeclaredMaterial } from './source-schema';
import type { Encoding } from './encoding';
import { ByokError, assert } from '../errors';
import { jsonMembers } from './json-members';
import { hintOf, lookalikeOf, type Lookalike } from './lookalike';
import type { Material } from './material';
import { PrivateKeyMaterial } from './private-key';
import { SecretMaterial } from './secret-material';
import { COLON_HEX, isHex, isJwk, isPem, plainText, startsAsDer, startsAsJson } from './text';
import { assertGivesCheckValue, assertTokenNotExpired } from './wrapped-material';

/**
 * Opens material that is read at preview.
 *
 * @param declared - what the program declares; empty if only the reference is known
 * @throws {@link ByokError} `MATERIAL_*`, as each source and {@link openMaterial} say
 */
export async function openLocalSource(
  reference: SourceReference & LocalReference,
  declared: DeclaredMaterial,
  context: LocalContext,
): Promise<Material> {
  const source: PlainSource | PrewrappedSource | LocalSelfWrappingSource = SOURCES[reference.kind];
  return 'open' in source
    ? source.open(reference, declared, context)
    : openBytes(reference, declared, context, () => source.read(reference, declared, context));
}

/**
 * Opens the material behind a reference.
 *
 * @param declared - what the program declares; empty if only the reference is known
 * @throws {@link ByokError} `MATERIAL_*`, as each source and {@link openMaterial} say
 */
export async function openSource(
  reference: SourceReference,
  declared: DeclaredMaterial,
  context: SourceContext,
): Promise<Material> {
  const source: Source = SOURCES[reference.kind];
  return 'open' in source
    ? source.open(reference, declared, context)
    : openBytes(reference, declared, context, () => source.read(reference, declared, context));
}

async function openBytes(
  reference: SourceReference,
  declared: DeclaredMaterial,
  context: LocalContext,
  read: () => Promise<Content>,
): Promise<Material> {
  const passphrase = await readPassphrase(reference, declared, context);
  const content = await read();
  const encoding = reference.encoding ?? content.encoding;
  return openMaterial(content.bytes, encoding, passphrase, isEncodingDeclared(reference));
}

/**
 * Checks that the passphrase of material is where the program says. A preview does not read the material of a
 * remote source, but state has the name of its passphrase, which may be the passphrase itself by mistake.
 *
 * @throws {@link ByokError} `MATERIAL_ENV_UNSET`, `MATERIAL_FILE`
 */
export async function assertPassphraseIsThere(
  reference: SourceReference,
  declared: DeclaredMaterial,
  context: LocalContext,
): Promise<void> {
  (await readPassphrase(reference, declared, context))?.fill(0);
}

async function readPassphrase(
  { passphrase: reference }: SourceReference,
  { passphrase: declared = {} }: DeclaredMaterial,
  context: LocalContext,
): Promise<Buffer | undefined> {
  if (reference === undefined) return undefined;
  const source: PlainSource = SOURCES[reference.kind];
  const input = 'material.passphrase';
  const { bytes } = await source.read(reference, declared, { ...context, input });
  return withoutLineEnd(plainText(bytes));
}

// As OpenSSL reads a file with a passphrase: the first line, without its end.
function withoutLineEnd(passphrase: Buffer): Buffer {
  const end = passphrase.indexOf('\n');
  const line = end < 0 ? passphrase : passphrase.subarray(0, end);
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

const PRIVATE_KEY_ENCODINGS: readonly Encoding[] = ['pem', 'der', 'jwk'];

/**
 * Makes material from the content of a source, and erases the content. Recognises a private key by its
 * content, in every encoding; everything else is a secret.
 *
 * @param isDeclared - whether the program declares the encoding
 * @throws {@link ByokError} `MATERIAL_ENCODING`, `MATERIAL_KEY_FORMAT`,
 * `MATERIAL_KEY_TYPE`, `MATERIAL_PASSPHRASE`
 */
export function openMaterial(
  content: Buffer,
  encoding: Encoding,
  passphrase?: Buffer,
  isDeclared = true,
): Material {
  const readAs = !isDeclared && isKeyText(content) ? 'raw' : encoding;
  // Hex is also base64, of other bytes.
  const isOtherEncoding = !isDeclared && readAs === 'base64' && isHex(content);
  const lookalike = isOtherEncoding ? lookalikeOf(content, undefined) : undefined;
  const decoded = decode(content, readAs);
  const text = plainText(decoded);
  const expected = PRIVATE_KEY_ENCODINGS.includes(encoding) || isKeyText(text);
  const origin = {
    isDeliberate: isDeclared && encoding === 'raw',
    lookalike,
    encoding: readAs,
  };
  try {
    if (!expected && !startsAsJson(text) && !startsAsDer(text)) {
      return new SecretMaterial(decoded, origin);
    }
    const octets = readOctetJwk(text);
    const material =
      octets === undefined
        ? new PrivateKeyMaterial(Buffer.from(text), passphrase)
        : new SecretMaterial(octets, { ...origin, encoding: 'jwk' });
    decoded.fill(0);
    return material;
  } catch (error) {
    const isSecret =
      !expected && error instanceof ByokError && error.code === 'MATERIAL_KEY_FORMAT';
    if (isSecret) return new SecretMaterial(decoded, origin);
    decoded.fill(0);
    throw error;
  } finally {
    if (text.buffer !== decoded.buffer) text.fill(0);
    passphrase?.fill(0);
  }
}

// A private key in a variable or a parameter is seldom in base64, which is the default there.
function isKeyText(content: Buffer): boolean {
  const text = plainText(content);
  return isPem(text) || isJwk(text);
}

// RFC 7518 section 6.4: a symmetric key as JWK.
function readOctetJwk(content: Buffer): Buffer | undefined {
  if (!startsAsJson(content)) return undefined;
  const { kty, k } = jsonMembers(content.toString('utf8'));
  if (kty !== 'oct') return undefined;
  const octets = typeof k === 'string' ? decodeText(k, 'base64url') : undefined;
  assert(
    octets !== undefined,
    'MATERIAL_ENCODING',
    'material is a JWK of type oct whose k is not base64url: the alphabet A-Z a-z 0-9 - _ without padding is expected',
  );
  return octets;
}

/**
 * Refuses material whose import token has expired, without reading the source.
 *
 * @throws {@link ByokError} `BUNDLE_EXPIRED`
 */
export function assertImportableFrom(source: SourceReference, now: Date): void {
  if (source.kind === 'wrapped') assertTokenNotExpired(source.parametersValidTo, now);
}

/**
 * Refuses a source whose material nobody here can compute a check value of, without reading the source.
 *
 * @throws {@link ByokError} `CHECK_VALUE_UNAVAILABLE`
 */
export function assertCheckableFrom({ kind }: SourceReference): void {
  assertGivesCheckValue(kind);
}

/**
 * Decodes content and erases it.
 *
 * @throws {@link ByokError} `MATERIAL_ENCODING`
 */
export function decode(content: Buffer, encoding: Encoding): Buffer {
  if (encoding !== 'base64' && encoding !== 'hex') return content;
  const text = plainText(content)
    .toString('latin1')
    .replace(/[ \t\r\n]/g, '');
  const decoded = decodeText(encoding === 'hex' ? hexDigits(text) : text, encoding);
  const hint = decoded === undefined ? hintOf(lookalikeOf(content, undefined) ?? pem(content)) : '';
  content.fill(0);
  assert(
    decoded !== undefined,
    'MATERIAL_ENCODING',
    encoding === 'hex'
      ? `material is not hex: an even number of the digits 0-9 a-f is expected${hint}`
      : `material is not base64: the standard alphabet (A-Z a-z 0-9 + /) with = padding is expected${hint}`,
  );
  return decoded;
}

function pem(content: Buffer): Lookalike | undefined {
  return isPem(content) ? { what: 'PEM', remedy: "set encoding: 'pem'" } : undefined;
}

/** Returns the digits in lower case, without colons between bytes. */
function hexDigits(text: string): string {
  return (COLON_HEX.test(text) ? text.replaceAll(':', '') : text).toLowerCase();
}

/** Decodes text, in lower case for hex; returns undefined if it is not well formed. */
export function decodeText(
  text: string,
  encoding: 'base64' | 'base64url' | 'hex',
): Buffer | undefined {
  const decoded = Buffer.from(text, encoding);
  // Buffer.from skips what it cannot read, so only well-formed text survives the round trip.
  if (decoded.toString(encoding) === text) return decoded;
  decoded.fill(0);
  return undefined;
}
