import type { Material } from '../../src/material/material';
import { Vault } from '../../src/provider/vault';

const A = 'v1:a' as const;
const held = (): Material & { closed: number } => ({
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
    const material = held();
    vault.deposit(A, material);
    vault.deposit(A, held());
    vault.release(A);
    expect(vault.lend(A)).toBe(material);
    expect(material.closed).toBe(0);
    vault.release(A);
    expect(vault.lend(A)).toBeUndefined();
    expect(material.closed).toBe(1);
  });

  it('a second deposit of the same material is erased at once', () => {
    const vault = new Vault();
    const second = held();
    vault.deposit(A, held());
    vault.deposit(A, second);
    expect(second.closed).toBe(1);
  });

  it('a release of what is not there does nothing', () => {
    expect(() => {
      new Vault().release(A);
    }).not.toThrow();
  });
});
