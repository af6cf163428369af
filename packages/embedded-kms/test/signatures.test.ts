import { DescribeKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { createHash, createHmac } from 'node:crypto';
import { post, REGION, startWorld, type World } from './support/world';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

let world: World;
beforeAll(async () => {
  world = await startWorld({ verifySignatures: { [ID]: SECRET } });
});
afterAll(() => world.close());

const clientWith = (accessKeyId: string, secretAccessKey: string, sessionToken?: string) =>
  new KMSClient({
    endpoint: world.kms.url,
    region: REGION,
    maxAttempts: 1,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
  });
const list = (client: KMSClient) => client.send(new ListKeysCommand({}));
const typeOf = async (response: Response) => ((await response.json()) as { __type: string }).__type;

/** Signature Version 4 by hand, from AWS's description of it, for headers in any form. */
function sign(
  body: string,
  {
    date = '20300101T000000Z',
    extra = {},
  }: { readonly date?: string; readonly extra?: Readonly<Record<string, string>> } = {},
): Record<string, string> {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const mac = (key: Buffer | string, text: string) =>
    createHmac('sha256', key).update(text).digest();
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(world.kms.url).host,
    'x-amz-date': date,
    'x-amz-target': 'TrentService.ListKeys',
    ...extra,
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    'POST',
    '/',
    '',
    ...names.map((name) => `${name}:${headers[name]!}`),
    '',
    names.join(';'),
    hash(body),
  ].join('\n');
  const day = date.slice(0, 8);
  const scope = `${day}/${REGION}/kms/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hash(canonical)].join('\n');
  const key = [REGION, 'kms', 'aws4_request'].reduce<Buffer>(
    (previous, part) => mac(previous, part),
    mac(`AWS4${SECRET}`, day),
  );
  const signature = mac(key, toSign).toString('hex');
  const credential = `Credential=${ID}/${scope}`;
  const { host: _, ...sent } = headers;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

describe('when signatures are verified', () => {
  it('serves the unmodified client that has the secret, and no other', async () => {
    await list(clientWith(ID, SECRET));
    await expect(list(clientWith(ID, 'wrong'))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    await expect(list(clientWith('AKIAUNKNOWN', SECRET))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
    await expect(list(clientWith('constructor', SECRET))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  it('serves a request that was signed by hand, with the user agent signed too', async () => {
    const headers = sign('{}', { extra: { 'user-agent': 'by hand' } });
    expect((await post(world.kms, 'ListKeys', '{}', headers)).status).toBe(200);
  });

  it('refuses a body that was changed, and a body hash that is not its own', async () => {
    const changed = await post(world.kms, 'ListKeys', '{"Limit":1}', sign('{}'));
    expect(await typeOf(changed)).toBe('InvalidSignatureException');
    const hash = createHash('sha256').update('{}').digest('hex');
    const lying = sign('{}', { extra: { 'x-amz-content-sha256': hash } });
    expect((await post(world.kms, 'ListKeys', '{}', lying)).status).toBe(200);
    const forged = await post(world.kms, 'ListKeys', '{"Limit":1}', lying);
    expect(await typeOf(forged)).toBe('InvalidSignatureException');
  });

  it('refuses another target than the signed one', async () => {
    const response = await post(world.kms, 'CreateKey', '{}', {
      ...sign('{}'),
      'x-amz-target': 'TrentService.CreateKey',
    });
    expect(await typeOf(response)).toBe('InvalidSignatureException');
  });

  it('refuses requests without a signature, or with half of one', async () => {
    expect(await typeOf(await post(world.kms, 'ListKeys', '{}'))).toBe(
      'MissingAuthenticationTokenException',
    );
    const good = sign('{}');
    for (const bad of [
      { ...good, authorization: 'AWS4-HMAC-SHA256 Credential=x' },
      { ...good, 'x-amz-date': 'yesterday' },
      { ...good, 'x-amz-date': '20300102T000000Z' },
    ]) {
      expect(await typeOf(await post(world.kms, 'ListKeys', '{}', bad))).toBe(
        'IncompleteSignatureException',
      );
    }
  });

  it('serves an assumed role with the secret that it was given', async () => {
    const form = new URLSearchParams({
      Action: 'AssumeRole',
      RoleArn: 'arn:aws:iam::999900001111:role/r',
      RoleSessionName: 'session',
    }).toString();
    const extra = { 'content-type': 'application/x-www-form-urlencoded' };
    const signed = sign(form, { extra });
    // Signed with a target, which would make it JSON: the Query protocol has none.
    expect((await post(world.kms, 'ListKeys', form, signed)).status).toBe(400);

    const open = await startWorld();
    const answer = await fetch(open.kms.url, { method: 'POST', headers: extra, body: form });
    const xml = await answer.text();
    const member = (name: string) => new RegExp(`<${name}>(.*)</${name}>`).exec(xml)![1]!;
    world.kms.restore(open.kms.snapshot());
    await open.close();
    const [id, secret, token] = [
      member('AccessKeyId'),
      member('SecretAccessKey'),
      member('SessionToken'),
    ];
    await list(clientWith(id, secret, token));
    await expect(list(clientWith(id, 'wrong', token))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    expect(world.kms.calls.at(-2)?.accountId).toBe('999900001111');
  });

  it('answers before it reveals whether an operation or a key exists', async () => {
    expect(await typeOf(await post(world.kms, 'Frobnicate', '{}'))).toBe(
      'MissingAuthenticationTokenException',
    );
    await expect(
      clientWith(ID, 'wrong').send(new DescribeKeyCommand({ KeyId: 'x' })),
    ).rejects.toMatchObject({ name: 'InvalidSignatureException' });
  });
});
