import { parseKeyReference } from '../../src/domain/identifiers';
import type { Material } from '../../src/material/material';
import { PlaintextCache } from '../../src/provider/imported-key-material/read-material';

const A = 'v1:a' as const;
const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY = parseKeyReference(KEY_ID);
const SOURCE = { kind: 'command', program: 'p', sha256: 'a', encoding: 'raw' } as const;
const countedMaterial = (): Material & { closed: number } => ({
  closed: 0,
  fingerprint: () => Promise.resolve(A),
  assertFits: () => undefined,
  checkValue: () => Promise.resolve({ method: 'AES_CMAC', value: '' }),
  wrapFor: () => Promise.resolve(Buffer.alloc(0)),
  close() {
    this.closed += 1;
  },
});

describe('when inline material waits for its import', () => {
  it('it is erased with the last release', () => {
    const plaintexts = new PlaintextCache();
    const material = countedMaterial();
    plaintexts.add(A, material);
    plaintexts.add(A, countedMaterial());
    plaintexts.release(A);
    expect(plaintexts.get(A)).toBe(material);
    expect(material.closed).toBe(0);
    plaintexts.release(A);
    expect(plaintexts.get(A)).toBeUndefined();
    expect(material.closed).toBe(1);
  });

  it('a second deposit of the same material is erased at once', () => {
    const plaintexts = new PlaintextCache();
    const second = countedMaterial();
    plaintexts.add(A, countedMaterial());
    plaintexts.add(A, second);
    expect(second.closed).toBe(1);
  });

  it('a release of what is not there does nothing', () => {
    expect(() => {
      new PlaintextCache().release(A);
    }).not.toThrow();
  });

  it('everything is erased in the end', () => {
    const plaintexts = new PlaintextCache();
    const material = countedMaterial();
    plaintexts.add(A, material);
    plaintexts.addSource(KEY, SOURCE, { command: ['x'] });
    plaintexts.clear();
    expect(material.closed).toBe(1);
    expect(plaintexts.get(A)).toBeUndefined();
    expect(plaintexts.getSource(KEY, SOURCE)).toBeUndefined();
  });
});

describe('when what opens a source waits for its import', () => {
  it('it is lent only for the same key and the same source', () => {
    const plaintexts = new PlaintextCache();
    plaintexts.addSource(KEY, SOURCE, { command: ['x'] });
    // The members of a reference come back in another order.
    const { kind, program, sha256, encoding } = SOURCE;
    const byArn = parseKeyReference(`arn:aws:kms:eu-west-1:111122223333:key/${KEY_ID}`);
    expect(plaintexts.getSource(byArn, { encoding, sha256, program, kind })).toEqual({
      command: ['x'],
    });
    expect(plaintexts.getSource(KEY, { ...SOURCE, sha256: 'b' })).toBeUndefined();
    const other = parseKeyReference('9999abcd-12ab-34cd-56ef-1234567890ab');
    expect(plaintexts.getSource(other, SOURCE)).toBeUndefined();
  });

  it('the last deposit counts', () => {
    const plaintexts = new PlaintextCache();
    plaintexts.addSource(KEY, SOURCE, { command: ['first'] });
    plaintexts.addSource(KEY, SOURCE, { command: ['second'] });
    expect(plaintexts.getSource(KEY, SOURCE)).toEqual({ command: ['second'] });
  });
});
