import { randomBytes } from 'node:crypto';
import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

const MINUTE = 60_000;
const DAY = 86_400_000;

let kms: EmbeddedKms;
let client: KMSClient;
let keyId: string;
let material: { inline: string };

beforeAll(async () => {
  // On the clock of this machine, which is also that of its Date headers. The provider gets another one.
  kms = await startKms();
  client = clientOf(kms);
});

beforeEach(async () => {
  keyId = await createKey(client);
  material = { inline: randomBytes(32).toString('base64') };
  kms.clearCalls();
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

const ahead = (milliseconds: number): { life: ResourceLife; now: () => Date } => {
  const now = (): Date => new Date(Date.now() + milliseconds);
  return { life: new ResourceLife({ kms, now }), now };
};
const imports = (): number =>
  kms.calls.filter(({ operation }) => operation === 'ImportKeyMaterial').length;
const instant = (milliseconds: number): string =>
  new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z');

describe('when the clock of this machine differs from that of KMS by a few minutes', () => {
  it.each([4, -4])('the longest validity is counted by KMS (%d minutes)', async (minutes) => {
    const { life } = ahead(minutes * MINUTE);
    await life.up({ keyId, material, validFor: '365d' });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    const left = KeyMetadata!.ValidTo!.getTime() - Date.now();
    expect(left).toBeGreaterThan(365 * DAY - 5.5 * MINUTE);
    expect(left).toBeLessThan(365 * DAY - 4.5 * MINUTE);
    expect(await life.up({ keyId, material, validFor: '365d' })).toBe('same');
  });

  it('a validTo beyond the maximum of KMS has the code that a preview would give', async () => {
    const { life, now } = ahead(4 * MINUTE);
    const validTo = instant(now().getTime() + 365 * DAY - MINUTE);
    await expect(life.up({ keyId, material, validTo })).rejects.toThrowWithCode(
      'VALIDITY_TOO_LONG',
    );
    expect(imports()).toBe(0);
  });
});

describe('when the clocks differ by more than signatures allow', () => {
  it.each([10, -10])('an expiry is refused, with both times (%d minutes)', async (minutes) => {
    const { life, now } = ahead(minutes * MINUTE);
    const before = [now().getTime(), Date.now()];
    const thrown: unknown = await life
      .up({ keyId, material, validFor: '365d' })
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'CLOCK_DIFFERS' });
    const named = (thrown as Error).message.match(/\d{4}-\d\d-\d\dT[\d:]+Z/g) ?? [];
    expect(named).toHaveLength(2);
    for (const [index, text] of named.entries()) {
      expect(Math.abs(Date.parse(text) - before[index]!)).toBeLessThan(30_000);
    }
    expect(kms.calls.map(({ operation }) => operation)).not.toContain('GetParametersForImport');
    expect(imports()).toBe(0);
  });

  it('material that does not expire is imported, because no clock matters', async () => {
    const { life } = ahead(10 * MINUTE);
    expect(await life.up({ keyId, material })).toBe('create');
    expect(imports()).toBe(1);
  });
});

describe('when guarded material is deleted from a machine with a wrong clock', () => {
  it.each([40, -40])('it is judged by the clock of KMS (%d days)', async (days) => {
    const { life } = ahead(0);
    await life.up({ keyId, material, deleteUnlessUsedWithin: '30d' });
    const { recorded } = life;
    const now = (): Date => new Date(Date.now() + days * DAY);
    const wrong = new ResourceLife({ kms, now, recorded });
    // By the clock of this machine, the material would be old enough, or would come from the future.
    await expect(wrong.destroy()).rejects.toMatchObject({
      code: 'USAGE_UNKNOWN',
      reason: expect.stringContaining('less than an hour old') as string,
    });
  });
});
