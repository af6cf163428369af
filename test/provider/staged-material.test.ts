import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  RotateKeyOnDemandCommand,
  type ImportKeyMaterialCommandInput,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { importByHand as importIntoByHand } from '../support/import-by-hand';
import {
  clientOf,
  createKey,
  materialsOf,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

const START = new Date('2026-06-01T12:00:00Z');
const DAY = 86_400_000;

let clock: ManualClock;
let kms: EmbeddedKms;
let client: KMSClient;
let keyArn: string;
let material: Buffer;
let program: { readonly keyId: string; readonly material: object };
let life: ResourceLife;

const newLife = (): ResourceLife => new ResourceLife({ kms, now: () => clock.now() });
const inline = (bytes: Buffer = randomBytes(32)) => ({ inline: bytes.toString('base64') });
const staged = (source: object = inline()) => ({
  keyId: keyArn,
  material: source,
  importType: 'NEW_KEY_MATERIAL',
});
const calls = (operation: string) => kms.calls.filter((call) => call.operation === operation);
const keyState = async (): Promise<string> =>
  (await client.send(new DescribeKeyCommand({ KeyId: keyArn }))).KeyMetadata!.KeyState!;
const rotate = async (): Promise<void> => {
  await client.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
  clock.advance(61_000);
};

const importByHand = (bytes: Uint8Array, more?: Partial<ImportKeyMaterialCommandInput>) =>
  importIntoByHand(client, keyArn, bytes, more);

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
  material = randomBytes(32);
  program = { keyId: keyArn, material: inline(material) };
  life = newLife();
});

describe('when other material is staged already', () => {
  beforeEach(() => life.up(program));

  it('it is refused, named, and distinguished from material that this package staged', async () => {
    const foreign = await importByHand(randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
    const refused = (await newLife()
      .up(staged())
      .catch((error: unknown) => error)) as Error;
    expect(refused).toMatchObject({ code: 'MATERIAL_PENDING' });
    expect(refused.message).toContain(foreign);
    expect(refused.message).toContain('by something else');

    await client.send(
      new DeleteImportedKeyMaterialCommand({ KeyId: keyArn, KeyMaterialId: foreign }),
    );
    const second = newLife();
    await second.up(staged());
    const third = (await newLife()
      .up(staged())
      .catch((error: unknown) => error)) as Error;
    expect(third).toMatchObject({ code: 'MATERIAL_PENDING' });
    expect(third.message).toContain(second.outs.keyMaterialId);
    expect(third.message).toContain('of this package');
  });

  it('material of our own that was lost before a rotation is staged again', async () => {
    const second = newLife();
    const declared = staged();
    await second.up(declared);
    const { keyMaterialId } = second.outs;
    await client.send(
      new DeleteImportedKeyMaterialCommand({
        KeyId: keyArn,
        KeyMaterialId: keyMaterialId as string,
      }),
    );
    await second.refresh();
    kms.inject({ operation: 'ImportKeyMaterial', times: 6, fault: { kind: 'lose-response' } });
    expect(await second.up(declared)).toBe('update');
    expect(second.outs).toMatchObject({ keyMaterialId, keyMaterialState: 'PENDING_ROTATION' });
    expect(await materialsOf(client, keyArn)).toHaveLength(2);
  });
});

describe('when staged material is replaced by other bytes', () => {
  let second: ResourceLife;
  let before: string;
  let current: string;

  beforeEach(async () => {
    await life.up(program);
    current = life.outs.keyMaterialId as string;
    second = newLife();
    await second.up(staged());
    before = second.outs.keyMaterialId as string;
    kms.clearCalls();
  });

  it('it is deleted by its ID, the current one stays, and a second update changes nothing', async () => {
    const declared = staged();
    expect(await second.up(declared)).toBe('update');
    expect(second.told.at(-1)).toContain('will be deleted');
    expect(calls('DeleteImportedKeyMaterial').map(({ input }) => input)).toEqual([
      { KeyId: keyArn, KeyMaterialId: before },
    ]);
    const held = (await materialsOf(client, keyArn)).map(({ KeyMaterialId }) => KeyMaterialId);
    expect(held).toEqual([current, second.outs.keyMaterialId]);
    expect(await works(client, keyArn)).toBe(true);
    kms.clearCalls();
    expect(await second.up(declared)).toBe('same');
    expect(kms.calls).toHaveLength(0);
  });

  it('it is replaced while the key lacks its current material too', async () => {
    const input = { KeyId: keyArn, KeyMaterialId: current };
    await client.send(new DeleteImportedKeyMaterialCommand(input));
    expect(await second.up(staged())).toBe('update');
    const held = (await materialsOf(client, keyArn)).map(({ KeyMaterialId }) => KeyMaterialId);
    expect(held).toEqual([current, second.outs.keyMaterialId]);
    expect(held).not.toContain(before);
  });

  it('it is replaced also where somebody has deleted it, and it is known no more', async () => {
    const input = { KeyId: keyArn, KeyMaterialId: before };
    await client.send(new DeleteImportedKeyMaterialCommand(input));
    await second.refresh();
    expect(await second.up(staged())).toBe('update');
    const held = (await materialsOf(client, keyArn)).map(({ KeyMaterialId }) => KeyMaterialId);
    expect(held).toEqual([current, second.outs.keyMaterialId]);
  });

  it('a refresh gives the resource the ID of what it holds, and a destroy deletes that', async () => {
    await second.up(staged());
    await second.refresh();
    expect(second.id).toBe(`${keyArn}/${second.outs.keyMaterialId as string}`);
    await second.destroy();
    expect(await materialsOf(client, keyArn)).toHaveLength(1);
    expect(await works(client, keyArn)).toBe(true);
  });

  it.each([
    ['DeleteImportedKeyMaterial', 'lose-response'],
    ['ImportKeyMaterial', 'lose-response'],
    ['ImportKeyMaterial', 'cut'],
    ['GetKeyRotationStatus', 'cut'],
  ] as const)('cut short at %s (%s), the next update completes it', async (operation, kind) => {
    const declared = staged();
    kms.inject({ operation, times: 100, fault: { kind } });
    await second.up(declared).catch(() => undefined);
    kms.clearFaults();
    await second.up(declared);
    const held = (await materialsOf(client, keyArn)).map(({ KeyMaterialId }) => KeyMaterialId);
    expect(held).toEqual([current, second.outs.keyMaterialId]);
    expect(held).not.toContain(before);
    expect(await second.up(declared)).toBe('same');
  });

  it('material that has become current since is kept, and the update says so', async () => {
    await rotate();
    await expect(second.up(staged())).rejects.toThrowWithCode('MATERIAL_DIFFERS');
    await second.refresh();
    await expect(second.preview(staged())).rejects.toThrowWithCode('MATERIAL_DIFFERS');
    expect(calls('DeleteImportedKeyMaterial')).toEqual([]);
    expect(await works(client, keyArn)).toBe(true);
  });

  it('material to which the key is being rotated is kept', async () => {
    await client.send(new RotateKeyOnDemandCommand({ KeyId: keyArn }));
    await expect(second.up(staged())).rejects.toThrowWithCode('KEY_NOT_READY');
    expect(calls('DeleteImportedKeyMaterial')).toEqual([]);
  });

  it('material that becomes current while its replacement is prepared is kept', async () => {
    const late = new ResourceLife({
      kms,
      now: () => clock.now(),
      recorded: second.recorded,
      through: (to) => ({
        ...to,
        getImportParameters: async (...rest) => {
          await rotate();
          return to.getImportParameters(...rest);
        },
      }),
    });
    await expect(late.up(staged())).rejects.toThrowWithCode('KEY_NOT_READY');
    expect(calls('DeleteImportedKeyMaterial')).toEqual([]);
    expect(await works(client, keyArn)).toBe(true);
  });

  it('without importType other bytes fail the preview as ever', async () => {
    const other = { keyId: keyArn, material: inline() };
    await expect(second.preview(other)).rejects.toThrow('MATERIAL_DIFFERS');
  });
});

describe('when one of several materials is lost', () => {
  let second: ResourceLife;
  let later: ReturnType<typeof staged>;

  beforeEach(async () => {
    await life.up(program);
    second = newLife();
    later = staged();
    await second.up(later);
    await rotate();
  });

  it('a refresh says which, the preview says why, and only that one is imported again', async () => {
    const lost = life.outs.keyMaterialId as string;
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyArn, KeyMaterialId: lost }));
    await second.refresh();
    expect(second.outs).toMatchObject({
      importState: 'IMPORTED',
      keyState: 'PendingImport',
      missingKeyMaterialIds: [lost],
    });
    expect(second.told.at(-1)).toContain(lost);
    expect(await second.up(later)).toBe('same');
    await life.refresh();
    expect(await life.preview(program)).toBe('update');
    expect(life.told.at(-1)).toContain(`${lost} is no longer in KMS`);
    await life.up(program);
    expect(life.outs).not.toHaveProperty('missingKeyMaterialIds');
    expect(await works(client, keyArn)).toBe(true);
  });

  it('healing one of two says that the other is missing', async () => {
    for (const { KeyMaterialId } of await materialsOf(client, keyArn)) {
      await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyArn, KeyMaterialId }));
    }
    await life.refresh();
    await second.refresh();
    await life.up(program);
    expect(life.outs).toMatchObject({
      importState: 'IMPORTED',
      missingKeyMaterialIds: [second.outs.keyMaterialId],
    });
    expect(life.told.at(-1)).toContain(second.outs.keyMaterialId);
    await second.up(later);
    expect(second.outs).not.toHaveProperty('missingKeyMaterialIds');
    expect(await works(client, keyArn)).toBe(true);
  });

  it('an expiry that has passed is given as the reason', async () => {
    const rolling = { ...program, validTo: '2026-06-10T00:00:00Z' };
    await life.up(rolling);
    clock.advance(10 * DAY);
    await life.preview({ ...program, validTo: '2026-07-10T00:00:00Z' });
    expect(life.told.at(-1)).toContain('expired at 2026-06-10T00:00:00Z');
  });
});

describe('when the key is disabled', () => {
  const rolling = () => ({ ...program, validFor: '30d', renewBefore: '10d' });

  beforeEach(async () => {
    await life.up(rolling());
    await client.send(new DisableKeyCommand({ KeyId: keyArn }));
  });

  it('a renewal leaves it disabled', async () => {
    clock.advance(21 * DAY);
    expect(await life.up(rolling())).toBe('update');
    expect(life.outs).toMatchObject({ keyState: 'Disabled', wasDisabled: true });
    expect(await keyState()).toBe('Disabled');
  });

  it('a key that an import enables is disabled again', async () => {
    await life.refresh();
    clock.advance(31 * DAY);
    expect(await keyState()).toBe('PendingImport');
    await life.refresh();
    expect(life.outs).toMatchObject({ importState: 'PENDING_IMPORT', wasDisabled: true });
    await life.up(rolling());
    expect(await keyState()).toBe('Disabled');
    expect(life.outs).toMatchObject({ importState: 'IMPORTED', keyState: 'Disabled' });
    expect(life.told.at(-1)).toContain('disabled again');
    expect(await life.up(rolling())).toBe('same');
  });

  it('a key that cannot be disabled again is reported, and the import is recorded', async () => {
    await life.refresh();
    clock.advance(31 * DAY);
    await life.refresh();
    kms.inject({
      operation: 'DisableKey',
      fault: { kind: 'error', type: 'AccessDeniedException' },
    });
    await expect(life.up(rolling())).rejects.toThrowWithCode('KEY_LEFT_ENABLED');
    kms.clearCalls();
    await life.up(rolling());
    expect(calls('ImportKeyMaterial')).toEqual([]);
    expect(life.outs).toMatchObject({ importState: 'IMPORTED', keyState: 'Enabled' });
  });

  it('a key that was enabled again by its owner stays enabled', async () => {
    await life.refresh();
    await client.send(new EnableKeyCommand({ KeyId: keyArn }));
    clock.advance(21 * DAY);
    await life.up(rolling());
    expect(await keyState()).toBe('Enabled');
    expect(life.outs).not.toHaveProperty('wasDisabled');
  });
});

describe('when KMS holds a longer expiry than a rolling one', () => {
  const rolling = (validFor = '30d') => ({ ...program, validFor, renewBefore: '10d' });
  const extend = (): Promise<string> =>
    importByHand(material, {
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: new Date('2026-12-01T00:00:00Z'),
      ImportType: 'EXISTING_KEY_MATERIAL',
    });

  it('a renewal does not cut it short', async () => {
    await life.up(rolling());
    await extend();
    clock.advance(21 * DAY);
    kms.clearCalls();
    expect(await life.up(rolling())).toBe('update');
    expect(life.told.at(-1)).toContain('will be renewed');
    expect(calls('ImportKeyMaterial')).toEqual([]);
    expect(life.outs.validTo).toBe('2026-12-01T00:00:00Z');
  });

  it('a preview says so before it is cut', async () => {
    await life.up(rolling());
    await extend();
    await life.refresh();
    expect(await life.preview(rolling())).toBe('update');
    expect(life.told.at(-1)).toContain('expire earlier');
    await life.up(rolling());
    expect(life.outs.validTo).toBe('2026-07-01T12:00:00Z');
    expect(await life.up(rolling())).toBe('same');
  });

  it('a clock that is behind is no reason to cut it', async () => {
    await life.up(rolling());
    clock.set(new Date(START.getTime() - DAY));
    expect(await life.up(rolling())).toBe('same');
    expect(await life.preview(rolling('20d'))).toBe('update');
  });
});

describe('when material is there before the resource is', () => {
  const expiring = {
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo: new Date('2026-06-20T00:00:00Z'),
  } as const;

  it('its expiry stays where it is as declared, also if something else imported it', async () => {
    const id = await importByHand(material, expiring);
    await life.up({ ...program, validFor: '30d', renewBefore: '5d' });
    expect(life.outs).toMatchObject({ keyMaterialId: id, validTo: '2026-06-20T00:00:00Z' });
    expect(await life.up({ ...program, validFor: '30d', renewBefore: '5d' })).toBe('same');
  });

  it('its expiry changes where another is declared', async () => {
    await importByHand(material, expiring);
    await life.up({ ...program, validTo: '2026-08-01T00:00:00Z' });
    expect(life.outs.validTo).toBe('2026-08-01T00:00:00Z');
  });

  it('a key that names no material keeps its expiry too', async () => {
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        KeySpec: 'HMAC_256',
        KeyUsage: 'GENERATE_VERIFY_MAC',
      }),
    );
    const hmac = { ...program, keyId: KeyMetadata!.Arn!, validFor: '30d', renewBefore: '5d' };
    await life.up(hmac);
    clock.advance(5 * DAY);
    const again = newLife();
    await again.up(hmac);
    expect(again.outs.validTo).toBe('2026-07-01T12:00:00Z');
  });

  it('other material is refused, and what is there is named', async () => {
    const id = await importByHand(randomBytes(32));
    const refused = (await life.up(program).catch((error: unknown) => error)) as Error;
    expect(refused).toMatchObject({ code: 'MATERIAL_REFUSED' });
    expect(refused.message).toContain(`${id} (CURRENT)`);
    expect(await works(client, keyArn)).toBe(true);
    expect(await materialsOf(client, keyArn)).toHaveLength(1);
  });
});
