// Tags of DER (X.690 section 8.1.2).
export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  sequence: 0x30,
  /** `[1]`, a context-specific tag in the primitive and in the constructed form. */
  primitive1: 0x81,
  constructed1: 0xa1,
} as const;

/** One element of DER. */
export interface DerElement {
  readonly tag: number;
  /** Shares the memory of what was read. */
  readonly content: Buffer;
}

/** Returns an element of DER, with its length in the shortest form (X.690 section 10.1). */
export function derElement(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const octets: number[] = [];
  for (let rest = length; length >= 0x80 && rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  const header = length < 0x80 ? [length] : [0x80 | octets.length, ...octets];
  return Buffer.concat([Buffer.from([tag, ...header]), ...parts]);
}

/** Returns the elements one after another; undefined if the bytes are not whole elements of DER. */
export function derElements(bytes: Buffer): DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at + 1] ?? 0x80;
    const octets = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + octets;
    // Indefinite lengths are not DER, and nothing here is longer than 64 kB.
    if (first === 0x80 || octets > 3 || start > bytes.length) return undefined;
    const length = octets === 0 ? first : bytes.readUIntBE(at + 2, octets);
    const end = start + length;
    if (end > bytes.length) return undefined;
    elements.push({ tag: bytes[at] ?? 0, content: bytes.subarray(start, end) });
    at = end;
  }
  return elements;
}
