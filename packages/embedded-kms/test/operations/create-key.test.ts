import {
  CreateKeyCommand,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetParametersForImportCommand,
  ListKeyPoliciesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type CreateKeyCommandInput,
  type Tag,
} from '@aws-sdk/client-kms';
import { clientFor, createKey, post, worldForAll } from '../support/world';

const world = worldForAll();

const numbered = (count: number): Tag[] =>
  Array.from({ length: count }, (_, index) => ({ TagKey: `k${index}`, TagValue: '' }));

describe('when a key is created', () => {
  it('of origin AWS_KMS is Enabled at once and has material', async () => {
    const key = await createKey(world, { Description: 'mine' });
    expect(key).toMatchObject({
      AWSAccountId: '111122223333',
      Arn: `arn:aws:kms:eu-central-1:111122223333:key/${key.KeyId}`,
      CreationDate: world.clock.now(),
      CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      Description: 'mine',
      Enabled: true,
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
      KeyUsage: 'ENCRYPT_DECRYPT',
      MultiRegion: false,
      Origin: 'AWS_KMS',
    });
    expect(key).not.toHaveProperty('ExpirationModel');
  });

  it.each<[string, CreateKeyCommandInput, string]>([
    ['a usage that does not fit', { KeyUsage: 'SIGN_VERIFY' }, 'ValidationException'],
    ['a policy that is not JSON', { Policy: 'no' }, 'MalformedPolicyDocumentException'],
    ['a policy that is a list', { Policy: '[]' }, 'MalformedPolicyDocumentException'],
    ['51 tags', { Tags: numbered(51) }, 'TagException'],
  ])('refuses %s', async (_what, input, name) => {
    await expect(world.client.send(new CreateKeyCommand(input))).rejects.toMatchObject({ name });
  });

  it('refuses both names of the key spec at once', async () => {
    const both = '{ "KeySpec": "RSA_2048", "CustomerMasterKeySpec": "RSA_2048" }';
    const response = await post(world.kms, 'CreateKey', both);
    expect(await response.json()).toEqual({
      __type: 'ValidationException',
      message:
        'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    });
  });

  it('refuses newer specs by the deprecated name', async () => {
    const newer = '{ "KeyUsage": "SIGN_VERIFY", "CustomerMasterKeySpec": "ECC_NIST_EDWARDS25519" }';
    const response = await post(world.kms, 'CreateKey', newer);
    expect(await response.json()).toMatchObject({
      __type: 'ValidationException',
      message: expect.stringContaining("at 'customerMasterKeySpec'") as string,
    });
  });

  it('names what is not served', async () => {
    await expect(world.client.send(new CreateKeyCommand({ KeySpec: 'SM2' }))).rejects.toThrow(
      'KeySpec SM2',
    );
  });
});

describe('when a key is looked for', () => {
  const describeKey = (KeyId: string, client = world.client) =>
    client.send(new DescribeKeyCommand({ KeyId }));

  it('is found by id and ARN, in its own account and Region only', async () => {
    const { KeyId, Arn } = await createKey(world);
    await describeKey(KeyId);
    await describeKey(Arn);
    const elsewhere = clientFor(world.kms, { region: 'us-west-2' });
    for (const id of [KeyId, Arn]) {
      await expect(describeKey(id, elsewhere)).rejects.toMatchObject({ name: 'NotFoundException' });
    }
    const stranger = clientFor(world.kms, { accessKeyId: '444455556666' });
    await expect(describeKey(KeyId, stranger)).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(describeKey(Arn, stranger)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it.each([
    ['alias/none', 'NotFoundException'],
    ['arn:aws:kms:eu-central-1:111122223333:alias/none', 'NotFoundException'],
    ['arn:aws:s3:::bucket', 'InvalidArnException'],
    ['arn:aws-cn:kms:eu-central-1:111122223333:alias/none', 'NotFoundException'],
    ['arn:aws:kms:eu-central-1:111122223333:key/__proto__', 'NotFoundException'],
    ['__proto__', 'NotFoundException'],
  ])('answers %s with %s', async (id, name) => {
    await expect(describeKey(id)).rejects.toMatchObject({ name });
  });

  it('is not found by alias where AWS takes none', async () => {
    const parameters = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
    for (const KeyId of ['alias/a', 'arn:aws:kms:eu-central-1:111122223333:alias/a']) {
      const command = new GetParametersForImportCommand({ KeyId, ...parameters } as never);
      await expect(world.client.send(command)).rejects.toMatchObject({ name: 'NotFoundException' });
    }
  });

  it('is not found by an ARN of another partition', async () => {
    const { KeyId } = await createKey(world);
    for (const id of [`key/${KeyId}`, 'alias/none']) {
      const arn = `arn:aws-us-gov:kms:eu-central-1:111122223333:${id}`;
      await expect(describeKey(arn)).rejects.toMatchObject({ name: 'NotFoundException' });
    }
  });

  it('has an ARN of its partition', async () => {
    for (const [region, partition] of [
      ['cn-north-1', 'aws-cn'],
      ['us-gov-west-1', 'aws-us-gov'],
      ['eusc-de-east-1', 'aws-eusc'],
    ] as const) {
      const client = clientFor(world.kms, { region });
      const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
      expect(KeyMetadata!.Arn).toMatch(`arn:${partition}:kms:${region}:111122223333:key/`);
      await describeKey(KeyMetadata!.Arn!, client);
    }
  });
});

describe('when keys are listed', () => {
  it('gives them in pages, and refuses a marker that it did not give', async () => {
    const client = clientFor(world.kms, { accessKeyId: '777788889999' });
    const ids: unknown[] = [];
    for (let count = 0; count < 5; count++) {
      ids.push((await client.send(new CreateKeyCommand({}))).KeyMetadata!.KeyId);
    }
    const found: unknown[] = [];
    let marker: string | undefined;
    do {
      const page = await client.send(
        new ListKeysCommand({ Limit: 2, ...(marker === undefined ? {} : { Marker: marker }) }),
      );
      found.push(...page.Keys!.map((key) => key.KeyId));
      marker = page.NextMarker;
      expect(page.Truncated).toBe(marker !== undefined);
    } while (marker !== undefined);
    expect(found).toEqual(ids);
    await expect(client.send(new ListKeysCommand({ Marker: 'no' }))).rejects.toMatchObject({
      name: 'InvalidMarkerException',
    });
  });
});

describe('when keys are listed by who owns them', () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=555566667777/20300101/x-y-1/kms/aws4_request';
  const list = async (members: object) =>
    (await post(world.kms, 'ListKeys', JSON.stringify(members), { authorization })).json();

  it('nobody else shares any', async () => {
    await post(world.kms, 'CreateKey', '{}', { authorization });
    const [own, others] = ['SELF', 'OTHER_ACCOUNTS_VIA_RAM'];
    const all = await list({});
    expect(all).toMatchObject({ Keys: [expect.anything()] });
    expect(await list({ ResourceOwners: [own] })).toEqual(all);
    expect(await list({ ResourceOwners: [others, own] })).toEqual(all);
    expect(await list({ ResourceOwners: [others] })).toEqual({ Keys: [], Truncated: false });
    for (const bad of [[], ['OTHER'], [own, others, own]]) {
      expect(await list({ ResourceOwners: bad })).toMatchObject({ __type: 'ValidationException' });
    }
    expect(await list({ ResourceOwners: [others], Marker: 'x' })).toMatchObject({
      __type: 'InvalidMarkerException',
    });
  });
});

describe('when a wrapping is asked for that the matrix does not have', () => {
  it.each([
    ['RSAES_PKCS1_V1_5', 'RSA_2048'],
    ['RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096'],
    ['SM2PKE', 'SM2'],
    ['RSAES_OAEP_SHA_256', 'SM2'],
  ] as const)('refuses %s with %s', async (WrappingAlgorithm, WrappingKeySpec) => {
    const { KeyId } = await createKey(world);
    await expect(
      world.client.send(
        new GetParametersForImportCommand({ KeyId, WrappingAlgorithm, WrappingKeySpec }),
      ),
    ).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});

describe('when a key is tagged', () => {
  const tag = (KeyId: string, Tags: Tag[]) =>
    world.client.send(new TagResourceCommand({ KeyId, Tags }));
  const tags = async (KeyId: string) =>
    (await world.client.send(new ListResourceTagsCommand({ KeyId }))).Tags;

  it('keeps tags from its creation, changes them and drops them', async () => {
    const { KeyId } = await createKey(world, { Tags: [{ TagKey: 'a', TagValue: '1' }] });
    await tag(KeyId, [
      { TagKey: 'b', TagValue: '' },
      { TagKey: 'a', TagValue: '2' },
    ]);
    expect(await tags(KeyId)).toEqual([
      { TagKey: 'a', TagValue: '2' },
      { TagKey: 'b', TagValue: '' },
    ]);
    await world.client.send(new UntagResourceCommand({ KeyId, TagKeys: ['a', 'not there'] }));
    expect(await tags(KeyId)).toEqual([{ TagKey: 'b', TagValue: '' }]);
  });

  it('takes 50 tags and no more', async () => {
    const { KeyId } = await createKey(world, { Tags: numbered(49) });
    await tag(KeyId, [{ TagKey: 'last', TagValue: '' }]);
    await expect(tag(KeyId, [{ TagKey: 'one more', TagValue: '' }])).rejects.toMatchObject({
      name: 'TagException',
    });
    expect(await tags(KeyId)).toHaveLength(50);

    const page = await world.client.send(new ListResourceTagsCommand({ KeyId, Limit: 30 }));
    const rest = await world.client.send(
      new ListResourceTagsCommand({ KeyId, Marker: page.NextMarker }),
    );
    expect([...page.Tags!, ...rest.Tags!]).toEqual(await tags(KeyId));

    const handmade = Buffer.from('last').toString('base64url');
    for (const Marker of [handmade, `${page.NextMarker!} `]) {
      await expect(
        world.client.send(new ListResourceTagsCommand({ KeyId, Marker })),
      ).rejects.toMatchObject({ name: 'InvalidMarkerException' });
    }
  });
});

describe('when a key policy is put', () => {
  it('gives back the default one first, then the text that was put', async () => {
    const { KeyId } = await createKey(world);
    const Policy =
      '{ "Statement": { "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*" } }';
    const get = (PolicyName?: string) =>
      world.client.send(new GetKeyPolicyCommand({ KeyId, ...(PolicyName && { PolicyName }) }));
    const first = await get();
    expect(first.PolicyName).toBe('default');
    expect(JSON.parse(first.Policy!)).toMatchObject({ Id: 'key-default-1' });
    await world.client.send(
      new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: true }),
    );
    expect(await get('default')).toMatchObject({ Policy });
    expect(await world.client.send(new ListKeyPoliciesCommand({ KeyId }))).toMatchObject({
      PolicyNames: ['default'],
      Truncated: false,
    });
  });

  it('refuses another policy name and what is not a policy', async () => {
    const { KeyId } = await createKey(world);
    const put = (PolicyName: string, Policy: string) =>
      world.client.send(new PutKeyPolicyCommand({ KeyId, PolicyName, Policy }));
    await expect(put('mine', '{}')).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(put('default', '{')).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    await expect(
      world.client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'mine' })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
