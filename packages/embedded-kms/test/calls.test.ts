import { randomBytes } from 'node:crypto';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
} from '@aws-sdk/client-kms';
import type { CallEvent } from '../src';
import { CallLog } from '../src/http/call-log';
import { clientFor, createKey, importMaterial, startWorld, type World } from './support/world';

const events: CallEvent[] = [];
let act: (event: CallEvent) => void | Promise<void> = () => undefined;
let world: World;
beforeAll(async () => {
  world = await startWorld({
    onCall: (event) => {
      events.push(event);
      return act(event);
    },
  });
});
afterAll(() => world.close());
beforeEach(() => {
  act = () => undefined;
  events.length = 0;
  world.kms.clearCalls();
});

describe('when calls are recorded', () => {
  it('has operation, caller, key, outcome and the request id of the answer', async () => {
    const west = clientFor(world.kms, { region: 'us-west-2', accessKeyId: '444455556666' });
    const created = await west.send(new CreateKeyCommand({ Description: 'd' }));
    const { KeyId: keyId, Arn: arn } = created.KeyMetadata!;
    await west.send(new DescribeKeyCommand({ KeyId: arn }));
    const unknown = 'deadbeef-0000-4000-8000-000000000000';
    await expect(west.send(new DescribeKeyCommand({ KeyId: unknown }))).rejects.toThrow();
    const caller = { accountId: '444455556666', region: 'us-west-2' };
    expect(world.kms.calls).toMatchObject([
      {
        operation: 'CreateKey',
        ...caller,
        keyId,
        outcome: 'ok',
        input: { Description: 'd' },
        requestId: created.$metadata.requestId,
      },
      { operation: 'DescribeKey', ...caller, keyId, outcome: 'ok', input: { KeyId: arn } },
      { operation: 'DescribeKey', ...caller, keyId: unknown, outcome: 'NotFoundException' },
    ]);
  });

  it('shows no blob and nothing of what was imported or encrypted', async () => {
    const { KeyId } = await createKey(world);
    const material = randomBytes(32);
    await importMaterial(world, KeyId, material, { KeyMaterialDescription: 'shown' });
    const Plaintext = Buffer.from('a very secret plaintext');
    const { CiphertextBlob } = await world.client.send(new EncryptCommand({ KeyId, Plaintext }));
    await world.client.send(new DecryptCommand({ CiphertextBlob }));

    const { calls } = world.kms;
    expect(calls.find(({ operation }) => operation === 'ImportKeyMaterial')?.input).toEqual({
      KeyId,
      ImportToken: '<blob>',
      EncryptedKeyMaterial: '<blob>',
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      KeyMaterialDescription: 'shown',
    });
    expect(calls.at(-1)).toMatchObject({ keyId: KeyId, input: { CiphertextBlob: '<blob>' } });
    const log = JSON.stringify(calls);
    for (const secret of [material, Plaintext, Buffer.from(CiphertextBlob!)]) {
      expect(log).not.toContain(secret.toString('base64'));
      expect(log).not.toContain(secret.toString('hex'));
    }
  });

  it('keeps the newest 10,000', () => {
    const log = new CallLog();
    const call = { operation: 'X', accountId: '', region: '', outcome: 'ok', input: {} };
    for (let count = 0; count < 10_001; count++) log.add({ ...call, requestId: String(count) }, 2);
    expect(log.all()).toHaveLength(10_000);
    expect(log.all()[0]?.requestId).toBe('1');
  });
});

describe('when a hook is set', () => {
  it('is called before and after the effect, with the key', async () => {
    const { KeyId } = await createKey(world);
    await world.client.send(new DescribeKeyCommand({ KeyId }));
    expect(events).toEqual([
      { operation: 'CreateKey', phase: 'before' },
      { operation: 'CreateKey', phase: 'after', keyId: KeyId },
      { operation: 'DescribeKey', phase: 'before', keyId: KeyId },
      { operation: 'DescribeKey', phase: 'after', keyId: KeyId },
    ]);
  });

  it('is awaited: the effect waits for it, and so does the answer', async () => {
    const order: string[] = [];
    act = async ({ phase }) => {
      await new Promise(setImmediate);
      order.push(phase);
    };
    await createKey(world);
    order.push('answered');
    expect(order).toEqual(['before', 'after', 'answered']);
  });

  it('is not called after an effect that did not happen', async () => {
    await expect(world.client.send(new DescribeKeyCommand({ KeyId: 'none' }))).rejects.toThrow();
    expect(events).toEqual([{ operation: 'DescribeKey', phase: 'before', keyId: 'none' }]);
  });

  it('answers with KMSInternalException, and not with its words, when it throws', async () => {
    act = () => {
      throw new RangeError('something private');
    };
    await expect(createKey(world)).rejects.toMatchObject({
      name: 'KMSInternalException',
      message: 'CreateKey failed with a RangeError.',
    });
  });
});
