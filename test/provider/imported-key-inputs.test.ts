import { materialListProvider } from '../../src/provider/material-list/provider';
import { UNKNOWN } from '../../src/provider/protocol';
import type { ImportedKeyArgs } from '../../src/component/args';

/** The failures of a key with these arguments, and the inputs that state has afterwards. */
async function check(key: object) {
  const { inputs, failures } = await materialListProvider.check(
    {},
    { entries: ['a'], isLasting: false, key },
  );
  for (const { property } of failures) expect(property).toBe('');
  const reasons = failures.map(({ reason }) => reason);
  return {
    inputs,
    text: reasons.join('\n'),
    codes: reasons.map((reason) => /\[(\w+)\]$/.exec(reason)?.[1]),
  };
}

const DAY_MS = 86_400_000;
const inDays = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

const ACCEPTED: readonly Partial<Record<keyof ImportedKeyArgs, unknown>>[] = [
  {},
  {
    keySpec: 'SYMMETRIC_DEFAULT',
    description: 'd'.repeat(8192),
    alias: 'alias/app/root_1-a',
    policy: '{}',
    tags: { team: 'x' },
    enabled: false,
    deletionWindowInDays: 7,
    region: 'eu-west-1',
    multiRegion: true,
    replicas: [
      { region: 'us-east-1', description: 'd', policy: '{}', tags: { here: 'too' } },
      { region: 'us-gov-west-1' },
    ],
    validFor: '90d',
    renewBefore: '30d',
    alarm: { daysBefore: 14 },
    shredOnDestroy: false,
    deleteUnlessUsedWithin: '30d',
    recordCheckValue: true,
    wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeySpec: 'RSA_4096',
    connection: { endpoint: 'https://kms.example', maxRetries: 3 },
    timeouts: { create: 60 },
  },
  { keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY' },
  { keyUsage: 'ENCRYPT_DECRYPT' },
  { keyUsage: 'SIGN_VERIFY', adoptKeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' },
  { keySpec: 'HMAC_256', keyUsage: UNKNOWN },
  { keySpec: 'ECC_NIST_P521', keyUsage: 'KEY_AGREEMENT', validTo: inDays(3), alias: 'aws' },
  { access: { administrators: ['a'], importers: ['b'], users: ['c'], mustExpire: true } },
  { alias: UNKNOWN, region: UNKNOWN, tags: UNKNOWN, validFor: UNKNOWN, validTo: inDays(1) },
  { replicas: [{ region: 'us-east-1', description: UNKNOWN }], connection: UNKNOWN },
  { description: null, tags: null },
];

const REFUSED: readonly (readonly [string, object, string])[] = [
  ['a guard that KMS cannot answer for', { deleteUnlessUsedWithin: '1h' }, 'INPUT_INVALID'],
  ['a guard that is no duration', { deleteUnlessUsedWithin: 'soon' }, 'INPUT_INVALID'],
  ['a usage that does not exist', { keyUsage: 'ENCRYPT' }, 'KEY_ARGS'],
  ['a usage of another spec', { keySpec: 'HMAC_256', keyUsage: 'ENCRYPT_DECRYPT' }, 'KEY_ARGS'],
  [
    'key agreement on secp256k1',
    { keySpec: 'ECC_SECG_P256K1', keyUsage: 'KEY_AGREEMENT' },
    'KEY_ARGS',
  ],
  ['an unknown input', { validfor: '90d' }, 'UNKNOWN_INPUT'],
  [
    'an unknown input beside an unknown value',
    { validfor: UNKNOWN, alias: UNKNOWN },
    'UNKNOWN_INPUT',
  ],
  [
    'an unknown input of a replica',
    { replicas: [{ region: 'us-east-1', tag: {} }] },
    'UNKNOWN_INPUT',
  ],
  ['an unknown input of access', { access: { admins: ['a'] } }, 'UNKNOWN_INPUT'],
  ['the Region as a connection', { connection: { region: 'eu-west-1' } }, 'UNKNOWN_INPUT'],
  ['an input of ImportedKeyMaterial', { importType: 'NEW_KEY_MATERIAL' }, 'UNKNOWN_INPUT'],
  ['a description that is no text', { description: 5 }, 'INPUT_INVALID'],
  ['a description that is too long', { description: 'd'.repeat(8193) }, 'INPUT_INVALID'],
  ['tags that are no text', { tags: { a: 1 } }, 'INPUT_INVALID'],
  ['a text as a flag', { shredOnDestroy: 'false' }, 'INPUT_INVALID'],
  ['a Region that is none', { region: 'Frankfurt' }, 'INPUT_INVALID'],
  ['a Region of a replica that is none', { replicas: [{ region: 'Frankfurt' }] }, 'INPUT_INVALID'],
  ['6 days of deletion', { deletionWindowInDays: 6 }, 'INPUT_INVALID'],
  ['31 days of deletion', { deletionWindowInDays: 31 }, 'INPUT_INVALID'],
  ['half a day of deletion', { deletionWindowInDays: 7.5 }, 'INPUT_INVALID'],
  ['an alias of AWS', { alias: 'alias/aws/s3' }, 'INPUT_INVALID'],
  ['an alias of AWS without its prefix', { alias: 'aws/s3' }, 'INPUT_INVALID'],
  ['an alias with a space', { alias: 'my key' }, 'INPUT_INVALID'],
  ['an alias with a colon', { alias: 'app:root' }, 'INPUT_INVALID'],
  ['an empty alias', { alias: 'alias/' }, 'INPUT_INVALID'],
  ['an alias that is too long', { alias: 'a'.repeat(251) }, 'INPUT_INVALID'],
  ['an alarm that always fires', { alarm: { daysBefore: 365 } }, 'INPUT_INVALID'],
  ['a wrapping algorithm that is none', { wrappingAlgorithm: 'RSAES_PKCS1_V1_5' }, 'INPUT_INVALID'],
  ['a time limit of 0', { timeouts: { create: 0 } }, 'INPUT_INVALID'],
  [
    'a key spec without import',
    { keySpec: 'RSA_1024', keyUsage: 'SIGN_VERIFY' },
    'KEY_SPEC_UNSUPPORTED',
  ],
  [
    'wrapping that does not fit',
    { keySpec: 'RSA_2048', wrappingAlgorithm: 'RSAES_OAEP_SHA_256' },
    'WRAPPING_UNSUPPORTED',
  ],
  [
    'a replica in the Region of the key',
    { region: 'us-east-1', replicas: [{ region: 'us-east-1' }] },
    'KEY_ARGS',
  ],
  ['access without users', { access: { administrators: ['a'], importers: ['b'] } }, 'KEY_ACCESS'],
  ['two expiries', { validTo: inDays(1), validFor: '90d' }, 'EXPIRY_CONFLICT'],
  ['an expiry in the past', { validTo: inDays(-1) }, 'VALID_TO_PAST'],
  ['a validity of no duration', { validFor: 'soon' }, 'INPUT_INVALID'],
  [
    'an endpoint without encryption',
    { connection: { endpoint: 'http://kms.example' } },
    'ENDPOINT_INSECURE',
  ],
  ['a role without its ARN', { connection: { assumeRole: {} } }, 'INPUT_INVALID'],
];

describe('when the arguments of an ImportedKey are checked', () => {
  it.each(ACCEPTED.map((key) => [Object.keys(key).join(', '), key]))(
    'good ones are accepted, and state has none of them: %s',
    async (_names, key) => {
      expect(await check(key)).toMatchObject({ text: '' });
      expect((await check(key)).inputs).toEqual({ entries: ['a'], isLasting: false });
    },
  );

  it.each(REFUSED)('%s is refused', async (_what, key, code) => {
    const { codes, text } = await check(key);
    expect(codes).toEqual([code]);
    if (code === 'INPUT_INVALID') expect(text).toContain(Object.keys(key)[0]);
  });

  it('the message names the form of an alias', async () => {
    expect((await check({ alias: 'my key' })).text).toContain(
      'alias must have 1 to 250 characters',
    );
  });

  it('every fault is reported at once, with the place and the nearest name', async () => {
    const { text, codes } = await check({
      validfor: '90d',
      replicas: [{ region: 'us-east-1' }, { region: 'ap-south-1', descripton: 'x' }],
    });
    expect(codes).toEqual(['UNKNOWN_INPUT', 'UNKNOWN_INPUT']);
    expect(text).toContain('ImportedKey; the nearest known name is validFor');
    expect(text).toContain('replicas[1].descripton');
    expect(text).toContain('replicas[1].description');
  });

  it('no value is repeated', async () => {
    const value = 'c2VjcmV0IG1hdGVyaWFsIGluIGEgd3JvbmcgcGxhY2U=';
    for (const name of [
      'alias',
      'region',
      'keySpec',
      'validFor',
      'renewBefore',
      'wrappingKeySpec',
    ]) {
      const { text, codes } = await check({ [name]: value });
      expect([name, codes.length > 0, text.includes(value)]).toEqual([name, true, false]);
    }
  });
});
