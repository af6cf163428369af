import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey, works } from '../../packages/embedded-kms/test/support/kms-key';
import { CheckFailed, ResourceLife } from '../support/resource-life';

const START = new Date('2026-06-01T12:00:00Z');
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;
let keyArn: string;
let first: string;

const newMaterial = (): object => ({ inline: randomBytes(32).toString('base64') });
const importing = async (program: Record<string, unknown>, region?: string): Promise<string> => {
  const life = new ResourceLife({
    kms,
    now: () => clock.now(),
    ...(region === undefined ? {} : { region }),
  });
  await life.up(program);
  return life.outs.keyMaterialId as string;
};
const stage = (keyId = keyArn): Promise<string> =>
  importing({ keyId, material: newMaterial(), importType: 'NEW_KEY_MATERIAL' });
const newRotation = (config: Record<string, string> = {}): ResourceLife =>
  new ResourceLife({
    kms,
    now: () => clock.now(),
    config,
    resource: 'OnDemandRotation',
    onWait: (milliseconds) => {
      clock.advance(milliseconds);
    },
  });
const calls = (operation: string): number =>
  kms.calls.filter((call) => call.operation === operation).length;
const rotationsOf = async (keyId: string) =>
  (await client.send(new ListKeyRotationsCommand({ KeyId: keyId }))).Rotations!;

beforeAll(async () => {
  clock = new ManualClock(START);
  kms = await startKms({ clock });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

beforeEach(async () => {
  clock.set(START);
  kms.clearFaults();
  keyArn = await createKey(client);
  first = await importing({ keyId: keyArn, material: newMaterial() });
  kms.clearCalls();
});

describe('when a key is rotated to staged material', () => {
  it('it waits until the material is current, and says what is left', async () => {
    const keyMaterialId = await stage();
    const rotation = newRotation();
    expect(await rotation.up({ keyId: keyArn, keyMaterialId })).toBe('create');
    expect(rotation.id).toBe(keyArn);
    expect(rotation.outs).toEqual({
      keyId: keyArn,
      keyMaterialId,
      keyArn,
      currentKeyMaterialId: keyMaterialId,
      keyMaterialState: 'CURRENT',
      rotationsUsed: 1,
      rotationsRemaining: 24,
      schemaVersion: 1,
    });
    expect(await works(client, keyArn)).toBe(true);
    expect(calls('RotateKeyOnDemand')).toBe(1);
    expect(rotation.told).toEqual([expect.stringContaining('about a minute')]);
  });

  it('a second update changes nothing and calls nothing', async () => {
    const program = { keyId: keyArn, keyMaterialId: await stage() };
    const rotation = newRotation();
    await rotation.up(program);
    kms.clearCalls();
    expect(await rotation.up(program)).toBe('same');
    expect(kms.calls).toHaveLength(0);
  });

  it('material that is current already is a success without a rotation', async () => {
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId: first });
    expect(rotation.outs).toMatchObject({ keyMaterialState: 'CURRENT', rotationsRemaining: 25 });
    expect(calls('RotateKeyOnDemand')).toBe(0);
  });

  it('material that was rotated to and followed by other material is a success', async () => {
    const [second, third] = [newRotation(), newRotation()];
    const keyMaterialId = await stage();
    await second.up({ keyId: keyArn, keyMaterialId });
    await third.up({ keyId: keyArn, keyMaterialId: await stage() });
    const again = newRotation();
    await again.up({ keyId: keyArn, keyMaterialId });
    expect(again.outs).toMatchObject({ keyMaterialState: 'NON_CURRENT', rotationsUsed: 2 });
    expect(again.outs.currentKeyMaterialId).toBe(third.outs.currentKeyMaterialId);
    expect(calls('RotateKeyOnDemand')).toBe(2);
  });

  it('another keyMaterialId rotates again, as an update', async () => {
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId: await stage() });
    const keyMaterialId = await stage();
    expect(await rotation.up({ keyId: keyArn.split('/')[1], keyMaterialId })).toBe('update');
    expect(rotation.outs).toMatchObject({
      keyId: keyArn.split('/')[1],
      currentKeyMaterialId: keyMaterialId,
      rotationsRemaining: 23,
    });
  });

  it('the key ID in place of the ARN, a connection and timeouts are recorded without a call', async () => {
    const keyMaterialId = await stage();
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId });
    kms.clearCalls();
    const step = await rotation.up({
      keyId: keyArn.split('/')[1],
      keyMaterialId,
      connection: { region: 'eu-west-1' },
      timeouts: { create: 60 },
    });
    expect(step).toBe('update');
    expect(kms.calls).toHaveLength(0);
    expect(rotation.outs).toMatchObject({ timeouts: { create: 60 }, rotationsUsed: 1 });
  });

  it('another key, or another Region, is another rotation', async () => {
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId: await stage() });
    const other = await createKey(client);
    const current = await importing({ keyId: other, material: newMaterial() });
    expect(await rotation.up({ keyId: other, keyMaterialId: current })).toBe('replace');
    expect(rotation.id).toBe(other);
    const elsewhere = { keyId: other.replace('eu-west-1', 'eu-north-1'), keyMaterialId: current };
    expect(await rotation.preview(elsewhere)).toBe('replace');
  });

  it('a key or a material that is not known yet is a change', async () => {
    const keyMaterialId = await stage();
    const rotation = newRotation();
    await rotation.preview({ keyId: UNKNOWN, keyMaterialId: UNKNOWN });
    await rotation.up({ keyId: keyArn, keyMaterialId });
    expect(await rotation.preview({ keyId: UNKNOWN, keyMaterialId })).toBe('replace');
    expect(await rotation.preview({ keyId: keyArn, keyMaterialId: UNKNOWN })).toBe('update');
  });
});

describe('when a rotation was interrupted', () => {
  it('one that is in progress is waited for and not begun again', async () => {
    const keyMaterialId = await stage();
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
    kms.clearCalls();
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId });
    expect(calls('RotateKeyOnDemand')).toBe(0);
    expect(rotation.outs).toMatchObject({ keyMaterialState: 'CURRENT', rotationsUsed: 1 });
  });

  it.each(['DescribeKey', 'ListKeyRotations', 'GetKeyRotationStatus', 'RotateKeyOnDemand'])(
    'a lost response of %s rotates once',
    async (operation) => {
      const keyMaterialId = await stage();
      kms.inject({ operation, fault: { kind: 'lose-response' } });
      kms.clearCalls();
      const rotation = newRotation();
      await rotation.up({ keyId: keyArn, keyMaterialId });
      expect(rotation.outs).toMatchObject({ keyMaterialState: 'CURRENT', rotationsUsed: 1 });
      expect(calls('RotateKeyOnDemand')).toBe(1);
      expect(await rotationsOf(keyArn)).toHaveLength(1);
    },
  );

  it.each([
    ['throttled', { kind: 'throttle' }],
    ['cut off before its effect', { kind: 'cut' }],
    ['answered by an internal error', { kind: 'error', type: 'KMSInternalException', status: 500 }],
    ['in conflict with another', { kind: 'error', type: 'ConflictException' }],
    [
      'cut short by a dependency of KMS',
      { kind: 'error', type: 'DependencyTimeoutException', status: 503 },
    ],
  ] as const)(
    'a request that is %s is made again after a look at the key',
    async (_what, fault) => {
      const keyMaterialId = await stage();
      kms.inject({ operation: 'RotateKeyOnDemand', times: 2, fault });
      kms.clearCalls();
      const rotation = newRotation();
      await rotation.up({ keyId: keyArn, keyMaterialId });
      expect(calls('RotateKeyOnDemand')).toBe(3);
      expect(calls('GetKeyRotationStatus')).toBe(3);
      expect(rotation.outs).toMatchObject({ rotationsUsed: 1 });
    },
  );

  it('throttling that does not end is reported, and the next update rotates', async () => {
    const program = { keyId: keyArn, keyMaterialId: await stage() };
    kms.inject({ operation: 'RotateKeyOnDemand', times: 6, fault: { kind: 'throttle' } });
    const rotation = newRotation();
    await expect(rotation.up(program)).rejects.toThrowWithCode('KMS_THROTTLED');
    expect(await rotation.up(program)).toBe('create');
  });

  it('a definite refusal is reported at once', async () => {
    const keyMaterialId = await stage();
    const fault = { kind: 'error', type: 'AccessDeniedException' } as const;
    kms.inject({ operation: 'RotateKeyOnDemand', fault });
    kms.clearCalls();
    await expect(newRotation().up({ keyId: keyArn, keyMaterialId })).rejects.toThrowWithCode(
      'KMS_ACCESS_DENIED',
    );
    expect(calls('RotateKeyOnDemand')).toBe(1);
  });

  it('the time limit ends the wait, and the next update goes on waiting', async () => {
    const program = { keyId: keyArn, keyMaterialId: await stage() };
    const rotation = new ResourceLife({ kms, resource: 'OnDemandRotation' });
    await expect(rotation.up(program)).rejects.toThrowWithCode('TIMEOUT');
    kms.clearCalls();
    clock.advance(61_000);
    expect(await rotation.up(program)).toBe('create');
    expect(calls('RotateKeyOnDemand')).toBe(0);
  });

  it('an update that was interrupted is continued by the next', async () => {
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId: await stage() });
    const program = { keyId: keyArn, keyMaterialId: await stage() };
    kms.inject({
      operation: 'RotateKeyOnDemand',
      fault: { kind: 'error', type: 'AccessDeniedException' },
    });
    await expect(rotation.up(program)).rejects.toThrowWithCode('KMS_ACCESS_DENIED');
    expect(await rotation.up(program)).toBe('update');
    expect(await rotation.up(program)).toBe('same');
    expect(await rotationsOf(keyArn)).toHaveLength(2);
  });
});

describe('when KMS cannot rotate to the material', () => {
  const refuses = async (
    program: Record<string, unknown>,
    code: Parameters<jest.Matchers<void>['toThrowWithCode']>[0],
  ): Promise<void> => {
    kms.clearCalls();
    await expect(newRotation().up(program)).rejects.toThrowWithCode(code);
    expect(calls('RotateKeyOnDemand')).toBe(0);
  };

  it('material that the key does not know is refused', async () => {
    await refuses({ keyId: keyArn, keyMaterialId: 'a'.repeat(64) }, 'ROTATION_MATERIAL');
  });

  it('a key of another origin is refused', async () => {
    const keyId = await createKey(client, 'AWS_KMS');
    await refuses({ keyId, keyMaterialId: 'a'.repeat(64) }, 'KEY_ORIGIN');
  });

  it('a key of another spec is refused', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    await refuses({ keyId: KeyMetadata!.Arn, keyMaterialId: 'a'.repeat(64) }, 'SYMMETRIC_ONLY');
  });

  it('a disabled key is refused, and rotates once it is enabled', async () => {
    const program = { keyId: keyArn, keyMaterialId: await stage() };
    await client.send(new DisableKeyCommand({ KeyId: keyArn }));
    await refuses(program, 'KEY_DISABLED');
    await client.send(new EnableKeyCommand({ KeyId: keyArn }));
    await newRotation().up(program);
  });

  it('a key that lacks earlier material is refused', async () => {
    const keyMaterialId = await stage();
    await client.send(
      new DeleteImportedKeyMaterialCommand({ KeyId: keyArn, KeyMaterialId: first }),
    );
    await refuses({ keyId: keyArn, keyMaterialId }, 'KEY_INCOMPLETE');
  });

  it('a key that is pending deletion is refused', async () => {
    const keyMaterialId = await stage();
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn }));
    await refuses({ keyId: keyArn, keyMaterialId }, 'KEY_PENDING_DELETION');
  });

  it('a way back to older material is refused', async () => {
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId: await stage() });
    await expect(rotation.up({ keyId: keyArn, keyMaterialId: first })).rejects.toThrowWithCode(
      'ROTATION_BACKWARDS',
    );
  });
});

describe('when the rotations of a key are used up', () => {
  it('the preview refuses one more, and what was made stays as it is', async () => {
    const rotation = newRotation();
    for (let count = 0; count < 25; count += 1) {
      await rotation.up({ keyId: keyArn, keyMaterialId: await stage() });
    }
    expect(rotation.outs).toMatchObject({ rotationsUsed: 25, rotationsRemaining: 0 });
    const { currentKeyMaterialId } = rotation.outs;
    kms.clearCalls();

    // By one resource whose input changes.
    await expect(
      rotation.preview({ keyId: keyArn, keyMaterialId: 'b'.repeat(64) }),
    ).rejects.toThrowWithCode('ROTATION_LIMIT');
    expect(await rotation.preview({ keyId: keyArn, keyMaterialId: currentKeyMaterialId })).toBe(
      'same',
    );

    // By a further resource that names the one before.
    const after = { currentKeyMaterialId, rotationsRemaining: 0 };
    for (const keyMaterialId of [UNKNOWN, 'b'.repeat(64)]) {
      const failed = (await newRotation()
        .preview({ keyId: keyArn, keyMaterialId, after })
        .catch((error: unknown) => error)) as CheckFailed;
      expect(failed.codes).toEqual(['ROTATION_LIMIT']);
    }
    expect(kms.calls).toHaveLength(0);

    // A rotation that was made although it is not in state.
    expect(
      await newRotation().up({ keyId: keyArn, keyMaterialId: currentKeyMaterialId, after }),
    ).toBe('create');

    // Staging material that can never be used is refused, too.
    await expect(stage()).rejects.toThrowWithCode('ROTATION_LIMIT');
  });

  it('what the rotation before says later is no change', async () => {
    const program = { keyId: keyArn, keyMaterialId: await stage() };
    const rotation = newRotation();
    const before = { currentKeyMaterialId: first, rotationsRemaining: 25 };
    await rotation.up({ ...program, after: before });
    const later = { currentKeyMaterialId: 'c'.repeat(64), rotationsRemaining: 0 };
    expect(await rotation.up({ ...program, after: later })).toBe('same');
  });

  it('a rotation that KMS refuses for its own count is refused as such', async () => {
    const keyMaterialId = await stage();
    kms.inject({
      operation: 'RotateKeyOnDemand',
      fault: { kind: 'error', type: 'LimitExceededException' },
    });
    await expect(newRotation().up({ keyId: keyArn, keyMaterialId })).rejects.toThrowWithCode(
      'ROTATION_LIMIT',
    );
  });
});

describe('when the key is a multi-Region key', () => {
  let primary: string;
  let replica: string;
  let staged: { readonly inline: string };
  let keyMaterialId: string;

  beforeEach(async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true }),
    );
    primary = KeyMetadata!.Arn!;
    const material = newMaterial();
    await importing({ keyId: primary, material });
    const { ReplicaKeyMetadata } = await client.send(
      new ReplicateKeyCommand({ KeyId: primary, ReplicaRegion: 'eu-north-1' }),
    );
    replica = ReplicaKeyMetadata!.Arn!;
    clock.advance(60_000);
    await importing({ keyId: replica, material });
    staged = { inline: randomBytes(32).toString('base64') };
    keyMaterialId = await importing({
      keyId: primary,
      material: staged,
      importType: 'NEW_KEY_MATERIAL',
    });
  });

  it('it rotates once every Region has the material, for all of them', async () => {
    await importing({ keyId: replica, material: staged });
    const rotation = newRotation();
    await rotation.up({ keyId: primary, keyMaterialId });
    expect(rotation.outs).toMatchObject({ keyMaterialState: 'CURRENT', rotationsUsed: 1 });
    const elsewhere = newRotation();
    await elsewhere.up({ keyId: replica, keyMaterialId });
    expect(elsewhere.outs).toMatchObject({ keyMaterialState: 'CURRENT', keyArn: replica });
    expect(calls('RotateKeyOnDemand')).toBe(1);
  });

  it('it waits for a Region that lacks the material', async () => {
    let imported: Promise<unknown> | undefined;
    const rotation = new ResourceLife({
      kms,
      now: () => clock.now(),
      resource: 'OnDemandRotation',
      onWait: (milliseconds) => {
        clock.advance(milliseconds);
        imported ??= importing({ keyId: replica, material: staged });
      },
    });
    await rotation.up({ keyId: primary, keyMaterialId });
    await imported;
    expect(rotation.outs).toMatchObject({ keyMaterialState: 'CURRENT' });
    expect(rotation.told[0]).toContain('every Region');
  });

  it('the Regions that lack it are named when the time is up', async () => {
    const rotation = newRotation();
    const failed = (await rotation
      .up({ keyId: primary, keyMaterialId })
      .catch((error: unknown) => error)) as Error;
    expect(failed).toMatchObject({ code: 'ROTATION_REGIONS' });
    expect(failed.message).toContain('eu-north-1');
    expect(calls('RotateKeyOnDemand')).toBe(0);
    await importing({ keyId: replica, material: staged });
    expect(await rotation.up({ keyId: primary, keyMaterialId })).toBe('create');
  });

  it('a replica is refused, and the primary is named', async () => {
    await importing({ keyId: replica, material: staged });
    const failed = (await newRotation()
      .up({ keyId: replica, keyMaterialId })
      .catch((error: unknown) => error)) as Error;
    expect(failed).toMatchObject({ code: 'ROTATION_ON_REPLICA' });
    expect(failed.message).toContain(primary);
  });
});

describe('when a rotation is refreshed or removed', () => {
  it('later rotations show, and are no change', async () => {
    const program = { keyId: keyArn, keyMaterialId: await stage() };
    const rotation = newRotation();
    await rotation.up(program);
    const later = newRotation();
    await later.up({ keyId: keyArn, keyMaterialId: await stage() });
    await rotation.refresh();
    expect(rotation.outs).toMatchObject({
      keyMaterialState: 'NON_CURRENT',
      currentKeyMaterialId: later.outs.keyMaterialId,
      rotationsRemaining: 23,
    });
    expect(await rotation.up(program)).toBe('same');
  });

  it('a rotation whose key is gone leaves the state', async () => {
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId: await stage() });
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn, PendingWindowInDays: 7 }));
    clock.advance(8 * 86_400_000);
    await rotation.refresh();
    expect(rotation.id).toBeUndefined();
  });

  it('its removal calls nothing', async () => {
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId: await stage() });
    kms.clearCalls();
    await rotation.destroy();
    expect(kms.calls).toHaveLength(0);
    expect(await works(client, keyArn)).toBe(true);
  });

  it('the ARN of a key is enough to read its rotations', async () => {
    const rotation = newRotation();
    await rotation.up({ keyId: keyArn, keyMaterialId: await stage() });
    const { id, props } = await rotation.provider.read(keyArn, {});
    expect(id).toBe(keyArn);
    expect(props).toMatchObject({ rotationsUsed: 1, keyArn });
  });

  it('a key that never had material has no rotation to import', async () => {
    const empty = await createKey(client);
    expect(await newRotation().provider.read(empty, {})).toEqual({});
  });
});

describe('when the inputs of a rotation are wrong', () => {
  const id = 'a'.repeat(64);
  it.each([
    [{ keyMaterialId: id }, 'INPUT_INVALID'],
    [{ keyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }, 'INPUT_INVALID'],
    [{ keyId: 'alias/a', keyMaterialId: id }, 'INPUT_INVALID'],
    [{ keyId: '1234abcd-12ab-34cd-56ef-1234567890ab', keyMaterialId: 'A' }, 'INPUT_INVALID'],
    [{ keyid: 'x', keyMaterialId: id }, 'UNKNOWN_INPUT'],
    [
      {
        keyId: 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
        keyMaterialId: id,
        connection: { region: 'eu-north-1' },
      },
      'REGION_MISMATCH',
    ],
  ])('%j is refused at preview', async (program, code) => {
    const failed = (await newRotation()
      .preview(program)
      .catch((error: unknown) => error)) as CheckFailed;
    expect(failed).toBeInstanceOf(CheckFailed);
    expect(failed.codes).toEqual([code]);
    expect(kms.calls).toHaveLength(0);
  });

  it('the message names the form of a KeyMaterialId', async () => {
    const program = { keyId: '1234abcd-12ab-34cd-56ef-1234567890ab', keyMaterialId: 'A' };
    await expect(newRotation().preview(program)).rejects.toThrow(
      'keyMaterialId must be a KeyMaterialId, 64 hex digits',
    );
  });

  it('state of a later version is not touched', async () => {
    await expect(
      newRotation().provider.update('id', { schemaVersion: 99 }, {}),
    ).rejects.toThrowWithCode('STATE_TOO_NEW');
  });
});
