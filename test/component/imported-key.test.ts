import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { MockMonitor } from '@pulumi/pulumi/runtime/mocks';
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from '@pulumi/pulumi/proto/resource_pb';
import { ImportedKey } from '../../src/component/imported-key';
import type { ImportedKeyArgs } from '../../src/component/args';
import { TYPE_TOKENS } from '../../src/domain/type-tokens';
import type { SharedInput } from '../../src/domain/shared-inputs';

const SECRET_SIGNATURE = '4dabf18193072939515e22adb298388d';
const MATERIAL = Buffer.alloc(32, 5).toString('base64');
const ACCOUNT = '111122223333';
const REGION = 'eu-west-1';

type Registered = Omit<pulumi.runtime.MockResourceArgs, 'inputs'> & {
  readonly inputs: Record<string, unknown>;
};
interface Options {
  readonly protect: boolean;
  readonly parent: string;
  readonly ignoreChanges: readonly string[];
  readonly deletedWith: string;
  readonly dependencies: readonly string[];
  readonly importId: string;
  readonly provider: string;
}

let registered: Registered[] = [];
const requests = new Map<string, RegisterResourceRequest>();

const arnOf = (region: unknown): string =>
  `arn:aws:kms:${typeof region === 'string' ? region : REGION}:${ACCOUNT}:key/mrk-1`;

async function mocks(preview = false): Promise<void> {
  registered = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const inputs = args.inputs as Record<string, unknown>;
        registered.push({ ...args, inputs });
        if (preview) return { id: undefined, state: inputs };
        const validTo = args.name.includes('us-east-1') ? '2027-01-01T00:00:00Z' : undefined;
        return {
          id: args.type.includes('xternalKey') ? 'mrk-1' : `${args.name}-id`,
          state: {
            ...inputs,
            arn: arnOf(inputs.region),
            keyMaterialId: `material of ${args.name}`,
            currentKeyMaterialId: inputs.keyMaterialId,
            rotationsRemaining: 23,
            validTo: validTo ?? '2027-02-01T00:00:00Z',
          },
        };
      },
      call: () => ({}),
    },
    'project',
    'stack',
    preview,
  );
}

const resolved = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

async function create(
  args: Partial<ImportedKeyArgs> = {},
  opts?: pulumi.ComponentResourceOptions,
): Promise<ImportedKey> {
  const key = new ImportedKey('root', { materials: [{ file: '1.bin' }], ...args }, opts);
  await pulumi.runtime.disconnect();
  return key;
}

const SHARED: { readonly [Name in SharedInput]: ImportedKeyArgs[Name] } = {
  validTo: '2027-02-01T00:00:00Z',
  validFor: '90d',
  renewBefore: '30d',
  deleteUnlessUsedWithin: '60d',
  recordCheckValue: true,
  wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
  wrappingKeySpec: 'RSA_3072',
  connection: { endpoint: 'https://kms.example' },
  timeouts: { create: 60 },
};

const found = (type: string, name?: string): Registered => {
  const matches = registered.filter(
    (resource) => resource.type.endsWith(type) && (name === undefined || resource.name === name),
  );
  expect([type, name, matches.length]).toEqual([type, name, 1]);
  return matches[0]!;
};
const names = (type: string): string[] =>
  registered.filter((resource) => resource.type.endsWith(type)).map(({ name }) => name);

/** Returns the options in the registration of a resource. */
function optionsOf({ type, name }: Registered): Options {
  const request = requests.get(`${type}::${name}`);
  const list = (got: readonly string[] | undefined): string[] =>
    (got ?? []).map((urn) => urn.split('::').slice(2).join('::'));
  return {
    protect: request?.getProtect() ?? false,
    parent: request?.getParent() ?? '',
    ignoreChanges: request?.getIgnorechangesList() ?? [],
    deletedWith: request?.getDeletedwith() ?? '',
    dependencies: list(request?.getDependenciesList()),
    importId: request?.getImportid() ?? '',
    provider: request?.getProvider() ?? '',
  };
}
const dependsOn = (resource: Registered, type: string, name: string): boolean =>
  optionsOf(resource).dependencies.some((urn) => urn.endsWith(`${type}::${name}`));

const MATERIAL_TYPE = ':ImportedKeyMaterial';
const ROTATION_TYPE = ':OnDemandRotation';

// Pulumi does not pass the options of a resource to the mocks, but the request contains them.
beforeAll(() => {
  const { prototype } = MockMonitor;
  const register = prototype.registerResource;
  jest.spyOn(prototype, 'registerResource').mockImplementation(function (
    this: MockMonitor,
    request: RegisterResourceRequest,
    callback: Parameters<typeof register>[1],
  ) {
    requests.set(`${request.getType()}::${request.getName()}`, request);
    return register.call(this, request, callback);
  });
});

beforeEach(() => mocks());

describe('when an ImportedKey has one material', () => {
  it('it is a key with that material, and each of them is a child of the component', async () => {
    const key = await create();
    expect(names('')).toEqual(
      expect.arrayContaining(['root', 'root-1', 'root-lasting']) as string[],
    );
    for (const resource of registered.filter(({ custom }) => custom)) {
      expect(optionsOf(resource).parent).toContain('pulumi-kms-byok:index:ImportedKey::root');
    }
    expect(found('externalKey:ExternalKey').inputs).toEqual({ multiRegion: false });
    expect(found(MATERIAL_TYPE).inputs).toMatchObject({
      keyId: arnOf(REGION),
      keySpec: 'SYMMETRIC_DEFAULT',
    });
    expect(await resolved(key.keyArns)).toEqual({ [REGION]: arnOf(REGION) });
    expect(await resolved(key.currentKeyMaterialId)).toBe('material of root-1');
    expect(await resolved(key.rotationsRemaining)).toBe(25);
    expect(await resolved(key.earliestExpiry)).toBe('2027-02-01T00:00:00Z');
    expect(await resolved(key.keyId)).toBe('mrk-1');
  });

  it('the aws provider is kept from the import, and what cannot be rebuilt is protected', async () => {
    await create({ alias: 'app' });
    const key = optionsOf(found('externalKey:ExternalKey'));
    expect([...key.ignoreChanges].sort()).toEqual([
      'enabled',
      'keyMaterialBase64',
      'multiRegion',
      'validTo',
    ]);
    expect(key.protect).toBe(true);
    expect(optionsOf(found(MATERIAL_TYPE))).toMatchObject({
      protect: true,
      deletedWith: expect.stringContaining('ExternalKey::root') as string,
    });
    expect(optionsOf(found('alias:Alias')).protect).toBe(false);
    expect(found('externalKey:ExternalKey').inputs).not.toHaveProperty('validTo');
  });

  it('protect: false takes the protection off, and protect: true puts it on all', async () => {
    await create({}, { protect: false });
    expect(optionsOf(found('externalKey:ExternalKey')).protect).toBe(false);
    await mocks();
    await create({ alias: 'app' }, { protect: true });
    expect(optionsOf(found('alias:Alias')).protect).toBe(true);
  });

  it.each(Object.entries(SHARED))(
    'its %s is that of each of its materials',
    async (name, value) => {
      await create({
        materials: [{ file: '1.bin' }, { file: '2.bin' }],
        replicas: [{ region: 'us-east-1' }],
        [name]: value,
      });
      const materials = registered.filter(({ type }) => type.endsWith(MATERIAL_TYPE));
      expect(materials).toHaveLength(4);
      for (const { inputs } of materials) expect(inputs[name]).toEqual(value);
    },
  );

  it('shredOnDestroy deletes the material and not with the key', async () => {
    await create({ shredOnDestroy: true });
    expect(optionsOf(found(MATERIAL_TYPE)).deletedWith).toBe('');
  });

  it('enabled is managed once it is given', async () => {
    await create({ enabled: false });
    expect(found('externalKey:ExternalKey').inputs).toMatchObject({ enabled: false });
    expect(optionsOf(found('externalKey:ExternalKey')).ignoreChanges).not.toContain('enabled');
  });

  it('an existing key is imported, and its keySpec ignored', async () => {
    await create({ adoptKeyId: 'mrk-1', keySpec: 'SYMMETRIC_DEFAULT' });
    const { importId, ignoreChanges } = optionsOf(found('externalKey:ExternalKey'));
    expect(importId).toBe('mrk-1');
    expect(ignoreChanges).toContain('keySpec');
  });

  it('inline material travels as a secret, and nothing of it is in the history', async () => {
    await create({ materials: [{ inline: MATERIAL }] });
    expect(Object.keys(found(MATERIAL_TYPE).inputs.material as object)).toContain(SECRET_SIGNATURE);
    const history = registered.filter(({ type }) => type.endsWith(':MaterialList'));
    expect(history).toHaveLength(2);
    expect(JSON.stringify(history.map(({ inputs }) => inputs))).not.toContain(
      MATERIAL.slice(0, 20),
    );
  });

  it('access becomes the policy, and the key takes what the program says of it', async () => {
    await create({
      access: { administrators: ['a'], importers: ['b'], users: pulumi.output(['c']) },
      tags: { team: 'x' },
      description: 'd',
      deletionWindowInDays: 7,
      region: 'us-west-2',
    });
    const { policy, ...rest } = found('externalKey:ExternalKey').inputs;
    expect(policy).toContain('kms:ImportKeyMaterial');
    expect(rest).toMatchObject({
      tags: { team: 'x' },
      description: 'd',
      deletionWindowInDays: 7,
      region: 'us-west-2',
    });
  });
});

describe('when a program says how a key is', () => {
  const said: Partial<ImportedKeyArgs> = {
    keySpec: 'RSA_2048',
    keyUsage: 'SIGN_VERIFY',
    description: 'd',
    policy: '{}',
    tags: { team: 'x' },
    enabled: true,
    deletionWindowInDays: 7,
    region: 'us-west-2',
  };

  it('the key and its replicas are so, but for what a replica has of its own', async () => {
    const own = { description: 'other', policy: '[]', tags: { here: 'too' } };
    const replicas = [{ region: 'us-east-1' }, { region: 'ap-south-1', ...own }];
    await create({ ...said, replicas, alias: 'app' });
    expect(found('externalKey:ExternalKey').inputs).toEqual({ ...said, multiRegion: true });
    const { keySpec: _spec, keyUsage: _usage, ...shared } = said;
    const primaryKeyArn = arnOf('us-west-2');
    expect(found(':ReplicaExternalKey', 'root-us-east-1').inputs).toEqual({
      ...shared,
      primaryKeyArn,
      region: 'us-east-1',
    });
    expect(found(':ReplicaExternalKey', 'root-ap-south-1').inputs).toEqual({
      ...shared,
      ...own,
      primaryKeyArn,
      region: 'ap-south-1',
    });
    expect(found('alias:Alias', 'root').inputs).toEqual({
      name: 'alias/app',
      targetKeyId: 'mrk-1',
      region: 'us-west-2',
    });
  });

  it('the aws provider replaces no key that it takes over', async () => {
    await create({ ...said, adoptKeyId: 'mrk-1' });
    expect(found('externalKey:ExternalKey').inputs).toEqual(said);
    expect([...optionsOf(found('externalKey:ExternalKey')).ignoreChanges].sort()).toEqual([
      'deletionWindowInDays',
      'keyMaterialBase64',
      'keySpec',
      'multiRegion',
      'validTo',
    ]);
    await mocks();
    await create({ ...said, adoptKeyId: 'mrk-1', multiRegion: true });
    expect(found('externalKey:ExternalKey').inputs).toEqual({ ...said, multiRegion: true });
  });
});

describe('when access is given to a key that does not encrypt', () => {
  it.each([
    ['ECC_NIST_P256', 'kms:Sign'],
    ['HMAC_256', 'kms:GenerateMac'],
  ] as const)('the users of %s may do what it is for', async (keySpec, action) => {
    await create({
      keySpec,
      multiRegion: true,
      replicas: [{ region: 'us-east-1' }],
      access: { administrators: ['a'], importers: ['b'], users: ['c'] },
    });
    for (const type of ['externalKey:ExternalKey', ':ReplicaExternalKey']) {
      const policy = found(type).inputs.policy as string;
      expect(policy).toContain(action);
      expect(policy).not.toContain('kms:Encrypt');
    }
  });
});

describe('when an ImportedKey has several materials', () => {
  it('each is staged after the rotation to the one before, and becomes current after its import', async () => {
    const key = await create({ materials: ['1', '2', '3'].map((file) => ({ file })) });
    expect(names(MATERIAL_TYPE).sort()).toEqual(['root-1', 'root-2', 'root-3']);
    expect(found(MATERIAL_TYPE, 'root-1').inputs).not.toHaveProperty('importType');
    for (const name of ['root-2', 'root-3']) {
      expect(found(MATERIAL_TYPE, name).inputs.importType).toBe('NEW_KEY_MATERIAL');
      expect(dependsOn(found(ROTATION_TYPE, name), MATERIAL_TYPE, name)).toBe(true);
    }
    expect(dependsOn(found(MATERIAL_TYPE, 'root-2'), MATERIAL_TYPE, 'root-1')).toBe(true);
    expect(dependsOn(found(MATERIAL_TYPE, 'root-3'), ROTATION_TYPE, 'root-2')).toBe(true);
    expect(await resolved(key.currentKeyMaterialId)).toBe('material of root-3');
    expect(await resolved(key.rotationsRemaining)).toBe(23);
  });
});

describe('when other resources depend on a key', () => {
  const args: Partial<ImportedKeyArgs> = {
    materials: [{ file: '1' }, { file: '2' }],
    replicas: [{ region: 'us-east-1' }],
    alias: 'app',
  };

  it('the record of its materials is first and last, and an alias follows the material of its Region', async () => {
    await create(args);
    const list = ':MaterialList';
    expect(dependsOn(found('externalKey:ExternalKey'), list, 'root')).toBe(true);
    for (const name of ['root-1', 'root-2', 'root-us-east-1-1', 'root-us-east-1-2']) {
      expect(dependsOn(found(list, 'root-lasting'), MATERIAL_TYPE, name)).toBe(true);
    }
    expect(dependsOn(found(list, 'root-lasting'), ROTATION_TYPE, 'root-2')).toBe(true);
    for (const name of ['root', 'root-us-east-1']) {
      expect(dependsOn(found('alias:Alias', name), MATERIAL_TYPE, `${name}-1`)).toBe(true);
    }
    for (const resource of registered.filter(({ custom }) => custom)) {
      expect(optionsOf(resource).parent).toContain('pulumi-kms-byok:index:ImportedKey::root');
    }
    expect(found(MATERIAL_TYPE, 'root-1').inputs.list).toMatchObject({ multiRegion: true });
  });

  it('its outputs are those of the component', async () => {
    const register = jest.spyOn(MockMonitor.prototype, 'registerResourceOutputs');
    await create(args);
    const outputs = register.mock.calls.map(([request]) =>
      (request as RegisterResourceOutputsRequest).getOutputs()?.toJavaScript(),
    );
    expect(outputs).toContainEqual({
      keyId: 'mrk-1',
      keyArn: arnOf(REGION),
      keyArns: { [REGION]: arnOf(REGION), 'us-east-1': arnOf('us-east-1') },
      currentKeyMaterialId: 'material of root-2',
      earliestExpiry: '2027-01-01T00:00:00Z',
      rotationsRemaining: 23,
    });
    register.mockRestore();
  });
});

describe('when an ImportedKey has replicas', () => {
  const args: Partial<ImportedKeyArgs> = {
    materials: [{ file: '1' }, { file: '2' }],
    replicas: [{ region: 'us-east-1', tags: { here: 'too' } }, { region: 'ap-south-1' }],
    tags: { team: 'x' },
    alias: 'alias/app',
    validFor: '90d',
  };

  it('every material is in every Region before the rotation, and replicas come after the first', async () => {
    const key = await create(args);
    expect(found('externalKey:ExternalKey').inputs.multiRegion).toBe(true);
    for (const region of ['us-east-1', 'ap-south-1']) {
      const replica = found(':ReplicaExternalKey', `root-${region}`);
      expect(replica.inputs).toMatchObject({ region, primaryKeyArn: arnOf(REGION) });
      expect(dependsOn(replica, MATERIAL_TYPE, 'root-1')).toBe(true);
      expect([...optionsOf(replica).ignoreChanges].sort()).toEqual([
        'enabled',
        'keyMaterialBase64',
        'validTo',
      ]);
      const second = found(MATERIAL_TYPE, `root-${region}-2`);
      expect(second.inputs).toMatchObject({ keyId: arnOf(region), validFor: '90d' });
      expect(second.inputs).not.toHaveProperty('importType');
      expect(optionsOf(second).deletedWith).toContain(`ReplicaExternalKey::root-${region}`);
      expect(dependsOn(second, MATERIAL_TYPE, 'root-2')).toBe(true);
      expect(dependsOn(second, MATERIAL_TYPE, `root-${region}-1`)).toBe(true);
      const rotation = found(ROTATION_TYPE);
      expect(dependsOn(rotation, MATERIAL_TYPE, `root-${region}-2`)).toBe(true);
      expect(found('alias:Alias', `root-${region}`).inputs).toMatchObject({
        name: 'alias/app',
        region,
      });
    }
    expect(found(':ReplicaExternalKey', 'root-us-east-1').inputs.tags).toEqual({ here: 'too' });
    expect(found(':ReplicaExternalKey', 'root-ap-south-1').inputs.tags).toEqual({ team: 'x' });
    expect(await resolved(key.earliestExpiry)).toBe('2027-01-01T00:00:00Z');
    expect(Object.keys(await resolved(key.keyArns))).toEqual([REGION, 'us-east-1', 'ap-south-1']);
  });

  it('alarms and rules are in each Region, with what they notify there', async () => {
    await create({
      ...args,
      alarm: { daysBefore: 14, actions: ['topic'] },
      expirationEventTargets: ['target'],
      replicas: [
        { region: 'us-east-1', alarmActions: ['there'], expirationEventTargets: ['t1', 't2'] },
        { region: 'ap-south-1' },
      ],
    });
    expect(found('metricAlarm:MetricAlarm', 'root').inputs).toEqual({
      alarmDescription: expect.stringContaining('mrk-1') as string,
      namespace: 'AWS/KMS',
      metricName: 'SecondsUntilKeyMaterialExpiration',
      dimensions: { KeyId: 'mrk-1' },
      statistic: 'Minimum',
      comparisonOperator: 'LessThanThreshold',
      threshold: 14 * 86_400,
      period: 300,
      evaluationPeriods: 1,
      treatMissingData: 'ignore',
      alarmActions: ['topic'],
    });
    expect(found('metricAlarm:MetricAlarm', 'root-us-east-1').inputs).toMatchObject({
      alarmActions: ['there'],
      region: 'us-east-1',
    });
    expect(found('metricAlarm:MetricAlarm', 'root-ap-south-1').inputs.alarmActions).toEqual([]);
    expect(names('eventRule:EventRule')).toEqual(['root', 'root-us-east-1']);
    expect(names('eventTarget:EventTarget')).toEqual([
      'root-1',
      'root-us-east-1-1',
      'root-us-east-1-2',
    ]);
    expect(found('eventRule:EventRule', 'root-us-east-1').inputs).toEqual({
      description: expect.stringContaining('mrk-1') as string,
      eventPattern: expect.anything() as string,
      region: 'us-east-1',
    });
    expect(found('eventTarget:EventTarget', 'root-us-east-1-2').inputs).toEqual({
      arn: 't2',
      region: 'us-east-1',
    });
    expect(JSON.parse(found('eventRule:EventRule', 'root').inputs.eventPattern as string)).toEqual({
      source: ['aws.kms'],
      'detail-type': ['KMS Imported Key Material Expiration'],
      detail: { 'key-id': ['mrk-1'] },
    });
  });
});

describe('when a program says how the component is registered', () => {
  it('its provider serves the children, and its aliases are sent', async () => {
    const provider = new aws.Provider('there', { region: 'us-west-2' });
    await create({ alias: 'a' }, { providers: [provider], aliases: [{ name: 'old' }] });
    for (const type of ['externalKey:ExternalKey', 'alias:Alias']) {
      expect(optionsOf(found(type)).provider).toContain('pulumi:providers:aws::there');
    }
    // The engine gives the children the aliases of their parent.
    const component = requests.get('pulumi-kms-byok:index:ImportedKey::root');
    const aliases = component?.getAliasesList().map((alias) => alias.getSpec()!);
    expect(aliases?.map((alias) => [alias.getName(), alias.getType()])).toEqual([
      ['old', ''],
      ['', TYPE_TOKENS.ImportedKey.native],
    ]);
    expect(optionsOf(found(MATERIAL_TYPE)).provider).toBe('');
  });
});

describe('when a preview creates an ImportedKey', () => {
  it('what AWS will say is unknown, and the order is declared all the same', async () => {
    await mocks(true);
    const key = await create({ materials: [{ file: '1' }, { file: '2' }] });
    const known = (output: pulumi.Output<unknown>): Promise<boolean> =>
      (output as unknown as { isKnown: Promise<boolean> }).isKnown;
    expect(await known(key.keyId)).toBe(false);
    expect(await known(key.keyArns)).toBe(false);
    expect(await known(key.currentKeyMaterialId)).toBe(false);
    expect(await known(key.earliestExpiry)).toBe(false);
    expect(dependsOn(found(ROTATION_TYPE), MATERIAL_TYPE, 'root-2')).toBe(true);
  });
});
