import { format, inspect } from 'node:util';
import { SecretMaterial, SecretBytes } from '../../src/material/secret-material';
import { searchMaterial } from 'pulumi-offline-engine';

const plaintext = (): Buffer =>
  Buffer.from(Array.from({ length: 32 }, (_, index) => index * 5 + 3));

describe('when secret bytes are shown by accident', () => {
  it.each([
    ['as JSON', (bytes: SecretBytes) => JSON.stringify({ bytes })],
    ['as text', (bytes: SecretBytes) => String(bytes)],
    ['in a log', (bytes: SecretBytes) => format('%s %o %j', bytes, bytes, bytes)],
    ['by inspection', (bytes: SecretBytes) => inspect(bytes, { showHidden: true, depth: 9 })],
    ['inside of material', () => inspect(new SecretMaterial(plaintext()), { showHidden: true })],
  ])('%s, nothing of them appears', (_how, show) => {
    expect(searchMaterial(plaintext(), show(new SecretBytes(plaintext())))).toEqual([]);
  });

  it('erasing overwrites the buffer that was handed over', () => {
    const buffer = plaintext();
    const bytes = new SecretBytes(buffer);
    expect(bytes.length).toBe(32);
    bytes.erase();
    expect(buffer.equals(Buffer.alloc(32))).toBe(true);
  });
});
