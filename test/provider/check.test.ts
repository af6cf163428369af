import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '../../src/provider/imported-key-material/check';
import { UNKNOWN } from '../../src/provider/protocol';
import { PlaintextCache } from '../../src/provider/imported-key-material/read-material';
import { codeAtEnd } from '../support/codes';

const NOW = new Date('2026-06-01T12:00:00Z');
const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const KEY_ARN = `arn:aws:kms:eu-west-1:111122223333:key/${KEY_ID}`;
const MATERIAL = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));
const BASE64 = MATERIAL.toString('base64');

let folder: string;
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'byok-check-'));
  chmodSync(folder, 0o755);
  writeFileSync(path('raw'), MATERIAL);
  writeFileSync(path('base64'), `${BASE64}\n`);
  writeFileSync(path('hex'), `${MATERIAL.toString('hex').toUpperCase()}\r\n`);
  writeFileSync(path('secret'), MATERIAL);
  chmodSync(path('secret'), 0o000);
  mkdirSync(path('directory'));
  writeFileSync(path('huge'), '');
  truncateSync(path('huge'), 1024 ** 3);
  symlinkSync(path('loop'), path('loop'));
  execFileSync('mkfifo', [path('fifo')]);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (
  news: Record<string, unknown>,
  olds: Record<string, unknown> = {},
  env: NodeJS.ProcessEnv = {},
  config: Record<string, string> = {},
) =>
  check(olds, news, {
    now: () => NOW,
    env,
    config: (key) => config[key],
    plaintexts: new PlaintextCache(),
  });

const codesIn = ({ failures }: Awaited<ReturnType<typeof run>>): string[] => {
  for (const { property } of failures) expect(property).toBe('');
  return failures.map(({ reason }) => codeAtEnd(reason) ?? reason);
};

const codesOf = async (...args: Parameters<typeof run>): Promise<string[]> =>
  codesIn(await run(...args));

const good = { keyId: KEY_ID, keySpec: 'SYMMETRIC_DEFAULT', material: { inline: BASE64 } };

describe('when the inputs are good', () => {
  it.each([
    ['secretsManager', { secretsManager: { secretId: 'a' } }],
    ['ssmParameter', { ssmParameter: { name: 'a' } }],
    ['command', { command: ['a'] }],
  ])('the answer for %s is JSON, as the protocol demands', async (_what, material) => {
    const { inputs } = await run({ ...good, material });
    expect(inputs.materialSource).toBeDefined();
    // Strict: a member that is undefined makes the host of dynamic providers throw.
    expect(inputs).toStrictEqual(JSON.parse(JSON.stringify(inputs)));
  });

  it('the material leaves them, and its source and fingerprint take its place', async () => {
    const { inputs, failures } = await run({ ...good, __provider: 'x' });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({
      keyId: KEY_ID,
      keySpec: 'SYMMETRIC_DEFAULT',
      materialSource: { kind: 'inline', encoding: 'base64' },
      materialFingerprint: expect.stringMatching(/^v1:[0-9a-f]{64}$/) as string,
    });
  });

  it('every source and encoding of the same bytes has the same fingerprint, by ID and by ARN', async () => {
    const env = { B64: BASE64, HEX: MATERIAL.toString('hex') };
    const sources = [
      { inline: BASE64 },
      { inline: MATERIAL.toString('hex'), encoding: 'hex' },
      { file: path('raw') },
      { file: path('base64'), encoding: 'base64' },
      { file: path('hex'), encoding: 'hex' },
      { env: 'B64' },
      { env: 'HEX', encoding: 'hex' },
    ];
    const fingerprints = new Set<unknown>();
    for (const material of sources) {
      for (const keyId of [KEY_ID, KEY_ARN]) {
        const { inputs, failures } = await run({ ...good, keyId, material }, {}, env);
        expect(failures).toEqual([]);
        fingerprints.add(inputs.materialFingerprint);
      }
    }
    expect(fingerprints.size).toBe(1);
  });

  it('null is as good as nothing', async () => {
    const { inputs, failures } = await run({
      ...good,
      validTo: null,
      connection: { region: null },
    });
    expect(failures).toEqual([]);
    expect(inputs).not.toHaveProperty('validTo');
    expect(inputs.connection).toEqual({});
  });

  it('raw text is taken as its UTF-8', async () => {
    const material = { inline: 'ä'.repeat(16), encoding: 'raw' };
    expect(await codesOf({ ...good, material })).toEqual([]);
  });

  it('validTo is normalised to whole seconds UTC', async () => {
    const { inputs } = await run({ ...good, validTo: '2026-07-01T14:00:00.999+02:00' });
    expect(inputs.validTo).toBe('2026-07-01T12:00:00Z');
  });
});

describe('when an input is bad', () => {
  const cases: [string, Record<string, unknown>, string[]][] = [
    ['an alias as keyId', { keyId: 'alias/root' }, ['INPUT_INVALID']],
    ['an alias ARN', { keyId: 'arn:aws:kms:eu-west-1:111122223333:alias/root' }, ['INPUT_INVALID']],
    ['text that is no key', { keyId: 'root-key' }, ['INPUT_INVALID']],
    ['no keyId', { keyId: undefined }, ['INPUT_INVALID']],
    ['an empty keyId', { keyId: '' }, ['INPUT_INVALID']],
    ['a number as keyId', { keyId: 7 }, ['INPUT_INVALID']],
    ['an unsupported key spec', { keySpec: 'ML_DSA_65' }, ['KEY_SPEC_UNSUPPORTED']],
    [
      '31 bytes',
      { material: { inline: MATERIAL.subarray(1).toString('base64') } },
      ['MATERIAL_LENGTH'],
    ],
    [
      '33 bytes',
      { material: { inline: Buffer.concat([MATERIAL, Buffer.of(1)]).toString('base64') } },
      ['MATERIAL_LENGTH'],
    ],
    ['no bytes', { material: { inline: '' } }, ['MATERIAL_LENGTH']],
    [
      'an odd number of hex digits',
      { material: { inline: 'abc', encoding: 'hex' } },
      ['MATERIAL_ENCODING'],
    ],
    [
      'hex with other letters',
      { material: { inline: 'zz', encoding: 'hex' } },
      ['MATERIAL_ENCODING'],
    ],
    ['bad base64', { material: { inline: 'a*b=' } }, ['MATERIAL_ENCODING']],
    [
      'base64 without its padding',
      { material: { inline: BASE64.replace('=', '') } },
      ['MATERIAL_ENCODING'],
    ],
    ['no source', { material: {} }, ['MATERIAL_SOURCE']],
    ['two sources', { material: { inline: BASE64, env: 'X' } }, ['MATERIAL_SOURCE']],
    ['text as material', { material: BASE64 }, ['INPUT_INVALID']],
    ['no material', { material: undefined }, ['MATERIAL_MISSING']],
    ['an unset variable', { material: { env: 'UNSET' } }, ['MATERIAL_ENV_UNSET']],
    ['validTo in the past', { validTo: '2026-06-01T12:00:00Z' }, ['VALID_TO_PAST']],
    ['validTo beyond 365 days', { validTo: '2027-06-01T12:00:01Z' }, ['VALIDITY_TOO_LONG']],
    ['validTo without an offset', { validTo: '2026-07-01T12:00:00' }, ['INPUT_INVALID']],
    ['only a date', { validTo: '2026-07-01' }, ['INPUT_INVALID']],
    ['30 February', { validTo: '2027-02-30T12:00:00Z' }, ['INPUT_INVALID']],
    ['an offset of 24 hours', { validTo: '2026-07-01T12:00:00+24:00' }, ['INPUT_INVALID']],
    [
      'validTo with DOES_NOT_EXPIRE',
      { validTo: '2026-07-01T12:00:00Z', expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
      ['EXPIRY_CONFLICT'],
    ],
    ['EXPIRES without a date', { expirationModel: 'KEY_MATERIAL_EXPIRES' }, ['EXPIRY_CONFLICT']],
    [
      'validTo with validFor',
      { validTo: '2026-07-01T12:00:00Z', validFor: '90d' },
      ['EXPIRY_CONFLICT'],
    ],
    ['a duration without a unit', { validFor: '90' }, ['INPUT_INVALID']],
    ['a validity of nothing', { validFor: '0d' }, ['INPUT_INVALID']],
    ['a validity beyond 365 days', { validFor: '366d' }, ['VALIDITY_TOO_LONG']],
    [
      'renewBefore as long as validFor',
      { validFor: '30d', renewBefore: '30d' },
      ['EXPIRY_CONFLICT'],
    ],
    ['only renewBefore', { renewBefore: '30d' }, ['EXPIRY_CONFLICT']],
    ['a description with a quote', { keyMaterialDescription: "vault '7'" }, ['INPUT_INVALID']],
    ['an empty description', { keyMaterialDescription: '' }, ['INPUT_INVALID']],
    ['a long description', { keyMaterialDescription: 'x'.repeat(216) }, ['INPUT_INVALID']],
    ['another wrapping', { wrappingAlgorithm: 'RSAES_PKCS1_V1_5' }, ['INPUT_INVALID']],
    ['no time at all', { timeouts: { create: 0 } }, ['INPUT_INVALID']],
    ['too much time', { timeouts: { create: 100_000 } }, ['INPUT_INVALID']],
    [
      'an endpoint in clear',
      { connection: { endpoint: 'http://kms.example.com' } },
      ['ENDPOINT_INSECURE'],
    ],
    [
      'an endpoint with a user',
      { connection: { endpoint: 'https://u:p@kms.example.com' } },
      ['ENDPOINT_INSECURE'],
    ],
    ['a Region that is none', { connection: { region: 'not a region' } }, ['INPUT_INVALID']],
    [
      'a role that is none',
      { connection: { assumeRole: { roleArn: 'importer' } } },
      ['INPUT_INVALID'],
    ],
    [
      'a role for too short a time',
      {
        connection: { assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/x', duration: '1m' } },
      },
      ['INPUT_INVALID'],
    ],
    ['an endpoint that is no URL', { connection: { endpoint: 'kms' } }, ['INPUT_INVALID']],
    [
      'a Region beside another in the ARN',
      { keyId: KEY_ARN, connection: { region: 'us-east-1' } },
      ['REGION_MISMATCH'],
    ],
    ['a role without its ARN', { connection: { assumeRole: {} } }, ['INPUT_INVALID']],
    [
      'a role for a moment',
      {
        connection: {
          assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/x', duration: 'soon' },
        },
      },
      ['INPUT_INVALID'],
    ],
  ];

  it.each(cases)('%s gets its code, and the message names it', async (_what, inputs, codes) => {
    const checked = await run({ ...good, ...inputs });
    expect(codesIn(checked)).toEqual(codes);
    if (codes[0] !== 'INPUT_INVALID') return;
    for (const { reason } of checked.failures) expect(reason).toContain(Object.keys(inputs)[0]);
  });

  it.each([
    ['connection.region', { region: 'Frankfurt' }, 'eu-central-1'],
    ['connection.stsRegion', { stsRegion: 'Frankfurt' }, 'eu-central-1'],
    ['connection.endpoint', { endpoint: 'kms' }, 'http or https'],
    ['connection.endpoints.sts', { endpoints: { sts: 'sts' } }, 'http or https'],
    ['connection.endpoints.ssm', { endpoints: { ssm: 'ftp://a' } }, 'http or https'],
    [
      'connection.endpoints.secretsmanager',
      { endpoints: { secretsmanager: 'a' } },
      'http or https',
    ],
    ['connection.httpProxy', { httpProxy: 'http://u:p@proxy' }, 'without a user name'],
    ['connection.httpsProxy', { httpsProxy: 'http://u:p@proxy' }, 'without a user name'],
    ['connection.allowedAccountIds[0]', { allowedAccountIds: ['1'] }, '12 digits'],
    ['connection.forbiddenAccountIds[0]', { forbiddenAccountIds: ['1'] }, '12 digits'],
    ['connection.assumeRole.roleArn', { assumeRole: { roleArn: 'importer' } }, 'ARN of an IAM'],
  ])('the message names %s and the form that it must have', async (name, connection, form) => {
    const { failures } = await run({ ...good, connection });
    expect(failures).toHaveLength(1);
    expect(failures[0]!.reason).toContain(`${name} must be`);
    expect(failures[0]!.reason).toContain(form);
  });

  it.each([
    ['absent', 'MATERIAL_FILE'],
    ['raw/below', 'MATERIAL_FILE'],
    ['directory', 'MATERIAL_FILE'],
    ['fifo', 'MATERIAL_FILE'],
    ['huge', 'MATERIAL_FILE'],
    ['loop', 'MATERIAL_FILE'],
  ])('a file that is %s gets %s', async (name, code) => {
    expect(await codesOf({ ...good, material: { file: path(name) } })).toEqual([code]);
  });

  it('a device gets MATERIAL_FILE', async () => {
    expect(await codesOf({ ...good, material: { file: '/dev/zero' } })).toEqual(['MATERIAL_FILE']);
  });

  it('a file without permission gets MATERIAL_FILE', async () => {
    // The superuser may read everything, so that it must be somebody else for a moment.
    const superuser = process.geteuid?.() === 0;
    if (superuser) process.seteuid?.(65_534);
    try {
      expect(await codesOf({ ...good, material: { file: path('secret') } })).toEqual([
        'MATERIAL_FILE',
      ]);
    } finally {
      if (superuser) process.seteuid?.(0);
    }
  });

  it('unknown inputs are named, with the nearest known name', async () => {
    const { failures } = await run({
      ...good,
      validto: 'x',
      material: { inlne: 'x' },
      connection: { regoin: 'x', assumeRole: { rolArn: 'x' } },
      timeouts: { creat: 1 },
    });
    for (const [material, name] of [
      [{ secretsManager: { secretID: 'x' } }, 'material.secretsManager.secretId'],
      [{ ssmParameter: { versoin: 1 } }, 'material.ssmParameter.version'],
      [{ comand: ['x'] }, 'material.command'],
    ] as const) {
      const [failure] = (await run({ ...good, material })).failures;
      expect(failure?.reason).toContain(`nearest known name is ${name}`);
    }
    const reasons = failures.map(({ reason }) => reason).join('\n');
    for (const name of [
      'validTo',
      'material.inline',
      'connection.region',
      'connection.assumeRole.roleArn',
      'timeouts.create',
    ]) {
      expect(reasons).toContain(`nearest known name is ${name}`);
    }
    expect(failures).toHaveLength(5);
    for (const { reason } of failures) expect(reason).toMatch(/\[UNKNOWN_INPUT\]$/);
  });

  it('all faults are reported at once', async () => {
    const codes = await codesOf({
      keyId: 'alias/x',
      material: { inline: '*' },
      validTo: '2026-01-01T00:00:00Z',
      keyMaterialDescription: '!',
    });
    expect(codes.sort()).toEqual([
      'INPUT_INVALID',
      'INPUT_INVALID',
      'MATERIAL_ENCODING',
      'VALID_TO_PAST',
    ]);
  });

  it.each([
    ['aws:endpoints', 'no json'],
    ['aws:endpoints', '7'],
    ['aws:assumeRole', '[]'],
    ['aws:assumeRole', '{}'],
    ['aws:assumeRoles', '[{"roleArn":"a"},{"roleArn":"b"}]'],
  ])('a stack configuration %s of %s gets AWS_CONFIG_INVALID', async (key, value) => {
    expect(await codesOf(good, {}, {}, { [key]: value })).toEqual(['AWS_CONFIG_INVALID']);
  });
});

describe('when values are unknown in a preview', () => {
  const complete = {
    keyId: KEY_ARN,
    material: { inline: BASE64, encoding: 'base64' },
    keySpec: 'SYMMETRIC_DEFAULT',
    validFor: '90d',
    renewBefore: '30d',
    expirationModel: 'KEY_MATERIAL_EXPIRES',
    importType: 'NEW_KEY_MATERIAL',
    keyMaterialDescription: 'text',
    wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeySpec: 'RSA_4096',
    deletionProtection: true,
    timeouts: { create: 1, update: 2, delete: 3 },
    connection: {
      region: 'eu-west-1',
      profile: 'p',
      endpoint: 'https://kms.example.com',
      assumeRole: {
        roleArn: 'arn:aws:iam::111122223333:role/x',
        externalId: 'e',
        sessionName: 's',
        duration: '1h',
      },
    },
  };
  const positions = (value: unknown, path: string[] = []): string[][] => [
    ...(path.length === 0 ? [] : [path]),
    ...(typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, member]) => positions(member, [...path, key]))
      : []),
  ];

  it.each([...positions(complete), ['validTo']].map((at) => [at.join('.'), at] as const))(
    '%s may be unknown and stays unknown',
    async (_name, at) => {
      const program = JSON.parse(JSON.stringify(complete)) as Record<string, unknown>;
      let holder: Record<string, unknown> = program;
      for (const key of at.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
      holder[at.at(-1)!] = UNKNOWN;
      if (at[0] === 'validTo') delete program.validFor;
      if (at[0] === 'validTo') delete program.renewBefore;
      const { inputs, failures } = await run(program);
      expect(failures).toEqual([]);
      expect(inputs).not.toHaveProperty('material');
      if (at[0] === 'material') {
        expect(inputs.materialFingerprint).toBe(UNKNOWN);
      } else {
        expect(at.reduce<unknown>((value, key) => (value as never)[key], inputs)).toBe(UNKNOWN);
      }
      if (at[0] === 'keyId') expect(inputs.materialFingerprint).toBe(UNKNOWN);
    },
  );

  const remote = [
    {
      command: ['vault', 'read', 'key'],
      showStderr: true,
      passEnvironment: ['VAULT_TOKEN'],
      encoding: 'hex',
    },
    {
      secretsManager: { secretId: 'a', versionId: 'b', jsonKey: 'c', region: 'eu-west-1' },
      passphrase: { inline: 'p' },
    },
    { secretsManager: { secretId: 'a', versionStage: 'b' } },
    { ssmParameter: { name: 'a', version: 1, region: 'eu-west-1' }, passphrase: { inline: 'P' } },
  ];

  it.each(
    remote.flatMap((material) =>
      positions(material).map((at) => [at.join('.'), at, material] as const),
    ),
  )(
    'material.%s may be unknown, and nothing is known of the material then',
    async (_name, at, source) => {
      const material = structuredClone(source) as Record<string, unknown>;
      let holder: Record<string, unknown> = material;
      for (const key of at.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
      holder[at.at(-1)!] = UNKNOWN;
      const { inputs, failures } = await run({ ...complete, material });
      expect(failures).toEqual([]);
      expect(inputs).not.toHaveProperty('material');
      expect(inputs).toMatchObject({ materialSource: UNKNOWN, materialFingerprint: UNKNOWN });
    },
  );

  it.each(remote)(
    'a source that is not read at preview has no fingerprint, %j',
    async (material) => {
      for (const keyId of [KEY_ARN, UNKNOWN]) {
        const { inputs, failures } = await run({ ...complete, keyId, material });
        expect(failures).toEqual([]);
        expect(inputs.materialSource).toMatchObject({ kind: Object.keys(material)[0] });
        expect(inputs).not.toHaveProperty('materialFingerprint');
      }
    },
  );

  it('what is known is checked all the same', async () => {
    expect(await codesOf({ ...good, keyId: UNKNOWN, material: { inline: 'AAAA' } })).toEqual([
      'MATERIAL_LENGTH',
    ]);
    expect(await codesOf({ ...good, validFor: UNKNOWN, validTo: '2020-01-01T00:00:00Z' })).toEqual([
      'VALID_TO_PAST',
    ]);
  });

  it('an unknown file is no source yet', async () => {
    const { inputs } = await run({ ...good, material: { file: UNKNOWN } });
    expect(inputs).toMatchObject({ materialSource: UNKNOWN, materialFingerprint: UNKNOWN });
  });
});

describe('when the program does not give the material', () => {
  const olds = {
    keyId: KEY_ID,
    materialSource: { kind: 'env', env: 'X', encoding: 'hex' },
    materialFingerprint: `v1:${'0'.repeat(64)}`,
  };

  it('that of the last update is carried on for the same key', async () => {
    const { inputs, failures } = await run({ ...good, keyId: KEY_ARN, material: undefined }, olds);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      materialSource: olds.materialSource,
      materialFingerprint: olds.materialFingerprint,
    });
  });

  it('it is missing for another key', async () => {
    const other = '9999abcd-12ab-34cd-56ef-1234567890ab';
    expect(await codesOf({ ...good, keyId: other, material: undefined }, olds)).toEqual([
      'MATERIAL_MISSING',
    ]);
  });

  it('that of the last update is carried on although it was not read at preview', async () => {
    const materialSource = { kind: 'ssmParameter', name: '/key', encoding: 'base64' };
    const before = { keyId: KEY_ID, materialSource };
    const { inputs, failures } = await run({ ...good, material: undefined }, before);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ materialSource });
    expect((await run(before)).inputs).toEqual(before);
  });

  it('that of an import file is taken as it is', async () => {
    const { inputs } = await run(olds);
    expect(inputs).toEqual(olds);
  });

  it.each([
    ['beside material', { ...olds, material: { inline: BASE64 } }],
    ['that is no fingerprint', { ...olds, materialFingerprint: BASE64 }],
    ['that is no source', { ...olds, materialSource: { kind: 'zzz', inline: BASE64 } }],
    ['that carries more', { ...olds, materialSource: { ...olds.materialSource, inline: BASE64 } }],
    [
      'that carries a passphrase',
      {
        ...olds,
        materialSource: { ...olds.materialSource, passphrase: { kind: 'inline', inline: BASE64 } },
      },
    ],
    [
      'that carries the arguments of a command',
      {
        ...olds,
        materialSource: { kind: 'command', program: 'p', sha256: '0', command: ['p', BASE64] },
      },
    ],
  ])('what has the name of an output, %s, is refused', async (_what, news) => {
    const { inputs, failures } = await run(news);
    expect(inputs).toEqual({});
    expect(failures.map(({ reason }) => reason).join()).toMatch(/\[UNKNOWN_INPUT\]/);
    expect(JSON.stringify(failures)).not.toContain(BASE64);
  });
});

describe('when no key spec is declared', () => {
  it.each([
    [16, 1],
    [27, 1],
    [28, 0],
    [32, 0],
    [128, 0],
    [129, 1],
  ])('%d bytes have %d failures at the preview', async (length, failures) => {
    const inline = Buffer.alloc(length, 7).toString('base64');
    expect(await codesOf({ keyId: KEY_ID, material: { inline } })).toHaveLength(failures);
  });
});

describe('when China is concerned', () => {
  it('a symmetric key takes 16 bytes', async () => {
    const keyId = `arn:aws-cn:kms:cn-north-1:111122223333:key/${KEY_ID}`;
    const material = { inline: MATERIAL.subarray(0, 16).toString('base64') };
    expect(await codesOf({ ...good, keyId, material })).toEqual([]);
    expect(await codesOf({ ...good, keyId })).toEqual(['MATERIAL_LENGTH']);
  });
});
