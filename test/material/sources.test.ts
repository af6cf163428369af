import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseKeyReference } from '../../src/domain/identifiers';
import { decode } from '../../src/material/encoding';
import { openMaterial } from '../../src/material/open-material';
import { openSource } from '../../src/material/sources';
import { RUNS } from '../support/runs';

const key = parseKeyReference('1234abcd-12ab-34cd-56ef-1234567890ab');
const encode = (bytes: Uint8Array, encoding: 'base64' | 'hex'): string =>
  Buffer.from(bytes).toString(encoding);

describe('when what a source holds is decoded', () => {
  it.each(['base64', 'hex'] as const)('%s of any bytes comes back, also in lines', (encoding) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = encode(bytes, encoding).replace(/.{10}/g, '$&\r\n');
        expect(decode(Buffer.from(text), encoding).equals(bytes)).toBe(true);
      }),
      RUNS,
    );
  });

  it('text that is not the encoding of anything is refused, and never half decoded', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('base64', 'hex'),
        (text, encoding) => {
          let decoded: Buffer | undefined;
          try {
            decoded = decode(Buffer.from(text), encoding);
          } catch {
            decoded = undefined;
          }
          const compact = text.replace(/[ \t\r\n]/g, '');
          if (decoded !== undefined) {
            expect(decoded.toString(encoding as 'hex').toLowerCase()).toBe(compact.toLowerCase());
          }
        },
      ),
      RUNS,
    );
  });

  it('what was decoded from is overwritten', () => {
    const content = Buffer.from('00ff'.repeat(8));
    decode(content, 'hex');
    expect(content.equals(Buffer.alloc(32))).toBe(true);
  });
});

describe('when one material comes from several sources', () => {
  it('it is the same material', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'byok-sources-'));
    const bytes = Buffer.alloc(32, 0xc3);
    const file = join(folder, 'material');
    writeFileSync(file, bytes);
    const env = { MATERIAL: encode(bytes, 'base64') };
    const materials = [
      await openSource(
        { kind: 'inline', encoding: 'hex' },
        { material: encode(bytes, 'hex') },
        { env },
      ),
      await openSource({ kind: 'file', file, encoding: 'raw' }, {}, { env }),
      await openSource({ kind: 'env', env: 'MATERIAL', encoding: 'base64' }, {}, { env }),
    ];
    expect(new Set(materials.map((material) => material.fingerprint(key))).size).toBe(1);
    rmSync(folder, { recursive: true });
  });

  it('closed material is another one: its bytes are gone', () => {
    const material = openMaterial(Buffer.from(encode(Buffer.alloc(32, 1), 'hex')), 'hex');
    const before = material.fingerprint(key);
    material.close();
    material.close();
    expect(material.fingerprint(key)).not.toBe(before);
  });
});
