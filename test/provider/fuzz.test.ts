import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { declaredMaterial } from '../../src/material/source-schema';
import { createProvider } from '../../src/provider/imported-key-material/provider';
import { UNKNOWN } from '../../src/provider/protocol';
import { PlaintextCache } from '../../src/provider/imported-key-material/read-material';
import { ByokError } from '../../src/errors';
import { createRunRegistry } from '../support/run-registry';
import { RUNS } from '../../packages/embedded-kms/test/support/runs';
import { codeAtEnd } from '../support/codes';

type Properties = Record<string, unknown>;

let connections = 0;
const provider = createProvider({
  connect: () => {
    connections += 1;
    return Promise.reject(new Error('no call may be made'));
  },
  connectSecrets: () => Promise.reject(new Error('no call may be made')),
  now: () => new Date('2026-06-01T12:00:00Z'),
  random: randomBytes,
  sleep: () => Promise.resolve(),
  env: {},
  plaintexts: new PlaintextCache(),
  runRegistry: createRunRegistry(),
  tell: () => undefined,
});

const SECRET = Buffer.alloc(32, 0xa5).toString('base64');
const valid: Properties = {
  keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  material: { inline: SECRET, encoding: 'base64' },
  keySpec: 'SYMMETRIC_DEFAULT',
  validFor: '90d',
  renewBefore: '30d',
  expirationModel: 'KEY_MATERIAL_EXPIRES',
  importType: 'NEW_KEY_MATERIAL',
  keyMaterialDescription: 'text',
  wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
  wrappingKeySpec: 'RSA_4096',
  deletionProtection: true,
  timeouts: { create: 1 },
  connection: { region: 'eu-west-1', assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/x' } },
};
const paths = [
  ...Object.keys(valid).map((key) => [key]),
  ['validTo'],
  ['unknownName'],
  ['__proto__'],
  ['constructor'],
  ...[...Object.keys(declaredMaterial.shape), 'surplus'].map((key) => ['material', key]),
  ['material', 'command', '0'],
  ['material', 'secretsManager', 'secretId'],
  ['material', 'ssmParameter', 'version'],
  ['timeouts', 'create'],
  ['connection', 'region'],
  ['connection', 'endpoint'],
  ['connection', 'assumeRole'],
  ['connection', 'assumeRole', 'duration'],
];

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
  fc.constantFrom<unknown>(UNKNOWN, '', 'alias/x', '2026-07-01T00:00:00Z', '90d', -1, null, [], {}),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.base64String({ minLength: 40, maxLength: 200 }),
  fc.stringMatching(/^[0-9a-fA-F]{60,70}$/),
);
const mutation = fc.tuple(fc.constantFrom(...paths), value);
// One rule of check broken by each, so that it does not depend on chance which rules are met.
const BROKEN: [string[], unknown][] = [
  [['unknownName'], true],
  [['deletionProtection'], 'true'],
  [['keyId'], 'alias/x'],
  [['keySpec'], 'AES_256'],
  [['material'], undefined],
  [['material'], {}],
  [['material', 'inline'], 'not base64'],
  [['material', 'inline'], 'YQ=='],
  [['material'], { file: '/absent' }],
  [['validTo'], '2026-07-01T00:00:00Z'],
  [['validFor'], '90'],
  [['validFor'], undefined],
  [['renewBefore'], '90d'],
  [['keyMaterialDescription'], '%'],
];
const program = fc.oneof(
  { weight: 5, arbitrary: fc.array(mutation, { maxLength: 3 }).map(mutate) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...BROKEN), fc.array(mutation, { maxLength: 1 }))
      .map(([first, rest]) => mutate([first, ...rest])),
  },
  { weight: 1, arbitrary: fc.dictionary(fc.string(), value) },
);

function mutate(mutations: [string[], unknown][]): Properties {
  const result = structuredClone(valid);
  for (const [path, replacement] of mutations) {
    let holder = result;
    for (const key of path.slice(0, -1)) {
      if (typeof holder[key] !== 'object' || holder[key] === null) holder[key] = {};
      holder = holder[key] as Properties;
    }
    Object.defineProperty(holder, path.at(-1)!, {
      // Copied, because a later mutation may write into it, and it serves other runs too.
      value: structuredClone(replacement),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

const stringsIn = (node: unknown): string[] =>
  typeof node === 'string'
    ? [node]
    : typeof node === 'object' && node !== null
      ? Object.values(node).flatMap(stringsIn)
      : [];

describe('when inputs are malformed in any way', () => {
  it('check ends in failures or in inputs, calls nothing, and shows no value of material', async () => {
    const codes = new Map<string, number>();
    const invalid = new Set<string | undefined>();
    await fc.assert(
      fc.asyncProperty(program, fc.boolean(), async (news, withOlds) => {
        const olds = withOlds
          ? { keyId: valid.keyId, materialFingerprint: `v1:${'0'.repeat(64)}` }
          : {};
        const { inputs, failures } = await provider.check(olds, news);
        expect(inputs).not.toHaveProperty('material');
        const reasons = failures.map(({ reason }) => reason).join('\n');
        // Words of the message itself are no leak: only what is long enough to be material counts.
        for (const text of stringsIn(news.material).filter((found) => found.length > 24)) {
          if (text !== UNKNOWN) expect(reasons).not.toContain(text);
        }
        if (failures.length === 0) expect(JSON.stringify(inputs)).not.toContain(SECRET);
        for (const { property, reason } of failures) {
          expect(property).toBe('');
          const code = codeAtEnd(reason) ?? 'NONE';
          codes.set(code, (codes.get(code) ?? 0) + 1);
          if (code === 'INPUT_INVALID') invalid.add(reason.split(' ')[0]);
        }
      }),
      {
        ...RUNS,
        numRuns: RUNS.numRuns * 40,
        examples: BROKEN.map((each) => [mutate([each]), false]),
      },
    );
    expect(connections).toBe(0);
    expect([...codes.keys()]).not.toContain('INTERNAL');
    expect([...codes.keys()]).not.toContain('NONE');
    // A fuzzer that only ever meets one rule would prove little.
    expect(codes.size).toBeGreaterThan(7);
    expect(invalid.size).toBeGreaterThan(20);
  });

  it('what check lets through, diff compares without a crash and without a call', async () => {
    const state = fc.record(
      {
        keyArn: fc.constant(
          'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
        ),
        importState: fc.constantFrom('IMPORTED', 'PENDING_IMPORT'),
        expirationModel: fc.constantFrom('KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE'),
        validTo: fc.constant('2026-07-01T00:00:00Z'),
        validFor: fc.constant('30d'),
        materialFingerprint: fc.constant(`v1:${'0'.repeat(64)}`),
        connection: fc.constant({ region: 'eu-west-1' }),
        schemaVersion: fc.constant(1),
      },
      { requiredKeys: [] },
    );
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(program, state, async (news, olds) => {
        const { inputs, failures } = await provider.check({}, news);
        if (failures.length > 0) return;
        compared += 1;
        const answer: unknown = await provider
          .diff('id', olds, JSON.parse(JSON.stringify(inputs)) as Properties)
          .catch((error: unknown) => error);
        if (answer instanceof ByokError) expect(answer.code).toBe('MATERIAL_DIFFERS');
        else expect(answer).toMatchObject({ changes: expect.any(Boolean) as boolean });
      }),
      { ...RUNS, numRuns: RUNS.numRuns * 40 },
    );
    expect(compared).toBeGreaterThan(RUNS.numRuns);
    expect(connections).toBe(0);
  });
});

describe('when something unforeseen is thrown', () => {
  it('it leaves as a ByokError that does not quote it', async () => {
    const thrown: unknown = await provider
      .create({ keyId: valid.keyId, materialSource: { kind: 'inline' } })
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ByokError);
    expect(thrown).toMatchObject({ code: 'INTERNAL' });
    expect((thrown as Error).message).not.toContain('no call may be made');
  });

  it('state of a later version is not touched', async () => {
    await expect(provider.diff('id', { schemaVersion: 2 }, {})).rejects.toThrowWithCode(
      'STATE_TOO_NEW',
    );
  });

  it.each(['2', true, {}, [], 0, -1, 1.5])(
    'state whose version is %j is not touched either',
    async (schemaVersion) => {
      await expect(provider.diff('id', { schemaVersion }, {})).rejects.toThrowWithCode(
        'STATE_INVALID',
      );
      await expect(provider.delete('id', { schemaVersion })).rejects.toThrowWithCode(
        'STATE_INVALID',
      );
    },
  );
});
