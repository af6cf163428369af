import { CreateKeyCommand, DisableKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { handleUnaryCall, ServiceError } from '@grpc/grpc-js';
import type * as pb from '@pulumi/pulumi/proto/provider_pb';
import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { TYPE_TOKENS, type ResourceName } from '../../src/domain/type-tokens';
import { ByokError } from '../../src/errors';
import { configurationOf } from '../../src/plugin/configuration';
import { EngineLog } from '../../src/plugin/engine-log';
import { protocol } from '../../src/plugin/pulumi-sdk';
import { createProviders } from '../../src/plugin/resources';
import { resourceProvider } from '../../src/plugin/service';
import { fromStruct, toStruct } from '../../src/plugin/values';
import { resolveConnection } from '../../src/provider/connection';
import { createProcessContext } from '../../src/provider/process-context';
import {
  clientOf,
  createKey,
  CREDENTIALS,
  materialsOf,
} from '../../packages/embedded-kms/test/support/kms-key';
import { createRunRegistry } from '../support/run-registry';

const { provider: messages } = protocol;
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const secret = (value: unknown) => ({ [SIGNATURE]: '1b47061264138c4ac30d75fd1eb44270', value });
const output = (members: object) => ({
  [SIGNATURE]: 'd0e6a833031e9bbcd3f4e8bde6ca49a4',
  ...members,
});
const struct = (properties: object) =>
  protocol.struct.Struct.fromJavaScript(properties as Record<string, never>);
const URN = `urn:pulumi:test::life::${TYPE_TOKENS.ImportedKeyMaterial.native}::it`;

let kms: EmbeddedKms;
let client: KMSClient;
let keyId: string;
let onCall: (operation: string, phase: string) => void | Promise<void>;
let cancelled: AbortController;
let call: <Response>(name: string, request: object) => Promise<Response>;
const inline = () => ({ inline: randomBytes(32).toString('base64') });

beforeAll(async () => {
  kms = await startKms({ onCall: ({ operation, phase }) => onCall(operation, phase) });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

beforeEach(async () => {
  onCall = () => undefined;
  keyId = await createKey(client);
  cancelled = new AbortController();
  const stack: Readonly<Record<string, string>> = {
    'aws:region': 'eu-west-1',
    'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
    'aws:accessKey': CREDENTIALS.accessKeyId,
    'aws:secretKey': CREDENTIALS.secretAccessKey,
  };
  const context = createProcessContext({
    engine: undefined,
    tell: () => undefined,
    warn: () => undefined,
    cancelled: cancelled.signal,
  });
  const service = resourceProvider({
    providers: createProviders(
      { ...context, runRegistry: createRunRegistry() },
      (key) => stack[key],
    ),
    log: new EngineLog(),
    engine: undefined,
    version: '0.0.0',
    schema: '',
    configure: () => undefined,
    cancel: () => {
      cancelled.abort(new ByokError('CANCELLED', 'cancelled'));
    },
  });
  call = (name, request) =>
    new Promise((resolve, reject) => {
      const handler = service[name] as handleUnaryCall<object, never>;
      handler({ request } as Parameters<typeof handler>[0], (error, response) => {
        if (error === null) resolve(response as never);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        else reject(error);
      });
    });
});

const checked = async (inputs: object): Promise<pb.CheckResponse> =>
  call('check', new messages.CheckRequest().setUrn(URN).setNews(struct(inputs)));

async function create(inputs: object, seconds = 0): Promise<pb.CreateResponse> {
  const response = await checked(inputs);
  expect(response.getFailuresList().map((failure) => failure.getReason())).toEqual([]);
  const request = new messages.CreateRequest().setUrn(URN).setProperties(response.getInputs());
  return call('create', request.setTimeout(seconds));
}

const read = (id: string): Promise<pb.ReadResponse> =>
  call('read', new messages.ReadRequest().setUrn(URN).setId(id));

function stateOf(error: Partial<ServiceError>): object {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const [detail] = protocol.status.Status.deserializeBinary(bytes as Buffer).getDetailsList();
  const failure = detail!.unpack(
    (content) => messages.ErrorResourceInitFailed.deserializeBinary(content),
    'pulumirpc.ErrorResourceInitFailed',
  );
  return failure!.getProperties()!.toJavaScript();
}

describe('when the engine sends messages to the native plugin', () => {
  it('what is secret in the inputs is secret in the state of an init failure, which has no option of the engine', async () => {
    let imported = false;
    onCall = (operation, phase) => {
      if (operation === 'ImportKeyMaterial' && phase === 'after') imported = true;
      if (operation === 'ListKeyRotations' && imported) throw new Error('down');
    };
    const error = await create(
      {
        keyId,
        material: secret(inline()),
        connection: secret({ maxRetries: 0 }),
      },
      60,
    ).then(
      () => ({}),
      (thrown: unknown) => thrown as Partial<ServiceError>,
    );
    const state = stateOf(error);
    expect(state).toMatchObject({ connection: secret({ maxRetries: 0 }) });
    expect(state).not.toHaveProperty('timeouts');
  });

  it('a secret output value is as secret as a secret', () => {
    const inputs = struct({ connection: { profile: output({ value: 'p', secret: true }) } });
    expect(fromStruct(inputs)).toEqual({ connection: { profile: 'p' } });
    expect(toStruct({ connection: { profile: 'p' } }, inputs).toJavaScript()).toEqual({
      connection: secret({ profile: 'p' }),
    });
  });

  it('a time limit of a month is no time limit of a millisecond', async () => {
    await create({ keyId, material: inline() }, 30 * 86_400);
    expect(await materialsOf(client, keyId)).toMatchObject([{ ImportState: 'IMPORTED' }]);
  });

  it('a call that the engine cancels ends as cancelled, not as late', async () => {
    onCall = async (operation) => {
      if (operation !== 'GetParametersForImport') return;
      await call('cancel', new protocol.empty.Empty());
      await new Promise((resolve) => setTimeout(resolve, 200));
    };
    await expect(create({ keyId, material: inline() })).rejects.toMatchObject({
      details: expect.stringContaining('[CANCELLED]') as string,
    });
  });

  it('a call that hangs ends with the time limit if the engine cancels nothing', async () => {
    kms.inject({ operation: 'DescribeKey', fault: { kind: 'hang' } });
    const late = create({ keyId, material: inline(), timeouts: { create: 1 } });
    await expect(late).rejects.toMatchObject({
      details: expect.stringContaining('[TIMEOUT]') as string,
    });
    kms.clearFaults();
  });

  it('a wait that the engine cancels ends as cancelled, not as late', async () => {
    const missing = keyId.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
    onCall = (operation, phase) => {
      if (operation === 'DescribeKey' && phase === 'before') {
        setTimeout(() => void call('cancel', new protocol.empty.Empty()), 100);
      }
    };
    await expect(create({ keyId: missing, material: inline() })).rejects.toMatchObject({
      details: expect.stringContaining('[CANCELLED]') as string,
    });
  });

  it('a preview of an import into a disabled key promises nothing about it', async () => {
    await client.send(new DisableKeyCommand({ KeyId: keyId })).catch(() => undefined);
    const inputs = (await checked({ keyId, material: inline() })).getInputs();
    const request = new messages.CreateRequest().setUrn(URN).setProperties(inputs);
    const expected = await call<pb.CreateResponse>('create', request.setPreview(true));
    expect(fromStruct(expected.getProperties())).toMatchObject({ wasDisabled: UNKNOWN });
  });

  it('an import by the ARN of a key takes its only material, and refuses to guess which of several', async () => {
    expect((await read(keyId)).getId()).toBe('');
    const { keyMaterialId } = fromStruct(
      (await create({ keyId, material: inline() })).getProperties(),
    );
    const imported = await read(keyId);
    expect(fromStruct(imported.getProperties())).toMatchObject({ keyMaterialId });
    expect(fromStruct(imported.getInputs())).toEqual({ keyId, keySpec: 'SYMMETRIC_DEFAULT' });
    await create({ keyId, material: inline(), importType: 'NEW_KEY_MATERIAL' });
    await expect(read(keyId)).rejects.toMatchObject({
      details: expect.stringContaining('[MATERIAL_AMBIGUOUS]') as string,
    });
    expect((await read(`${keyId}/${'0'.repeat(64)}`)).getId()).toBe('');
    expect((await read(`${keyId}/${String(keyMaterialId)}`)).getId()).not.toBe('');
  });

  it('an import of an asymmetric key answers inputs without material IDs', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    keyId = KeyMetadata!.Arn!;
    await create({ keyId, material: inline() });
    const imported = await read(keyId);
    expect(fromStruct(imported.getInputs())).toEqual({ keyId, keySpec: 'HMAC_256' });
  });

  it.each([
    [{ profile: '123', maxRetries: '3', useFipsEndpoint: 'true' }, []],
    [{ allowedAccountIds: '["111122223333"]', region: secret('eu-west-1') }, []],
    [{ allowedAccountIds: '[111122223333]', forbiddenAccountIds: [111122223333] }, []],
    [{ allowedAccountIds: '[11122223333]' }, ['INPUT_INVALID']],
    [{ allowedAccountIds: '111122223333' }, ['INPUT_INVALID']],
    [{ region: UNKNOWN, endpoint: output({}), assumeRole: secret(UNKNOWN) }, []],
    [{ endpoint: 'http://10.0.0.1/s3cret' }, ['ENDPOINT_INSECURE']],
    [{ endpoints: '{"sts":"http://10.0.0.1/s3cret"}' }, ['ENDPOINT_INSECURE']],
    [{ frob: 's3cret', regoin: 's3cret' }, ['UNKNOWN_INPUT', 'UNKNOWN_INPUT']],
    [{ assumeRole: '{s3cret', retryMode: 's3cret' }, ['INPUT_INVALID', 'INPUT_INVALID']],
    [{ assumeRole: '{}' }, ['AWS_CONFIG_INVALID']],
  ])('a failure of the configuration shows no value (%#)', async (inputs, codes) => {
    const response = await call<pb.CheckResponse>(
      'checkConfig',
      new messages.CheckRequest().setNews(struct(inputs)),
    );
    const failures = response.getFailuresList().map((failure) => failure.toObject());
    expect(failures.map(({ property }) => property)).toEqual(codes.map(() => ''));
    expect(failures.map(({ reason }) => /\[(\w+)\]$/.exec(reason)?.[1])).toEqual(codes);
    expect(JSON.stringify(failures)).not.toMatch(/s3cret|aws:/);
  });

  it.each([
    ['of the stack', '[111122223333]'],
    ['of an explicit provider', [111122223333]],
  ])('accounts that YAML makes numbers of are the accounts of the configuration %s', (_of, ids) => {
    const config = configurationOf({ allowedAccountIds: ids });
    expect(resolveConnection(keyId, undefined, config).allowedAccountIds).toEqual(['111122223333']);
  });

  it('the text of a dynamic provider is in no preview', async () => {
    const created = await create({ keyId, material: inline(), validFor: '90d' });
    const news = (await checked({ keyId, material: inline(), validFor: '60d' })).getInputs();
    const before = { ...fromStruct(news), validFor: '90d' };
    const state = created.getProperties();
    const request = new messages.DiffRequest().setUrn(URN).setId(created.getId()).setOlds(state);
    const outs = fromStruct(state);
    request.setOldInputs(toStruct({ ...before, __provider: 'text' }));
    request.setNews(
      toStruct({ ...before, validFor: '60d', materialFingerprint: outs.materialFingerprint }),
    );
    const response = await call<pb.DiffResponse>('diff', request);
    expect(response.getDiffsList()).not.toContain('__provider');
  });

  const full = {
    keyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    keySpec: 'SYMMETRIC_DEFAULT',
    validFor: '90d',
    renewBefore: '30d',
    expirationModel: 'KEY_MATERIAL_EXPIRES',
    importType: 'NEW_KEY_MATERIAL',
    list: {
      of: 'root',
      place: 1,
      earlier: { 0: `v1:${'0'.repeat(64)}` },
      keepsKey: false,
      staysWithKey: true,
    },
    keyMaterialDescription: 'text',
    wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    wrappingKeySpec: 'RSA_4096',
    deletionProtection: false,
    deleteUnlessUsedWithin: '30d',
    recordCheckValue: true,
    timeouts: { create: 10, update: 10, delete: 10 },
    connection: {
      region: 'eu-west-1',
      profile: '123',
      endpoint: 'https://kms.example',
      endpoints: { sts: 'https://sts.example' },
      allowedAccountIds: ['111122223333'],
      maxRetries: 1,
      assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/a', externalId: 'e', duration: '1h' },
    },
  };
  const { validFor: _, renewBefore: __, ...others } = full;
  const materials = [
    { inline: randomBytes(32).toString('base64'), encoding: 'base64' },
    { command: ['/bin/true', 'a'], passEnvironment: ['A'], showStderr: false },
    { wrapCommand: ['/bin/true', 'a'] },
    { secretsManager: { secretId: 'a', jsonKey: 'k', region: 'eu-west-1' } },
    { ssmParameter: { name: 'a', version: 1 } },
  ];
  const programs = [
    ...materials.map((material) => ({
      ...full,
      material,
      // Nobody here sees what a command wraps, so that is refused.
      recordCheckValue: !('wrapCommand' in material),
    })),
    {
      ...others,
      validTo: new Date(Date.now() + 8_640_000_000).toISOString(),
      material: materials[0],
    },
  ];
  const UNKNOWNS: readonly unknown[] = [
    UNKNOWN,
    output({}),
    secret(UNKNOWN),
    output({ secret: true }),
  ];

  const fingerprint = `v1:${'1'.repeat(64)}`;
  const materialState = {
    materialFingerprint: fingerprint,
    keyArn: full.keyId,
    keyMaterialId: '2'.repeat(64),
    keyMaterialState: 'PENDING_ROTATION',
    importState: 'IMPORTED',
    keyState: 'Enabled',
    schemaVersion: 1,
    deleteUnlessUsedWithin: undefined,
  };
  const rotation = {
    keyId: full.keyId,
    keyMaterialId: '2'.repeat(64),
    stagedBy: URN,
    after: { currentKeyMaterialId: '3'.repeat(64), rotationsRemaining: 25 },
    timeouts: { create: 10, update: 10 },
    connection: full.connection,
  };
  const rotationState = {
    keyArn: full.keyId,
    keyMaterialState: 'CURRENT',
    currentKeyMaterialId: '4'.repeat(64),
    rotationsUsed: 1,
    rotationsRemaining: 24,
    schemaVersion: 1,
  };
  const list = {
    entries: [fingerprint, `v1:${'5'.repeat(64)}`],
    isLasting: true,
    key: { keySpec: 'SYMMETRIC_DEFAULT', validFor: '90d', connection: { profile: 'p' } },
  };
  const lives: readonly [ResourceName, object, readonly object[]][] = [
    ...programs.map((program): [ResourceName, object, readonly object[]] => [
      'ImportedKeyMaterial',
      program,
      [
        materialState,
        { ...materialState, importState: 'PENDING_IMPORT' },
        {
          ...materialState,
          validTo: '2020-01-01T00:00:00Z',
          expirationModel: 'KEY_MATERIAL_EXPIRES',
        },
      ],
    ]),
    ['OnDemandRotation', rotation, [rotationState, { ...rotationState, keyMaterialId: 'other' }]],
    ['MaterialList', list, [{}]],
  ];

  it.each(lives)(
    'no unknown value in any position of %s is a defect (%#)',
    async (resource, program, states) => {
      const urn = `urn:pulumi:test::life::${TYPE_TOKENS[resource].native}::it`;
      const check = (olds: object, news: object) =>
        call<pb.CheckResponse>(
          'check',
          new messages.CheckRequest().setUrn(urn).setOlds(struct(olds)).setNews(struct(news)),
        );
      const known = await check({}, program);
      expect(known.getFailuresList()).toEqual([]);
      const olds = fromStruct(known.getInputs());
      const found: string[] = [];
      kms.clearCalls();
      for (const path of pathsIn(program)) {
        for (const unknown of UNKNOWNS) {
          const note = (step: string) => (error: Partial<ServiceError>) => {
            if (!/\[(?!INTERNAL)[A-Z0-9_]+\]$/.test(error.details ?? ''))
              found.push(`${step} ${path.join('.')} ${error.details}`);
            return undefined;
          };
          const checked = await check(olds, replaced(program, path, unknown));
          for (const failure of checked.getFailuresList()) {
            expect(failure.getProperty()).toBe('');
            found.push(`check ${path.join('.')} ${failure.getReason()}`);
          }
          if (checked.getFailuresList().length > 0) continue;
          const news = checked.getInputs();
          await call(
            'create',
            new messages.CreateRequest().setUrn(urn).setProperties(news).setPreview(true),
          ).catch(note('create'));
          for (const state of states) {
            const old = toStruct({ ...olds, ...state });
            const diff = await call<pb.DiffResponse>(
              'diff',
              new messages.DiffRequest()
                .setUrn(urn)
                .setId('id')
                .setOlds(old)
                .setOldInputs(toStruct(olds))
                .setNews(news),
            ).catch(note('diff'));
            if (diff === undefined || diff.getReplacesList().length > 0) continue;
            await call(
              'update',
              new messages.UpdateRequest()
                .setUrn(urn)
                .setId('id')
                .setOlds(old)
                .setNews(news)
                .setPreview(true),
            ).catch(note('update'));
          }
        }
      }
      expect(found).toEqual([]);
      expect(kms.calls).toEqual([]);
    },
  );
});

type Path = readonly string[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([name, member]) => pathsIn(member, [...path, name]));
  return path.length === 0 ? below : [path, ...below];
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): object {
  if (name === undefined) return by as object;
  if (Array.isArray(value)) {
    return value.map((member: unknown, index) =>
      String(index) === name ? replaced(member, rest, by) : member,
    );
  }
  const members = value as Readonly<Record<string, unknown>>;
  return { ...members, [name]: replaced(members[name], rest, by) };
}
