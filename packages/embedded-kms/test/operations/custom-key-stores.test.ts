import {
  ConnectCustomKeyStoreCommand,
  CreateCustomKeyStoreCommand,
  CreateKeyCommand,
  DeleteCustomKeyStoreCommand,
  DescribeCustomKeyStoresCommand,
  DisconnectCustomKeyStoreCommand,
  GenerateRandomCommand,
  UpdateCustomKeyStoreCommand,
  type CreateCustomKeyStoreCommandInput,
  type CreateKeyCommandInput,
  type OriginType,
} from '@aws-sdk/client-kms';
import { worldForAll } from '../support/world';

const world = worldForAll();

const NOT_FOUND = { name: 'CustomKeyStoreNotFoundException' };
const VALIDATION = { name: 'ValidationException' };
const CustomKeyStoreId = 'cks-1234567890abcdef0';
const CLOUD_HSM = {
  CustomKeyStoreName: 'mine',
  CloudHsmClusterId: 'cluster-1234abcdefg'.replace(/[018-9]/g, '2'),
  TrustAnchorCertificate: 'x',
  KeyStorePassword: 'kmsPassword',
} as const;
const XKS = {
  CustomKeyStoreName: 'mine',
  CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
  XksProxyUriEndpoint: 'https://xks.example.com',
  XksProxyUriPath: '/prefix/kms/xks/v1',
  XksProxyAuthenticationCredential: {
    AccessKeyId: 'ABCDE12345670ABCDE'.replace(/[018-9]/g, '2').padEnd(20, 'A'),
    RawSecretAccessKey: 's'.repeat(43),
  },
  XksProxyConnectivity: 'PUBLIC_ENDPOINT',
} as const;

describe('when an account has no custom key store', () => {
  it('lists none, and finds none by id or name', async () => {
    const describeStores = (input: object) =>
      world.client.send(new DescribeCustomKeyStoresCommand(input));
    expect(await describeStores({ Limit: 10 })).toMatchObject({
      CustomKeyStores: [],
      Truncated: false,
    });
    await expect(describeStores({ CustomKeyStoreId })).rejects.toMatchObject(NOT_FOUND);
    await expect(describeStores({ CustomKeyStoreName: 'mine' })).rejects.toMatchObject(NOT_FOUND);
    const both = { CustomKeyStoreId, CustomKeyStoreName: 'mine' };
    await expect(describeStores(both)).rejects.toMatchObject(VALIDATION);
    await expect(describeStores({ Marker: 'x' })).rejects.toMatchObject({
      name: 'InvalidMarkerException',
    });
  });

  it('connects, disconnects, updates and deletes none', async () => {
    const { client } = world;
    for (const call of [
      () => client.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId })),
      () => client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId })),
      () => client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId })),
      () =>
        client.send(
          new UpdateCustomKeyStoreCommand({ CustomKeyStoreId, NewCustomKeyStoreName: 'other' }),
        ),
      () => client.send(new GenerateRandomCommand({ NumberOfBytes: 1, CustomKeyStoreId })),
    ]) {
      await expect(call()).rejects.toMatchObject(NOT_FOUND);
    }
  });

  it('creates none: there is no CloudHSM cluster, no endpoint service, and no proxy that can be reached', async () => {
    const create = (input: CreateCustomKeyStoreCommandInput) =>
      world.client.send(new CreateCustomKeyStoreCommand(input));
    await expect(create(CLOUD_HSM)).rejects.toMatchObject({
      name: 'CloudHsmClusterNotFoundException',
    });
    await expect(create(XKS)).rejects.toMatchObject({ name: 'XksProxyUriUnreachableException' });
    const overVpc = {
      ...XKS,
      XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE',
      XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123',
    } as const;
    await expect(create(overVpc)).rejects.toMatchObject({
      name: 'XksProxyVpcEndpointServiceNotFoundException',
    });
    for (const complete of [CLOUD_HSM, XKS, overVpc]) {
      for (const name of Object.keys(complete)) {
        if (name === 'CustomKeyStoreType') continue;
        await expect(create({ ...complete, [name]: undefined })).rejects.toMatchObject(VALIDATION);
      }
    }
  });

  it('keeps passwords and secret keys out of the calls and of messages', async () => {
    world.kms.clearCalls();
    for (const input of [CLOUD_HSM, XKS, { ...CLOUD_HSM, KeyStorePassword: 'secret' }]) {
      const error: unknown = await world.client
        .send(new CreateCustomKeyStoreCommand(input))
        .catch((refusal: unknown) => refusal);
      expect(String(error)).not.toContain('secret');
    }
    const { calls } = world.kms;
    expect(calls[0]!.input).toMatchObject({ CustomKeyStoreName: 'mine' });
    const text = JSON.stringify(calls);
    for (const secret of ['kmsPassword', 's'.repeat(43), '"secret"']) {
      expect(text).not.toContain(secret);
    }
  });

  it.each<[OriginType | undefined, Partial<CreateKeyCommandInput>, object]>([
    ['AWS_CLOUDHSM', { CustomKeyStoreId }, NOT_FOUND],
    [undefined, { CustomKeyStoreId }, NOT_FOUND],
    ['EXTERNAL_KEY_STORE', { CustomKeyStoreId, XksKeyId: 'key-1' }, NOT_FOUND],
    ['AWS_CLOUDHSM', {}, VALIDATION],
    ['EXTERNAL_KEY_STORE', { CustomKeyStoreId }, VALIDATION],
    ['EXTERNAL_KEY_STORE', { XksKeyId: 'key-1' }, VALIDATION],
    ['AWS_KMS', { XksKeyId: 'key-1' }, VALIDATION],
    ['AWS_CLOUDHSM', { CustomKeyStoreId, XksKeyId: 'key-1' }, VALIDATION],
  ])('makes no key of origin %s with %j', async (Origin, members, refusal) => {
    await expect(
      world.client.send(new CreateKeyCommand({ ...(Origin && { Origin }), ...members })),
    ).rejects.toMatchObject(refusal);
  });
});
