import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  EncryptCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { ManualClock, startKms, type EmbeddedKms, type Fault } from 'embedded-kms';
import type { KmsClient as KmsCalls } from '../../src/aws/index';
import { ByokError } from '../../src/errors';
import { UNKNOWN } from '../../src/provider/protocol';
import { clientOf, createKey, materialsOf } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

const START = new Date('2026-06-01T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GUARD = { deleteUnlessUsedWithin: '30d' };

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;
let keyId: string;
let program: Record<string, unknown>;
let life: ResourceLife;

const newLife = (options: Partial<ConstructorParameters<typeof ResourceLife>[0]> = {}) =>
  new ResourceLife({ kms, now: () => clock.now(), ...options });
const bytes = (): { inline: string } => ({ inline: randomBytes(32).toString('base64') });
const operations = (): string[] => kms.calls.map(({ operation }) => operation);
const use = (key = keyId, by = client): Promise<unknown> =>
  by.send(new EncryptCommand({ KeyId: key, Plaintext: Buffer.from('x') }));
const statesOf = async (key = keyId): Promise<unknown[]> =>
  (await materialsOf(client, key)).map(({ ImportState }) => ImportState);
const failing = (fault: Fault, times = 100): void => {
  kms.inject({ operation: 'GetKeyLastUsage', times, fault });
};

beforeAll(async () => {
  clock = new ManualClock(START);
  // Uses are shown at once, unless a test is about the lag.
  kms = await startKms({ clock, usageLagSeconds: 0, rotationSeconds: 60 });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

beforeEach(async () => {
  kms.clearFaults();
  keyId = await createKey(client);
  program = { keyId, material: bytes(), ...GUARD };
  life = newLife();
  await life.up(program);
  clock.advance(DAY);
  kms.clearCalls();
});

/** Returns the refusal of a destroy, after which nothing is deleted. */
async function refusal(deletion: Promise<unknown>): Promise<ByokError> {
  const error = await deletion.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(operations()).not.toContain('DeleteImportedKeyMaterial');
  expect(await statesOf()).toEqual(['IMPORTED']);
  if (!(error instanceof ByokError)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

describe('when guarded material is destroyed', () => {
  it.each([
    ['a minute ago', MINUTE],
    ['29 days ago', 29 * DAY],
    ['30 days ago to the second', 30 * DAY],
  ])('it is refused if the key was used %s, with the use', async (_title, ago) => {
    await use();
    const at = clock.now().toISOString().replace('.000Z', 'Z');
    clock.advance(ago);
    const { code, reason } = await refusal(life.destroy());
    expect(code).toBe('MATERIAL_IN_USE');
    expect(reason).toContain(at);
    expect(reason).toMatch(/\(Encrypt, CloudTrail event [0-9a-f-]{36}\)/);
  });

  it('it is deleted if the key was used 31 days ago', async () => {
    await use();
    clock.advance(31 * DAY);
    await life.destroy();
    expect(operations().slice(-2)).toEqual(['GetKeyLastUsage', 'DeleteImportedKeyMaterial']);
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('it is deleted if the key was never used', async () => {
    await life.destroy();
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('the message of the refusal has an instant from which the deletion succeeds', async () => {
    await use();
    const { reason } = await refusal(life.destroy());
    const [, instant = ''] = /run it again after (\S+?);/.exec(reason) ?? [];
    clock.set(new Date(instant));
    await life.destroy();
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('material that KMS no longer has is not asked about', async () => {
    await use();
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    kms.clearCalls();
    await life.destroy();
    expect(operations()).not.toContain('GetKeyLastUsage');
  });

  it('none of the calls of an import, a renewal and a refresh is a use', async () => {
    await life.refresh();
    await life.up({ ...program, validFor: '90d' });
    clock.advance(61 * DAY);
    expect(await life.up({ ...program, validFor: '90d' })).toBe('update');
    clock.advance(2 * HOUR);
    await life.destroy();
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('the material of an HMAC key is guarded too', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    const hmac = newLife();
    await hmac.up({ ...program, keyId: KeyMetadata!.KeyId });
    await expect(hmac.destroy()).rejects.toThrowWithCode('USAGE_UNKNOWN');
    clock.advance(2 * HOUR);
    await hmac.destroy();
    expect(operations().slice(-2)).toEqual(['GetKeyLastUsage', 'DeleteImportedKeyMaterial']);
  });

  it('the use of a replica counts for the replica, and not for the primary key', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true }),
    );
    const primary = KeyMetadata!.Arn!;
    const material = bytes();
    const near = newLife();
    await near.up({ keyId: primary, material, ...GUARD });
    await client.send(new ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'us-east-1' }));
    clock.advance(HOUR);
    const far = newLife();
    const replica = primary.replace('eu-west-1', 'us-east-1');
    await far.up({ keyId: replica, material, ...GUARD });
    const farClient = clientOf(kms, 'us-east-1');
    clock.advance(2 * HOUR);
    await use(replica, farClient);
    await expect(far.destroy()).rejects.toThrowWithCode('MATERIAL_IN_USE');
    await near.destroy();
    expect(await statesOf(primary)).toEqual(['PENDING_IMPORT']);
    farClient.destroy();
  });
});

describe('when KMS does not show whether the key was used', () => {
  it('a use before the tracking date is possible: it is refused', async () => {
    const early = new ManualClock(new Date('2026-04-01T00:00:00Z'));
    const other = await startKms({ clock: early, usageLagSeconds: 0 });
    const itsClient = clientOf(other);
    const old = newLife({ kms: other, now: () => early.now() });
    await old.up({ keyId: await createKey(itsClient), material: bytes(), ...GUARD });
    early.set(new Date('2026-05-20T00:00:00Z'));
    await expect(old.destroy()).rejects.toThrowWithCode('USAGE_UNKNOWN');
    // The records cover the time.
    early.set(new Date('2026-05-28T00:00:00Z'));
    await old.destroy();
    expect(other.calls.at(-1)?.operation).toBe('DeleteImportedKeyMaterial');
    itsClient.destroy();
    await other.close();
  });

  it('a use of the last minute is not shown yet of a new key, or of new material: it is refused', async () => {
    const lagging = await startKms({ clock });
    const itsClient = clientOf(lagging);
    const id = await createKey(itsClient);
    clock.advance(DAY);
    const fresh = newLife({ kms: lagging });
    await fresh.up({ keyId: id, material: bytes(), ...GUARD });
    await use(id, itsClient);
    clock.advance(MINUTE);
    await expect(fresh.destroy()).rejects.toThrowWithCode('USAGE_UNKNOWN');
    clock.advance(HOUR);
    await expect(fresh.destroy()).rejects.toThrowWithCode('MATERIAL_IN_USE');
    itsClient.destroy();
    await lagging.close();
  });

  it('the line before the deletion says that an enabled key may have been used in the last hour', async () => {
    await life.destroy();
    expect(life.told.join('\n')).toContain('A use within the last hour');
    const disabled = newLife();
    const id = await createKey(client);
    await disabled.up({ ...program, keyId: id });
    await client.send(new DisableKeyCommand({ KeyId: id }));
    clock.advance(2 * HOUR);
    await disabled.destroy();
    expect(disabled.told.join('\n')).toContain('KMS shows no use');
    expect(disabled.told.join('\n')).not.toContain('the last hour');
  });

  it.each<[string, Fault, string]>([
    [
      'the permission is missing',
      { kind: 'error', type: 'AccessDeniedException', message: 'not authorized' },
      'kms:GetKeyLastUsage',
    ],
    [
      'the endpoint lacks the operation',
      { kind: 'error', type: 'UnknownOperationException' },
      'CloudTrail',
    ],
    ['the endpoint has no such path', { kind: 'status', status: 404 }, 'CloudTrail'],
    ['the answer is no JSON', { kind: 'garbage' }, 'CloudTrail'],
    ['the key is not found', { kind: 'error', type: 'NotFoundException' }, 'NotFoundException'],
    ['KMS fails', { kind: 'error', type: 'KMSInternalException', status: 500 }, 'KMSInternal'],
    ['the connection is cut', { kind: 'cut' }, 'network'],
  ])('it is refused if %s, and says what to do', async (_title, fault, said) => {
    failing(fault);
    const { code, reason } = await refusal(life.destroy());
    expect(code).toBe('USAGE_UNKNOWN');
    expect(reason).toContain(said);
    expect(reason).toContain('to delete it anyway');
    kms.clearFaults();
    await life.destroy();
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('it waits while KMS throttles the call, and is refused at the time limit', async () => {
    failing({ kind: 'throttle' }, 3);
    await life.destroy();
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
    life = newLife();
    await life.up({ ...program, timeouts: { delete: 1 } });
    clock.advance(2 * HOUR);
    kms.clearCalls();
    failing({ kind: 'throttle' }, 1_000_000);
    const { code, reason } = await refusal(life.destroy());
    expect(code).toBe('USAGE_UNKNOWN');
    expect(reason).toContain('five of these calls per second');
  });
});

describe('when staged material of a key in use is replaced or destroyed', () => {
  it('nothing is refused, because KMS has never used it', async () => {
    await use();
    const staged = newLife();
    const next = { ...program, importType: 'NEW_KEY_MATERIAL' };
    await staged.up({ ...next, material: bytes() });
    expect(await staged.up({ ...next, material: bytes() })).toBe('update');
    await staged.destroy();
    expect(await statesOf()).toEqual(['IMPORTED']);
    expect(operations()).not.toContain('GetKeyLastUsage');
  });

  it('a destroy is refused while a rotation makes it permanent', async () => {
    const staged = newLife();
    await staged.up({ ...program, material: bytes(), importType: 'NEW_KEY_MATERIAL' });
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
    await use();
    await expect(staged.destroy()).rejects.toThrowWithCode('MATERIAL_IN_USE');
  });

  it('a destroy is refused if the rotation that made it permanent ends in that moment', async () => {
    const staged = newLife();
    await staged.up({ ...program, material: bytes(), importType: 'NEW_KEY_MATERIAL' });
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
    await use();
    const late = newLife({
      recorded: staged.recorded,
      through: (calls: KmsCalls) => ({
        ...calls,
        isRotating: (...rest) => {
          clock.advance(MINUTE + 1_000);
          return calls.isRotating(...rest);
        },
      }),
    });
    await expect(late.destroy()).rejects.toThrowWithCode('MATERIAL_IN_USE');
    expect(operations()).not.toContain('DeleteImportedKeyMaterial');
  });
});

describe('when guarded material is replaced', () => {
  it('a preview refuses it if the old key is in use, before anything is imported', async () => {
    await use();
    const other = { ...program, keyId: await createKey(client) };
    expect((await refusal(life.preview(other))).code).toBe('MATERIAL_IN_USE');
    expect((await refusal(life.up(other))).code).toBe('MATERIAL_IN_USE');
    expect(operations()).not.toContain('ImportKeyMaterial');
  });

  it('a preview refuses it too if the new key of a list does not exist yet', async () => {
    const listed = { ...program, list: { of: 'root', place: 0 } };
    await life.up(listed);
    await use();
    expect((await refusal(life.preview({ ...listed, keyId: UNKNOWN }))).code).toBe(
      'MATERIAL_IN_USE',
    );
  });

  it('a preview shows it if the key may be another one, and the update decides', async () => {
    await use();
    expect(await life.preview({ ...program, keyId: UNKNOWN })).toBe('replace');
    expect(life.told.join('\n')).toContain('[MATERIAL_IN_USE]');
    expect(await life.up(program)).toBe('same');
  });

  it('a preview refuses it if KMS does not show whether the old key is in use', async () => {
    failing({ kind: 'error', type: 'AccessDeniedException' });
    const other = { ...program, keyId: await createKey(client) };
    expect((await refusal(life.preview(other))).code).toBe('USAGE_UNKNOWN');
  });

  it('a use between the preview and the deletion is refused, and the material stays', async () => {
    const other = { ...program, keyId: await createKey(client) };
    const step = await life.plan(other);
    expect(step).toBe('replace');
    await use();
    await expect(life.apply(step, other)).rejects.toThrowWithCode('MATERIAL_IN_USE');
    expect(await statesOf()).toEqual(['IMPORTED']);
  });

  it('it is replaced if the old key is unused', async () => {
    const other = { ...program, keyId: await createKey(client) };
    expect(await life.up(other)).toBe('replace');
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('material that KMS no longer has is replaced without a question', async () => {
    await life.up({ ...program, validFor: '30d' });
    clock.advance(31 * DAY);
    kms.clearCalls();
    expect(await life.up({ ...program, keyId: await createKey(client) })).toBe('replace');
    expect(operations()).not.toContain('GetKeyLastUsage');
  });

  it('material that another resource has taken over is not asked about', async () => {
    await use();
    await newLife().up(program);
    expect(await life.preview({ ...program, keyId: await createKey(client) })).toBe('replace');
    expect(operations()).not.toContain('GetKeyLastUsage');
  });

  it('a preview that replaces nothing makes no call', async () => {
    expect(await life.preview({ ...program, timeouts: { delete: 9 } })).toBe('update');
    expect(operations()).toEqual([]);
  });
});

describe('when the guard is changed', () => {
  it('a refused replacement says how: first without the guard, then with the other key', async () => {
    await use();
    const { deleteUnlessUsedWithin: _guard, ...open } = program;
    const other = { ...open, keyId: await createKey(client) };
    expect((await refusal(life.up(other))).reason).toContain('declare the resource as it was');
    expect(await life.up(open)).toBe('update');
    expect(await life.up(other)).toBe('replace');
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('the update calls nothing, and the next delete follows it', async () => {
    await use();
    clock.advance(2 * DAY);
    kms.clearCalls();
    expect(await life.up({ ...program, deleteUnlessUsedWithin: '1d' })).toBe('update');
    expect(operations()).toEqual([]);
    await life.destroy();
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('it is the guard in state that counts, until an update removes it', async () => {
    await use();
    const { deleteUnlessUsedWithin: _guard, ...open } = program;
    expect(await life.preview(open)).toBe('update');
    await refusal(life.destroy());
    await life.up(open);
    await life.destroy();
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });

  it('a refresh keeps it', async () => {
    await use();
    await life.refresh();
    expect(life.outs.deleteUnlessUsedWithin).toBe('30d');
    expect((await refusal(life.destroy())).code).toBe('MATERIAL_IN_USE');
  });

  it.each(['30', '0d', '30 days', '1h', '3600s', '-1d', '36501d'])(
    '%s is refused',
    async (text) => {
      await expect(
        newLife().preview({ ...program, deleteUnlessUsedWithin: text }),
      ).rejects.toMatchObject({ codes: ['INPUT_INVALID'] });
    },
  );

  it('a guard in state that nobody can read deletes nothing', async () => {
    life.outs.deleteUnlessUsedWithin = 'soon';
    expect((await refusal(life.destroy())).code).toBe('INPUT_INVALID');
  });
});

describe('when a provider ends between the question and the deletion', () => {
  it('the next destroy asks again', async () => {
    const dying = newLife({
      recorded: life.recorded,
      through: (calls: KmsCalls) => ({
        ...calls,
        deleteKeyMaterial: () => Promise.reject(new Error('killed')),
      }),
    });
    await expect(dying.destroy()).rejects.toThrow();
    expect(operations().at(-1)).toBe('GetKeyLastUsage');
    await use();
    expect((await refusal(life.destroy())).code).toBe('MATERIAL_IN_USE');
    clock.advance(31 * DAY);
    await life.destroy();
    expect(await statesOf()).toEqual(['PENDING_IMPORT']);
  });
});
