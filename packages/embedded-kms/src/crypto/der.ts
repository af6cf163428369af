/** One element of a DER or BER encoding (X.690). */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
}

/** The tags in a private key (X.690 §8). */
export const TAG = {
  integer: 0x02,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  context0: 0xa0,
} as const;

/**
 * Returns the elements that fill the given bytes; undefined when the bytes are anything else, or end in
 * the middle of an element. Lengths may use more bytes than needed, as BER allows; BER's indefinite
 * lengths are not accepted.
 */
export function elementsIn(bytes: Buffer): readonly Element[] | undefined {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const header = headerAt(bytes, at);
    if (header === undefined || header.end > bytes.length) return undefined;
    elements.push({ tag: header.tag, content: bytes.subarray(header.start, header.end) });
    at = header.end;
  }
  return elements;
}

interface Header {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const MAX_LENGTH_BYTES = 4; // no import is longer than 6144 bytes (API reference)

function headerAt(bytes: Buffer, at: number): Header | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const lengthBytes = first & 0x7f;
  const start = at + 2 + lengthBytes;
  if (lengthBytes === 0 || lengthBytes > MAX_LENGTH_BYTES || start > bytes.length) return undefined;
  return { tag, start, end: start + bytes.readUIntBE(at + 2, lengthBytes) };
}
