import {
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { OfflineStack, searchMaterial } from 'pulumi-offline-engine';
import { startKms, type CallEvent, type EmbeddedKms } from 'embedded-kms';
import { contentsBelow } from '../support/files';
import { clientOf, CREDENTIALS } from '../../packages/embedded-kms/test/support/kms-key';
import { motoUrl } from '../support/moto';
import { ProjectFolder, type Declared } from '../support/project-folder';
import { killProviders } from '../support/provider-processes';
import { ENGINE, PulumiCli } from '../support/pulumi-cli';
import { describeWithPython, HAS_PYTHON_PROGRAMS } from '../support/python-programs';
import {
  LOCAL_SUBJECTS,
  makeSubjects,
  materialFolder,
  newKey,
  REMOTE_SUBJECTS,
  secretParts,
  type Subject,
} from './subjects';

jest.setTimeout(400_000);

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

let kms: EmbeddedKms;
let client: KMSClient;
let denying: Server;
let onCall: (call: CallEvent) => void = () => undefined;

beforeAll(async () => {
  kms = await startKms({
    onCall: (call) => {
      onCall(call);
    },
  });
  client = clientOf(kms);
  denying = await startDenying();
});

afterAll(async () => {
  client.destroy();
  denying.close();
  await kms.close();
});

interface Run {
  readonly ok: boolean;
  readonly output: string;
}

/** An engine that runs one project, its output, and its view of the state. */
interface Engine {
  run(operation: 'preview' | 'up' | 'refresh' | 'destroy'): Promise<Run>;
  exportState(): Promise<string>;
}

interface Settings {
  readonly project: ProjectFolder;
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

function offline({ project, config, env }: Settings): Promise<Engine> {
  const stack = new OfflineStack({
    projectDir: project.programFolder,
    stateFile: join(project.engineFolder, 'state.json'),
    config,
    env,
  });
  return Promise.resolve({
    run: async (operation) => {
      const report = await stack[operation]();
      return { ok: report.ok, output: JSON.stringify(report) };
    },
    exportState: () => Promise.resolve(JSON.stringify(stack.exportState())),
  });
}

async function real({ project, config, env }: Settings): Promise<Engine> {
  const stack = await PulumiCli.create({
    projectDir: project.programFolder,
    folder: project.engineFolder,
    config,
    env,
  });
  let plans = 0;
  return {
    run: async (operation) => {
      if (operation !== 'preview') return stack[operation]();
      plans += 1;
      return stack.preview(join(project.engineFolder, `plan${plans}.json`));
    },
    exportState: async () => JSON.stringify(await stack.exportState()),
  };
}

const ENGINE_NAME = ENGINE === undefined ? 'offline' : 'real';
const startEngine = ENGINE === undefined ? offline : real;

/** Parts of the names of files that the engine must have written. */
const KINDS_OF_FILES =
  ENGINE === undefined ? ['state.json'] : ['/stacks/', '.json.bak', '/history/', 'plan'];

/** A project, its engine, and everything that came out of it. */
class Stage {
  readonly project = new ProjectFolder();
  readonly outputs: { name: string; content: string }[] = [];
  #engine!: Engine;

  async start(
    env: Readonly<Record<string, string>>,
    secretsUrl: string | undefined,
  ): Promise<void> {
    this.#engine = await startEngine({
      project: this.project,
      config: {
        'aws:endpoints': JSON.stringify([
          { kms: kms.url, secretsmanager: secretsUrl, ssm: secretsUrl },
        ]),
      },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_REGION: 'eu-west-1',
        ...env,
      },
    });
  }

  async run(operation: 'preview' | 'up' | 'refresh' | 'destroy'): Promise<Run> {
    const run = await this.#engine.run(operation);
    this.outputs.push({ name: operation, content: run.output });
    const state = await this.#engine.exportState();
    this.outputs.push({ name: `state after ${operation}`, content: state });
    return run;
  }

  get fileNames(): string[] {
    return contentsBelow(this.project.engineFolder).map(({ name }) => name);
  }

  /** Returns where each secret was found, in any encoding. */
  found(secrets: readonly Buffer[]): string[] {
    const files = [
      ...contentsBelow(this.project.engineFolder),
      ...contentsBelow(this.project.programFolder),
      ...this.outputs,
    ];
    expect(files.length).toBeGreaterThan(5);
    return files.flatMap(({ name, content }) =>
      secrets.flatMap((secret) =>
        searchMaterial(secret, content).map((encoding) => `${name}: ${encoding}`),
      ),
    );
  }
}

/** Findings after every operation on every subject. */
interface SearchedLife {
  readonly fileNames: readonly string[];
  /** Where the secrets of each subject are, and those of the material that was refused. */
  readonly found: ReadonlyMap<string, readonly string[]>;
}

async function liveWithEverything(): Promise<SearchedLife> {
  const folder = materialFolder();
  const subjects = await makeSubjects({ client, folder, hasRemote: HAS_PYTHON_PROGRAMS });
  const stage = new Stage();
  const fromFile = subjects.find(({ name }) => name === 'file')!;
  const env = Object.assign(
    { BYTES_OF_THE_FILE: fromFile.secrets[0]!.toString('base64') },
    ...subjects.map((subject) => subject.env),
  ) as Record<string, string>;
  const secretsUrl = HAS_PYTHON_PROGRAMS ? motoUrl() : undefined;
  await stage.start(env, secretsUrl);
  const declare = (
    more: (subject: Subject) => Record<string, unknown>,
    others: Declared = {},
    place: { readonly prefix?: string; readonly opts?: Record<string, unknown> } = {},
  ): void => {
    const { prefix = '', opts = {} } = place;
    const declared: Declared = { ...others };
    for (const subject of subjects) {
      const { name, keyArn, material } = subject;
      declared[prefix + name] = { args: { keyId: keyArn, material, ...more(subject) }, opts };
    }
    stage.project.declare(declared);
  };
  declare(({ keySpec }) => ({ keySpec }));
  await stage.run('preview');
  expect(await stage.run('up')).toMatchObject({ ok: true });
  const validTo = inDays(30);
  declare(() => ({ validTo }));
  await stage.run('up');
  for (const { keyArn } of subjects) {
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyArn }));
  }
  await stage.run('refresh');
  await stage.run('preview');
  await stage.run('up');
  const healed = stage.outputs.at(-1)!.content;
  expect(healed.match(/"importState":"IMPORTED"/g)?.length).toBeGreaterThanOrEqual(subjects.length);
  // All of it moves to other names and another provider process, and one file has its bytes inline as well.
  const endpoints = { secretsmanager: secretsUrl, ssm: secretsUrl };
  const others: Declared = {
    explicit: {
      class: 'KmsByokProvider',
      args: { region: 'eu-west-1', endpoint: kms.url, endpoints },
    },
    equal: {
      args: { keyId: fromFile.keyArn, material: { inline: { $env: 'BYTES_OF_THE_FILE' } } },
      opts: { provider: { $resource: 'explicit' } },
    },
  };
  const moved = { prefix: 'moved-', opts: { provider: { $resource: 'explicit' } } };
  declare(() => ({}), others, moved);
  expect(await stage.run('up')).toMatchObject({ ok: true });
  for (const { keyArn } of subjects) {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyArn }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
  }
  const other = randomBytes(32);
  writeFileSync(join(folder, 'other'), other);
  declare(
    ({ name, material }) =>
      name === 'file' ? { material: { file: join(folder, 'other') } } : { material },
    others,
    moved,
  );
  expect((await stage.run('preview')).output).toContain('MATERIAL_DIFFERS');
  await stage.run('destroy');
  const { fileNames } = stage;
  const found = new Map([
    ...subjects.map(({ name, secrets }) => [name, stage.found(secrets)] as const),
    [REFUSED, stage.found([other])],
  ]);
  stage.project.remove();
  rmSync(folder, { recursive: true });
  return { fileNames, found };
}

const REFUSED = 'refused material';

/** A service that keeps secrets and gives nobody any; moto allows everything. */
async function startDenying(): Promise<Server> {
  const server = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end('{"__type":"AccessDeniedException","message":"not authorized"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function liveWithFailures(): Promise<void> {
  const folder = materialFolder();
  const stage = new Stage();
  const place = (name: string, content: Buffer): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const bytes = randomBytes(32);
  const short = randomBytes(31);
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const base64 = bytes.toString('base64');
  await stage.start(
    { SHORT: short.toString('base64'), COMMAND: base64 },
    `http://127.0.0.1:${(denying.address() as AddressInfo).port}`,
  );
  const keyId = await newKey(client, 'SYMMETRIC_DEFAULT');
  const p384 = await newKey(client, 'ECC_NIST_P384');
  const file = place('material', bytes);
  const pem = place('pem', Buffer.from(ec.export({ format: 'pem', type: 'pkcs8' })));
  const script = 'printf "%s" "$1" >&2; printf "%s" "$1"; exit 3';
  const failures: [string, Record<string, unknown>][] = [
    ['MATERIAL_LENGTH', { keyId, material: { inline: { $env: 'SHORT' } } }],
    ['MATERIAL_KEY_TYPE', { keyId: p384, keySpec: 'ECC_NIST_P384', material: { file: pem } }],
    ['MATERIAL_KEY_TYPE', { keyId: p384, material: { file: pem } }],
    [
      'MATERIAL_COMMAND',
      { keyId, material: { command: ['sh', '-c', script, 'sh', { $env: 'COMMAND' }] } },
    ],
    ['MATERIAL_SOURCE_DENIED', { keyId, material: { secretsManager: { secretId: 'root' } } }],
    ['InvalidCiphertextException', { keyId, material: { file } }],
  ];
  for (const [code, args] of failures) {
    stage.project.declare({ failing: { args } });
    if (code.startsWith('Invalid')) {
      const fault = { kind: 'error', type: code } as const;
      kms.inject({ operation: 'ImportKeyMaterial', times: 9, fault });
    }
    const { ok, output } = await stage.run('up');
    expect(ok).toBe(false);
    expect(output).toContain(code);
    kms.clearFaults();
  }

  // The power fails while the material is wrapped and on its way.
  stage.project.declare({ killed: { args: { keyId, material: { file } } } });
  let killed = 0;
  onCall = ({ operation, phase }) => {
    if (operation !== 'ImportKeyMaterial' || phase !== 'before' || killed > 0) return;
    killed = killProviders(stage.project.programFolder);
  };
  expect(await stage.run('up')).toMatchObject({ ok: false });
  onCall = () => undefined;
  expect(killed).toBe(1);
  expect(await stage.run('up')).toMatchObject({ ok: true });
  await stage.run('destroy');

  expect(stage.found([bytes, short, ...secretParts(ec)])).toEqual([]);
  stage.project.remove();
  rmSync(folder, { recursive: true });
}

describe('when the search itself is tried', () => {
  it.each(['base64', 'hex', 'latin1'] as const)('it finds planted %s', (encoding) => {
    const stage = new Stage();
    // With bytes that JSON escapes: without one it would also be found as JSON.
    const secret = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 8));
    for (let count = 0; count < 6; count += 1) {
      stage.project.write(`planted${count}`, secret.toString(encoding));
    }
    expect(stage.found([secret])).toHaveLength(6);
    stage.project.remove();
  });
});

describe(`when material of every source and key type lives under the ${ENGINE_NAME} engine`, () => {
  let life: SearchedLife;
  beforeAll(async () => {
    life = await liveWithEverything();
  }, 400_000);

  it.each(KINDS_OF_FILES)('files of the kind %s were written', (kind) => {
    expect(life.fileNames.filter((name) => name.includes(kind))).not.toEqual([]);
  });

  // A checkpoint, backup, history, plan, event or output.
  it.each([...LOCAL_SUBJECTS, REFUSED])('%s is in nothing that was written or printed', (name) => {
    expect(life.found.get(name)).toEqual([]);
  });

  describeWithPython('when it comes from a service', () => {
    it.each(REMOTE_SUBJECTS)('%s is in nothing that was written or printed', (name) => {
      expect(life.found.get(name)).toEqual([]);
    });
  });

  it('failures and a killed provider leave it nowhere either', liveWithFailures);
});
