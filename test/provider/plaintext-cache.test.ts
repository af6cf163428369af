import { parseKeyReference } from '../../src/domain/identifiers';
import type { Material } from '../../src/material/material';
import { Vault } from '../../src/provider/plaintext-cache';

const A = 'v1:a' as const;
const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY = parseKeyReference(KEY_ID);
const SOURCE = { kind: 'command', program: 'p', sha256: 'a', encoding: 'raw' } as const;
const countedMaterial = (): Material & { closed: number } => ({
  closed: 0,
  fingerprint: () => A,
  needsFit: () => undefined,
  wrapFor: () => Buffer.alloc(0),
  close() {
    this.closed += 1;
  },
});

describe('when inline material waits for its import', () => {
  it('it is erased with the last release', () => {
    const vault = new Vault();
    const material = countedMaterial();
    vault.deposit(A, material);
    vault.deposit(A, countedMaterial());
    vault.release(A);
    expect(vault.lend(A)).toBe(material);
    expect(material.closed).toBe(0);
    vault.release(A);
    expect(vault.lend(A)).toBeUndefined();
    expect(material.closed).toBe(1);
  });

  it('a second deposit of the same material is erased at once', () => {
    const vault = new Vault();
    const second = countedMaterial();
    vault.deposit(A, countedMaterial());
    vault.deposit(A, second);
    expect(second.closed).toBe(1);
  });

  it('a release of what is not there does nothing', () => {
    expect(() => {
      new Vault().release(A);
    }).not.toThrow();
  });

  it('everything is erased in the end', () => {
    const vault = new Vault();
    const material = countedMaterial();
    vault.deposit(A, material);
    vault.depositSource(KEY, SOURCE, { command: ['x'] });
    vault.clear();
    expect(material.closed).toBe(1);
    expect(vault.lend(A)).toBeUndefined();
    expect(vault.lendSource(KEY, SOURCE)).toBeUndefined();
  });
});

describe('when what opens a source waits for its import', () => {
  it('it is lent for the same key and the same source alone', () => {
    const vault = new Vault();
    vault.depositSource(KEY, SOURCE, { command: ['x'] });
    // The members of a reference come back in another order.
    const { kind, program, sha256, encoding } = SOURCE;
    const byArn = parseKeyReference(`arn:aws:kms:eu-west-1:111122223333:key/${KEY_ID}`);
    expect(vault.lendSource(byArn, { encoding, sha256, program, kind })).toEqual({
      command: ['x'],
    });
    expect(vault.lendSource(KEY, { ...SOURCE, sha256: 'b' })).toBeUndefined();
    const other = parseKeyReference('9999abcd-12ab-34cd-56ef-1234567890ab');
    expect(vault.lendSource(other, SOURCE)).toBeUndefined();
  });

  it('the last deposit counts', () => {
    const vault = new Vault();
    vault.depositSource(KEY, SOURCE, { command: ['first'] });
    vault.depositSource(KEY, SOURCE, { command: ['second'] });
    expect(vault.lendSource(KEY, SOURCE)).toEqual({ command: ['second'] });
  });
});
