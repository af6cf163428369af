import * as pulumi from '@pulumi/pulumi';
import {
  ByokError,
  ImportedKeyMaterial,
  KmsByokProvider,
  OnDemandRotation,
  type KmsByokProviderArgs,
} from '../../src';
import { resolveConnection } from '../../src/provider/connection';
import { connection } from '../../src/provider/schema';

let sent: Readonly<Record<string, string>>;

beforeEach(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      sent = inputs as typeof sent;
      return { id: name, state: inputs as object };
    },
    call: () => ({}),
  });
});

describe('when a provider has every input', () => {
  const inputs = {
    region: 'eu-north-1',
    profile: 'importer',
    stsRegion: 'eu-west-3',
    retryMode: 'adaptive',
    transport: 'post-quantum',
    httpProxy: 'http://a.example:1',
    httpsProxy: 'http://b.example:1',
    noProxy: 'c.example',
    useFipsEndpoint: true,
    useDualstackEndpoint: true,
    allowedAccountIds: ['111122223333'],
    forbiddenAccountIds: ['444455556666'],
    maxRetries: 2,
    assumeRole: {
      roleArn: 'arn:aws:iam::111122223333:role/importer',
      externalId: 'x',
      sessionName: 's',
      duration: '30m',
    },
    endpoint: 'https://kms',
    endpoints: { sts: 'https://sts', ssm: 'https://ssm', secretsmanager: 'https://sm' },
  } as const satisfies Required<KmsByokProviderArgs>;

  it('its process connects as a resource with that connection', async () => {
    new KmsByokProvider('there', inputs);
    await pulumi.runtime.disconnect();
    const { proxy, ...others } = resolveConnection(undefined, undefined, (key) => sent[key]);
    const { proxy: declared, ...same } = resolveConnection(
      undefined,
      connection.parse(inputs),
      () => undefined,
    );
    expect(others).toEqual(same);
    expect({ ...proxy, prefix: 'connection.' }).toEqual(declared);
    const absent = Object.entries(others).filter(([, member]) => member === undefined);
    expect(absent.map(([name]) => name)).toEqual(['credentials']);
  });

  it.each(Object.keys(inputs) as (keyof typeof inputs)[])('%s is accepted', async (name) => {
    new KmsByokProvider('there', { [name]: inputs[name] });
    await pulumi.runtime.disconnect();
    const resolved = resolveConnection(undefined, undefined, (key) => sent[key]);
    expect(resolved).not.toEqual(resolveConnection(undefined, undefined, () => undefined));
  });
});

/** The error of a constructor, as long as Pulumi shows it without a stack. */
function refusal(construct: () => unknown): ByokError | undefined {
  try {
    construct();
  } catch (error) {
    if (error instanceof ByokError && pulumi.ResourceError.isInstance(error)) return error;
    throw error;
  }
  return undefined;
}

describe('when a program in JavaScript gives a provider an input that does not exist', () => {
  it.each(['regoin', 'assumerole', 'allowedAccountIDs', 'endpointUrl'])('%s is refused', (name) => {
    const error = refusal(() => new KmsByokProvider('there', { [name]: 'eu-north-1' }));
    expect(error?.code).toBe('UNKNOWN_INPUT');
    expect(error?.reason).toContain(name);
  });

  it('a value in the place of a name is not repeated', () => {
    const value = 'b11yY4UeU6qvTgaPZSc0WsbaK2KtOMt5c';
    const inputs: object = { [value]: 'x' };
    const error = refusal(() => new KmsByokProvider('there', inputs));
    expect(error?.code).toBe('UNKNOWN_INPUT');
    expect(error?.message).not.toContain(value);
  });

  it('a provider without inputs, and one with an input that is undefined, are made', () => {
    expect(refusal(() => new KmsByokProvider('a'))).toBeUndefined();
    expect(refusal(() => new KmsByokProvider('b', { profile: undefined }))).toBeUndefined();
  });
});

describe('when a program in JavaScript leaves out the inputs', () => {
  it.each([
    [
      'ImportedKeyMaterial',
      (args: unknown) => new ImportedKeyMaterial('a', args as never),
      undefined,
    ],
    ['OnDemandRotation', (args: unknown) => new OnDemandRotation('a', args as never), undefined],
    ['KmsByokProvider', (args: unknown) => new KmsByokProvider('a', args as never), null],
  ])('%s says so, as an error of Pulumi', (_name, construct, nothing) => {
    for (const args of [nothing, null, 'text']) {
      expect(refusal(() => construct(args))?.code).toBe('INPUT_INVALID');
    }
  });

  it.each([
    ['ImportedKeyMaterial', ImportedKeyMaterial],
    ['OnDemandRotation', OnDemandRotation],
  ] as const)('the option import of %s is refused as an error of Pulumi', (_name, Resource) => {
    const make = (): unknown => new Resource('a', {} as never, { import: 'id' });
    expect(refusal(make)?.code).toBe('IMPORT_OPTION');
  });
});
