import { elementsIn, TAG } from './der';

/** The two numbers of an ECDSA signature. */
export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** Encodes an ECDSA-Sig-Value (RFC 3279 §2.2.3), as KMS returns signatures. */
export function derOfSignature({ r, s }: EcdsaSignature): Buffer {
  return element(TAG.sequence, Buffer.concat([derOfInteger(r), derOfInteger(s)]));
}

/** Reads an ECDSA-Sig-Value; undefined when the bytes are something else. */
export function signatureOfDer(bytes: Buffer): EcdsaSignature | undefined {
  const [sequence] = elementsIn(bytes) ?? [];
  const [r, s] = (sequence && elementsIn(sequence.content)) ?? [];
  if (r?.tag !== TAG.integer || s?.tag !== TAG.integer) return undefined;
  return { r: unsigned(r.content), s: unsigned(s.content) };
}

/** X.690 §8.3: a leading zero keeps the number positive. */
function derOfInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const positive = bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
  return element(TAG.integer, positive);
}

/** No signature of a served curve is longer than 255 bytes. */
function element(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function unsigned(content: Buffer): bigint {
  return BigInt(`0x0${content.toString('hex')}`);
}
