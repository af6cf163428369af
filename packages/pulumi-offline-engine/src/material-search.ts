/** One form in which material can appear in a file. */
interface Needle {
  readonly encoding: string;
  readonly bytes: Buffer;
  /** How the searched content is prepared for this needle. */
  readonly view: 'raw' | 'lowercase' | 'without-space';
}

/**
 * Finds key material in the content of a file, an output or a message: as raw bytes, as those bytes in
 * UTF-8 or escaped in JSON, in hex of either case, in base64 of both alphabets at any alignment (even
 * inside a longer encoded text, and with line breaks), and as an array of decimal numbers.
 *
 * @param material - at least 16 bytes, because shorter material could be found by chance
 * @returns the encodings in which it was found; empty when it was not
 * @throws TypeError when the material is too short
 *
 * @example
 * ```ts
 * import { searchMaterial } from 'pulumi-offline-engine';
 *
 * const found = searchMaterial(Buffer.alloc(32, 7), '{"state":"…"}');
 * if (found.length > 0) throw new Error(`leaked as ${found.join(', ')}`);
 * ```
 */
export function searchMaterial(material: Uint8Array, content: string | Uint8Array): string[] {
  if (material.length < 16) throw new TypeError('material must have at least 16 bytes');
  const raw = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content);
  const text = raw.toString('latin1');
  const views = {
    raw,
    lowercase: Buffer.from(text.toLowerCase(), 'latin1'),
    'without-space': Buffer.from(text.replace(/\s|\\[nr]/g, ''), 'latin1'),
  };
  const found = needlesFor(Buffer.from(material))
    .filter(({ bytes, view }) => views[view].includes(bytes))
    .map(({ encoding }) => encoding);
  return [...new Set(found)];
}

function needlesFor(material: Buffer): Needle[] {
  const latin1 = material.toString('latin1');
  const escapes = [...material].map((byte) => `\\u${byte.toString(16).padStart(4, '0')}`).join('');
  return [
    { encoding: 'raw', bytes: material, view: 'raw' },
    { encoding: 'utf8', bytes: Buffer.from(latin1, 'utf8'), view: 'raw' },
    { encoding: 'json', bytes: Buffer.from(JSON.stringify(latin1).slice(1, -1)), view: 'raw' },
    { encoding: 'json', bytes: Buffer.from(escapes), view: 'lowercase' },
    { encoding: 'hex', bytes: Buffer.from(material.toString('hex')), view: 'lowercase' },
    { encoding: 'decimal', bytes: Buffer.from([...material].join(',')), view: 'without-space' },
    ...[0, 1, 2].flatMap((shift) => base64Needles(material, shift)),
  ];
}

// The base64 of material depends on the number of bytes before it, modulo three. The characters at either
// end that also depend on the neighbouring bytes are omitted.
function base64Needles(material: Buffer, shift: number): Needle[] {
  const shifted = Buffer.concat([Buffer.alloc(shift), material]);
  const dependentAtStart = shift === 0 ? 0 : shift + 1;
  const complete = shifted.subarray(0, shifted.length - (shifted.length % 3));
  const standard = complete.toString('base64').slice(dependentAtStart);
  const url = standard.replaceAll('+', '-').replaceAll('/', '_');
  const escaped = standard.replaceAll('/', '\\/').replaceAll('+', '\\u002b');
  return [standard, url, escaped].map((text) => ({
    encoding: 'base64',
    bytes: Buffer.from(text),
    view: 'without-space',
  }));
}
