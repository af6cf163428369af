import { CreateKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf } from '../../../packages/embedded-kms/test/support/kms-key';
import { RUNS } from '../../../packages/embedded-kms/test/support/runs';
import { importWith } from '../../../packages/embedded-kms/test/support/specs';
import { AWS_ENVIRONMENT } from '../../support/aws-program';
import {
  ciphertextOf,
  KEY,
  keyResource,
  REPLICA,
  stackExportOf,
  urnOf,
} from '../../support/stack-export';
import { runCli, useEmbeddedCredentials } from '../run-cli';

jest.setTimeout(600_000);
useEmbeddedCredentials();

const ROOT = join(__dirname, '..', '..', '..');
const KEYS = 5;

let kms: EmbeddedKms;
let client: KMSClient;
let home: string;
let folder: string;
const pool: { readonly keyArn: string; readonly material: Buffer }[] = [];

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
  home = process.cwd();
  for (let count = 0; count < KEYS; count += 1) {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const keyArn = KeyMetadata!.Arn!;
    const material = randomBytes(32);
    await importWith({ client }, keyArn, material, { algorithm: 'RSAES_OAEP_SHA_256' });
    pool.push({ keyArn, material });
  }
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kms-byok-property-'));
});

afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

const PROVIDER = urnOf('pulumi:providers:aws', 'west');
const PARENT = urnOf('my:index:Root', 'all');
const STACK = urnOf('pulumi:pulumi:Stack', 'life-test');
const BEFORE_KEYS = [
  { urn: STACK, type: 'pulumi:pulumi:Stack', custom: false },
  { urn: PROVIDER, type: 'pulumi:providers:aws', custom: true, id: 'an-id' },
  { urn: PARENT, type: 'my:index:Root', custom: false, parent: STACK },
];

/** Options for one key. */
type Source = 'none' | 'right' | 'wrong';

const generatedKey = fc.record({
  // Few names, so that they often are the same.
  name: fc.constantFrom<string>('root', 'ROOT', 'a/b', 'x::y=z'),
  type: fc.constantFrom(KEY, REPLICA),
  form: fc.constantFrom('plain' as const, 'shown' as const, 'encrypted' as const),
  within: fc.constantFrom(undefined, 'my:index:Root'),
  more: fc.record(
    {
      delete: fc.boolean(),
      external: fc.boolean(),
      protect: fc.boolean(),
      pendingReplacement: fc.constant(false),
      retainOnDelete: fc.boolean(),
      aliases: fc.constant([urnOf(KEY, 'earlier')]),
      provider: fc.constant(`${PROVIDER}::an-id`),
      parent: fc.constantFrom(STACK, PARENT),
    },
    { requiredKeys: [] },
  ),
  /** Whether another resource has the material too. */
  elsewhere: fc.boolean(),
  source: fc.constantFrom<Source>('none', 'none', 'right', 'wrong'),
});

const generatedRun = fc.record({
  keys: fc.array(generatedKey, { minLength: 1, maxLength: KEYS }),
  extract: fc.boolean(),
  reimport: fc.boolean(),
});

type Run = typeof generatedRun extends fc.Arbitrary<infer T> ? T : never;

const PLAIN_KEY: Run['keys'][number] = {
  name: 'root',
  type: KEY,
  form: 'plain',
  within: undefined,
  more: {},
  elsewhere: false,
  source: 'none',
};

const runOf = (key: Partial<typeof PLAIN_KEY>): Run => ({
  keys: [{ ...PLAIN_KEY, ...key }],
  extract: true,
  reimport: false,
});

/** One run for each exit code, so that chance does not decide whether all of them are met. */
const EACH_END = {
  0: runOf({}),
  1: runOf({ source: 'wrong' }),
  2: runOf({ elsewhere: true }),
};

/** The run of a person who makes no mistake, so that it ends in files. */
const withoutMistakes = ({ keys }: Run): Run => ({
  extract: true,
  reimport: false,
  keys: keys.map((key, index) => ({
    ...key,
    // One URN for two live keys is no state.
    name: key.more.delete === true ? key.name : `${key.name}${index}`,
    source: key.source !== 'none' || key.form === 'encrypted' ? 'right' : 'none',
  })),
});

const inState = ({ keys }: Run) => keys.map((key, index) => ({ ...key, ...pool[index]! }));

/** Writes the export and the files that the options name, and returns the arguments. */
function prepare(run: Run, into: string): string[] {
  mkdirSync(into);
  const found = inState(run);
  const others = found.flatMap(({ elsewhere, form, material }, index) =>
    elsewhere
      ? [
          {
            urn: urnOf('random:index/randomBytes:RandomBytes', `r${index}`),
            type: 'random:index/randomBytes:RandomBytes',
            outputs: {
              base64: keyResource({ name: '', keyArn: '', material, form }).inputs
                .keyMaterialBase64,
            },
          },
        ]
      : [],
  );
  const text = JSON.stringify(
    stackExportOf([...BEFORE_KEYS, ...found.map(keyResource), ...others]),
  );
  writeFileSync(join(into, 'before.json'), text);
  const named = found.flatMap((key, index) => {
    if (key.source === 'none' || key.more.delete === true || key.more.external === true) return [];
    const bytes = key.source === 'right' ? key.material : Buffer.alloc(32, index);
    writeFileSync(join(into, `source${index}`), bytes);
    return ['--material', `${keyResource(key).urn}=file:source${index}`];
  });
  return [
    ...['migrate', '--endpoint-url', kms.url, '--stack-export', 'before.json'],
    ...['--out', 'after.json', '--import-file', 'import.json', ...named],
    ...(run.extract ? ['--extract', 'secrets'] : []),
    ...(run.reimport ? ['--reimport'] : []),
  ];
}

function migrateIn(into: string, args: readonly string[]) {
  process.chdir(into);
  return runCli(args);
}

/** The same in a process that ends at one of its changes to the file system. */
async function dieIn(into: string, args: readonly string[], at: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [
      ...['--require', join(ROOT, 'test', 'support', 'die-at-write.js')],
      ...[join(ROOT, 'dist', 'cli', 'bin.js'), ...args],
    ],
    {
      cwd: into,
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        AWS_EC2_METADATA_DISABLED: 'true',
        ...AWS_ENVIRONMENT,
        DIE_AT_WRITE: String(at),
      },
    },
  );
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal === 'SIGKILL';
}

/** Contents of the files other than the export. Without an `after.json`, the state is still the export. */
function expectNothingLost(run: Run, into: string): void {
  const hasAfter = existsSync(join(into, 'after.json'));
  const state = readFileSync(join(into, hasAfter ? 'after.json' : 'before.json'), 'utf8');
  const secrets = join(into, 'secrets');
  const files = [
    ...(existsSync(secrets) ? readdirSync(secrets).map((name) => join(secrets, name)) : []),
    ...readdirSync(into)
      .filter((name) => name.startsWith('source'))
      .map((name) => join(into, name)),
  ];
  const contents = files.map((file) => readFileSync(file));
  for (const { material } of inState(run)) {
    const held =
      contents.some((content) => content.equals(material)) ||
      state.includes(ciphertextOf(material.toString('base64'))) ||
      searchMaterial(material, state).length > 0;
    expect(held).toBe(true);
  }
}

function filesIn(into: string): Record<string, string> {
  const names = readdirSync(into, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(bin|json|unfinished)$/.test(name),
  );
  return Object.fromEntries(
    names.sort().map((name) => [name, readFileSync(join(into, name), 'base64')]),
  );
}

describe('for any export of a stack', () => {
  it('after a migration every material is in the state, in a file, or in the source that is named', async () => {
    let number = 0;
    const ends = new Set<number>();
    await fc.assert(
      fc.asyncProperty(generatedRun, async (run) => {
        const into = join(folder, String((number += 1)));
        const args = prepare(run, into);
        const { code, stdout } = await migrateIn(into, [...args, '--json']);
        ends.add(code);
        expectNothingLost(run, into);
        if (code === 1) {
          expect(Object.keys(filesIn(into))).toEqual(['before.json']);
          return;
        }
        const { materials } = JSON.parse(stdout) as { materials: Record<string, number> };
        const { found = 0, extracted = 0, named = 0, left = 0 } = materials;
        expect(found).toBe(run.keys.length);
        expect(extracted + named + left).toBe(found);
        expect(existsSync('secrets') ? readdirSync('secrets') : []).toHaveLength(extracted);
        // Material that leaves the export leaves it in every form.
        if (code !== 0) return;
        const after = readFileSync('after.json', 'utf8');
        expect(after).not.toContain('"keyMaterialBase64":');
        for (const { material } of inState(run))
          expect(searchMaterial(material, after)).toEqual([]);
      }),
      {
        ...RUNS,
        numRuns: RUNS.numRuns * 2,
        examples: Object.values(EACH_END).map((run) => [run]),
      },
    );
    expect([...ends].sort()).toEqual([0, 1, 2]);
  });

  it('a migration that is killed anywhere loses nothing, and run again ends the same', async () => {
    let number = 0;
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(
        generatedRun.map(withoutMistakes),
        fc.integer({ min: 1, max: 30 }),
        async (run, at) => {
          const whole = join(folder, `${(number += 1)}w`);
          const killed = join(folder, `${number}k`);
          const args = prepare(run, whole);
          const undisturbed = await migrateIn(whole, args);
          expect(undisturbed.code).not.toBe(1);
          prepare(run, killed);
          if (await dieIn(killed, args, at)) deaths += 1;
          expectNothingLost(run, killed);
          const again = await migrateIn(killed, args);
          expect(again.code).toBe(undisturbed.code);
          expect(filesIn(killed)).toEqual(filesIn(whole));
        },
      ),
      // A run makes more than two changes to the file system, so that these end by a death.
      {
        ...RUNS,
        examples: [1, 2].map((at): [Run, number] => [withoutMistakes(EACH_END[0]), at]),
      },
    );
    expect(deaths).toBeGreaterThan(1);
  });
});
