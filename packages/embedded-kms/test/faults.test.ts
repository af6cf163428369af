import { DescribeKeyCommand, EnableKeyCommand, TagResourceCommand } from '@aws-sdk/client-kms';
import { ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { clientFor, createKey, post, startWorld, type World } from './support/world';

let world: World;
let keyId: string;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.kms.clearFaults();
  keyId = (await createKey(world, {})).KeyId;
  world.kms.clearCalls();
});

const describeKey = () => world.client.send(new DescribeKeyCommand({ KeyId: keyId }));
const tag = (TagKey: string) =>
  world.client.send(new TagResourceCommand({ KeyId: keyId, Tags: [{ TagKey, TagValue: '' }] }));
const tagKeys = async () =>
  (await world.client.send(new ListResourceTagsCommand({ KeyId: keyId }))).Tags!.map(
    (entry) => entry.TagKey,
  );
const outcomes = () => world.kms.calls.map(({ outcome }) => outcome);

describe('when a fault is injected', () => {
  it('hits the n-th call of its operation, as often as the rule says, and no other operation', async () => {
    world.kms.inject({ operation: 'DescribeKey', call: 2, times: 2, fault: { kind: 'throttle' } });
    await describeKey();
    await tag('untouched');
    await expect(describeKey()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(describeKey()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await describeKey();
    expect(outcomes()).toEqual(['ok', 'ok', 'ThrottlingException', 'ThrottlingException', 'ok']);
  });

  it('is retried by an AWS client when it is a throttle', async () => {
    world.kms.inject({ operation: 'DescribeKey', fault: { kind: 'throttle' } });
    const patient = clientFor(world.kms, { maxAttempts: 3 });
    await patient.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(outcomes()).toEqual(['ThrottlingException', 'ok']);
  });

  it('answers with the AWS error and status of choice, without the effect', async () => {
    world.kms.inject({
      operation: 'TagResource',
      fault: { kind: 'error', type: 'KMSInternalException', message: 'no', status: 500 },
    });
    await expect(tag('a')).rejects.toMatchObject({
      name: 'KMSInternalException',
      message: 'no',
      $metadata: { httpStatusCode: 500 },
    });
    expect(await tagKeys()).toEqual([]);
    world.kms.inject({
      operation: 'EnableKey',
      fault: { kind: 'error', type: 'AccessDeniedException' },
    });
    await expect(world.client.send(new EnableKeyCommand({ KeyId: keyId }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('answers with a bare status as a proxy does, without the effect', async () => {
    const fault = { kind: 'status', status: 503, body: '<h1>Service Unavailable</h1>' } as const;
    world.kms.inject({ operation: 'TagResource', fault });
    await expect(tag('a')).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    expect(await tagKeys()).toEqual([]);
    expect(outcomes()[0]).toBe('status');
    const patient = clientFor(world.kms, { maxAttempts: 3 });
    world.kms.inject({ operation: 'DescribeKey', fault: { kind: 'status', status: 502 } });
    await patient.send(new DescribeKeyCommand({ KeyId: keyId }));
    patient.destroy();
  });

  it('loses the response after the effect', async () => {
    world.kms.inject({ operation: 'TagResource', fault: { kind: 'lose-response' } });
    await expect(tag('a')).rejects.toThrow();
    expect(await tagKeys()).toEqual(['a']);
    expect(outcomes()[0]).toBe('lose-response');
  });

  it('cuts the connection before the effect', async () => {
    world.kms.inject({ operation: 'TagResource', fault: { kind: 'cut' } });
    await expect(tag('a')).rejects.toThrow();
    expect(await tagKeys()).toEqual([]);
    expect(outcomes()[0]).toBe('cut');
  });

  it('delays the answer', async () => {
    world.kms.inject({ operation: 'DescribeKey', fault: { kind: 'delay', milliseconds: 50 } });
    const before = performance.now();
    await describeKey();
    expect(performance.now() - before).toBeGreaterThan(45);
    expect(outcomes()).toEqual(['ok']);
  });

  it('answers with garbage after the effect', async () => {
    world.kms.inject({ operation: 'TagResource', fault: { kind: 'garbage' } });
    const response = await post(
      world.kms,
      'TagResource',
      JSON.stringify({ KeyId: keyId, Tags: [{ TagKey: 'a', TagValue: '' }] }),
      {
        authorization:
          'AWS4-HMAC-SHA256 Credential=111122223333/20300101/eu-central-1/kms/aws4_request',
      },
    );
    expect(response.status).toBe(200);
    const body = await response.text();
    expect(() => JSON.parse(body) as unknown).toThrow();
    expect(await tagKeys()).toEqual(['a']);
    world.kms.inject({ operation: 'DescribeKey', fault: { kind: 'garbage' } });
    await expect(describeKey()).rejects.toThrow();
  });

  it('leaves the client waiting, until the client gives up', async () => {
    world.kms.inject({ operation: 'TagResource', fault: { kind: 'hang' } });
    const client = new AbortController();
    const answer = expect(
      fetch(world.kms.url, {
        method: 'POST',
        headers: { 'x-amz-target': 'TrentService.TagResource' },
        body: '{}',
        signal: client.signal,
      }),
    ).rejects.toThrow();
    // Gives up once the call is there, however long that takes.
    while (outcomes().length === 0) await new Promise(setImmediate);
    client.abort();
    await answer;
    expect(outcomes()).toEqual(['hang']);
  });

  it('is forgotten when faults are cleared', async () => {
    world.kms.inject({ operation: 'DescribeKey', times: 9, fault: { kind: 'cut' } });
    world.kms.clearFaults();
    await describeKey();
  });

  it('gives way to the rule that was added before it', async () => {
    world.kms.inject({ operation: 'DescribeKey', fault: { kind: 'throttle' } });
    world.kms.inject({ operation: 'DescribeKey', times: 2, fault: { kind: 'cut' } });
    await expect(describeKey()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(describeKey()).rejects.toThrow();
    await describeKey();
  });
});

describe('when the server closes', () => {
  it('ends calls that hang or are delayed, at once, and can be closed again', async () => {
    const short = await startWorld();
    const { KeyId } = await createKey(short, {});
    short.kms.inject({ operation: 'DescribeKey', fault: { kind: 'hang' } });
    short.kms.inject({ operation: 'EnableKey', fault: { kind: 'delay', milliseconds: 600_000 } });
    const hanging = short.client.send(new DescribeKeyCommand({ KeyId }));
    const delayed = short.client.send(new EnableKeyCommand({ KeyId }));
    const ended = Promise.allSettled([hanging, delayed]);
    // Both are in the server's hands once the one that hangs is in the log and the other answered.
    while (!short.kms.calls.some(({ outcome }) => outcome === 'hang')) await createKey(short, {});
    await short.close();
    await short.kms.close();
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
