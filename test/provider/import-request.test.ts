import { ImportParametersCache } from '../../src/provider/imported-key-material/import-request';
import { OAEP_2048 } from '../support/ceremony';

const HOUR = 3_600_000;

describe('when import parameters are held', () => {
  let now: number;
  let fetched: number;
  let life: number | undefined;
  let held: ImportParametersCache;

  beforeEach(() => {
    now = Date.parse('2030-01-01T00:00:00Z');
    fetched = 0;
    life = 24 * HOUR;
    held = new ImportParametersCache(
      () => {
        fetched += 1;
        const validTo = life === undefined ? undefined : new Date(now + life);
        return Promise.resolve({
          ...OAEP_2048,
          publicKey: Buffer.of(fetched),
          importToken: Buffer.of(),
          validTo,
        });
      },
      () => new Date(now),
    );
  });

  it('they are fetched once', async () => {
    await held.get();
    now += 23 * HOUR;
    expect((await held.get()).publicKey).toEqual(Buffer.of(1));
    expect(fetched).toBe(1);
  });

  it('they are never given past their deadline, nor so close that the import could miss it', async () => {
    await held.get();
    now += 24 * HOUR - 30_000;
    expect((await held.get()).publicKey).toEqual(Buffer.of(2));
  });

  it('without a deadline they are used once', async () => {
    life = undefined;
    await held.get();
    expect((await held.get()).publicKey).toEqual(Buffer.of(2));
  });

  it('what KMS refused is not given again, and the import repeated once', async () => {
    await held.get();
    expect(held.renew()).toBe(true);
    expect((await held.get()).publicKey).toEqual(Buffer.of(2));
    expect(held.renew()).toBe(false);
  });
});
