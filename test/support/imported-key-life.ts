import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { ManualClock, startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram, REGION } from './aws-program';
import { searchMaterial } from 'pulumi-offline-engine';
import { contentsBelow } from './files';
import { clientOf, materialsOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { ENGINE } from './pulumi-cli';

const FAR = 'us-east-1';

/** Operations that both engines have. */
export interface Engine {
  up(): Promise<Run>;
  preview(): Promise<Run>;
  refresh(): Promise<Run>;
  destroy(): Promise<Run>;
  outputs(): Promise<Record<string, unknown>>;
}
interface Run {
  readonly ok: boolean;
  readonly summary: Readonly<Record<string, number | undefined>>;
  readonly text: string;
}

/** The offline engine. */
export async function offline(project: AwsProgram): Promise<Engine> {
  const stack = project.offline();
  let outputs: Record<string, unknown> = {};
  const run = async (operation: 'up' | 'preview' | 'refresh' | 'destroy'): Promise<Run> => {
    const report = await stack[operation]();
    outputs = report.outputs;
    return { ok: report.ok, summary: report.summary, text: report.lines.join('\n') };
  };
  return Promise.resolve({
    up: () => run('up'),
    preview: () => run('preview'),
    refresh: () => run('refresh'),
    destroy: () => run('destroy'),
    outputs: () => Promise.resolve(outputs),
  });
}

/** The real engine. */
async function real(project: AwsProgram): Promise<Engine> {
  const stack = await project.real();
  const run = async (operation: 'up' | 'preview' | 'refresh' | 'destroy'): Promise<Run> => {
    const { ok, summary, output } = await stack[operation]();
    return { ok, summary, text: output };
  };
  return {
    up: () => run('up'),
    preview: () => run('preview'),
    refresh: () => run('refresh'),
    destroy: () => run('destroy'),
    outputs: () => stack.outputs(),
  };
}

/** The real engine if there is one, and otherwise the offline engine. Both give the same results. */
export const available = ENGINE === undefined ? offline : real;

/** Arguments and options of the ImportedKey in a test program, as source text. */
interface Program {
  readonly files: readonly string[];
  /** The other arguments of the key. */
  readonly args?: string;
  /** The rest of the program. */
  readonly more?: string;
  readonly opts?: string;
}

/** Each change of the list of two materials, and the resulting list. */
const LOSSES: readonly [string, readonly string[]][] = [
  ['removing an earlier material', ['2']],
  ['reordering', ['2', '1']],
  ['removing the current material', ['1']],
  ['putting one in front', ['3', '1', '2']],
];

/** The life of one key from its creation to its end, step by step, as tests. */
export function life(): void {
  const near = {} as { client: ReturnType<typeof clientOf> };
  const far = {} as { client: ReturnType<typeof clientOf> };
  const material = [randomBytes(32), randomBytes(32), randomBytes(32)];
  let clock: ManualClock;
  let kms: EmbeddedKms;
  let project: AwsProgram;
  let engine: Engine;

  beforeAll(async () => {
    clock = new ManualClock();
    kms = await startKms({ clock, replicationSeconds: 0, rotationSeconds: 0 });
    near.client = clientOf(kms, REGION);
    far.client = clientOf(kms, FAR);
    project = new AwsProgram(kms, clock);
    engine = await available(project);
    material.forEach((bytes, index) => project.write(`${index + 1}.bin`, bytes));
  });

  afterAll(async () => {
    near.client.destroy();
    far.client.destroy();
    project.remove();
    await kms.close();
  });

  const expiring = `validFor: '90d', renewBefore: '30d',`;
  const everywhere = `${expiring} replicas: [{ region: '${FAR}' }], `;
  const alarm = `alarm: { daysBefore: 14 }, expirationEventTargets: ['arn:aws:sns:x'],`;
  const write = ({ files, args = `multiRegion: true, ${expiring}`, more = '', opts }: Program) => {
    const materials = files.map((file) => `{ file: '${file}.bin' }`).join(', ');
    project.program(`
      const key = new byok.ImportedKey('root', {
        materials: [${materials}], alias: 'app/root', deletionWindowInDays: 7, ${args}
      }, ${opts ?? '{}'});
      for (const name of ['keyId', 'keyArns', 'currentKeyMaterialId', 'rotationsRemaining']) exports[name] = key[name];
      exports.expiry = key.earliestExpiry.apply((instant) => instant ?? 'never');
      ${more}
    `);
  };
  const must = async (operation: 'up' | 'preview' | 'refresh' | 'destroy'): Promise<Run> => {
    kms.clearCalls();
    const run = await engine[operation]();
    if (!run.ok) throw new Error(run.text);
    return run;
  };
  const calls = (): string[] => kms.calls.map(({ operation }) => operation);
  const changes = ({ summary }: Run): number =>
    Object.entries(summary).reduce((sum, [name, n]) => (name === 'same' ? sum : sum + (n ?? 0)), 0);
  const materialsIn = async ({ client }: typeof near, id: string) => {
    const materials = await materialsOf(client, id);
    return materials.map(({ KeyMaterialState, ImportState }) => [KeyMaterialState, ImportState]);
  };
  const stateIn = async ({ client }: typeof near, KeyId: string) =>
    (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
  let keyId = '';
  let first: Uint8Array | undefined;
  const decryptsTheFirst = async ({ client } = near): Promise<boolean> => {
    const { Plaintext } = await client.send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: first }),
    );
    return Buffer.from(Plaintext ?? []).toString() === 'first';
  };

  const metadataIn = async ({ client }: typeof near) =>
    (await client.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata;
  const currentIn = async ({ client }: typeof near) => {
    const materials = await materialsOf(client, keyId);
    return materials.find(({ KeyMaterialState }) => KeyMaterialState === 'CURRENT')?.KeyMaterialId;
  };
  const importsAndRotations = (): string[] =>
    kms.calls
      .filter(({ operation }) => /^(Import|Rotate)/.test(operation))
      .map(({ operation, region }) => `${operation} ${region}`);

  it('a key is created with its material and alias, and the next update changes nothing', async () => {
    write({ files: ['1'] });
    expect((await must('preview')).text).toContain('ImportedKeyMaterial');
    expect(calls()).toEqual([]);
    expect((await must('up')).summary.create).toBe(6);
    const outputs = await engine.outputs();
    ({ keyId } = outputs as { keyId: string });
    expect(await works(near.client, keyId)).toBe(true);
    expect(outputs).toMatchObject({
      rotationsRemaining: 25,
      currentKeyMaterialId: await currentIn(near),
    });
    const { ValidTo } = (await metadataIn(near)) ?? {};
    expect(Date.parse(outputs.expiry as string)).toBe(ValidTo?.getTime());
    const { Aliases = [] } = await near.client.send(new ListAliasesCommand({ KeyId: keyId }));
    expect(Aliases.map(({ AliasName }) => AliasName)).toEqual(['alias/app/root']);
    const encrypted = await near.client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('first') }),
    );
    first = encrypted.CiphertextBlob;
    expect(changes(await must('up'))).toBe(0);
  });

  it('a refresh records the expiry, and nothing is changed by the aws provider', async () => {
    await must('refresh');
    const update = await must('up');
    expect(changes(update)).toBe(0);
    expect(calls()).not.toContain('ImportKeyMaterial');
  });

  it('an appended material is imported and then current, and the first still decrypts', async () => {
    const { currentKeyMaterialId: before } = await engine.outputs();
    write({ files: ['1', '2'] });
    await must('up');
    expect(importsAndRotations()).toEqual([
      `ImportKeyMaterial ${REGION}`,
      `RotateKeyOnDemand ${REGION}`,
    ]);
    const current = await currentIn(near);
    expect(current).not.toBe(before);
    expect(await engine.outputs()).toMatchObject({
      keyId,
      rotationsRemaining: 24,
      currentKeyMaterialId: current,
    });
    expect(await decryptsTheFirst()).toBe(true);
  });

  it.each(LOSSES)('%s is refused at preview, with the reason', async (_what, files) => {
    write({ files });
    const preview = await engine.preview();
    expect(preview.ok).toBe(false);
    expect(preview.text).toContain('[MATERIALS_NOT_APPENDED]');
    expect(await decryptsTheFirst()).toBe(true);
  });

  it('a Region that is added later gets all materials, and no rotation is made again', async () => {
    write({ files: ['1', '2'], args: everywhere });
    await must('up');
    expect(calls()).not.toContain('RotateKeyOnDemand');
    expect(await stateIn(far, keyId)).toBe('Enabled');
    expect(await materialsIn(far, keyId)).toHaveLength(2);
    expect(await decryptsTheFirst(far)).toBe(true);
    expect(Object.keys((await engine.outputs()).keyArns as object)).toEqual([REGION, FAR].sort());
  });

  it('a rotation waits for all Regions, and an alarm is added', async () => {
    write({ files: ['1', '2', '3'], args: everywhere + alarm });
    const update = await must('up');
    expect(importsAndRotations()).toEqual([
      `ImportKeyMaterial ${REGION}`,
      `ImportKeyMaterial ${FAR}`,
      `RotateKeyOnDemand ${REGION}`,
    ]);
    expect(update.text).toContain('MetricAlarm');
    expect(await decryptsTheFirst(far)).toBe(true);
    const there = await far.client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('far') }),
    );
    const here = await near.client.send(
      new DecryptCommand({ CiphertextBlob: there.CiphertextBlob }),
    );
    expect(Buffer.from(here.Plaintext ?? []).toString()).toBe('far');
  });

  it('a refresh shows that material is lost in one Region, and only that is imported again', async () => {
    const [lost] = await materialsOf(far.client, keyId);
    const { KeyMaterialId } = lost!;
    await far.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId }));
    expect(await stateIn(far, keyId)).toBe('PendingImport');
    await must('refresh');
    expect(changes(await must('up'))).toBe(1);
    expect(importsAndRotations()).toEqual([`ImportKeyMaterial ${FAR}`]);
    expect(await decryptsTheFirst(far)).toBe(true);
    expect(await stateIn(near, keyId)).toBe('Enabled');
  });

  it('renewals that have fallen due are made of every material in every Region, and move the expiry', async () => {
    const { expiry: before } = await engine.outputs();
    project.passDays(61);
    const renewed = await must('up');
    expect(importsAndRotations().sort()).toEqual(
      [REGION, REGION, REGION, FAR, FAR, FAR].map((at) => `ImportKeyMaterial ${at}`).sort(),
    );
    expect(renewed.summary.update).toBe(6);
    const { expiry } = await engine.outputs();
    const moved = Date.parse(expiry as string) - Date.parse(before as string);
    expect(Math.round(moved / DAY_MS)).toBe(61);
    for (const side of [near, far]) {
      const { ValidTo } = (await metadataIn(side)) ?? {};
      expect(ValidTo?.getTime()).toBeGreaterThanOrEqual(Date.parse(expiry as string));
    }
    expect(await decryptsTheFirst()).toBe(true);
  });

  it('what is protected survives a destroy', async () => {
    expect((await engine.destroy()).ok).toBe(false);
    expect(await stateIn(near, keyId)).toBe('Enabled');
    expect(await decryptsTheFirst()).toBe(true);
  });

  let shredded = '';
  it('a Region that is removed is scheduled for deletion there, with its material', async () => {
    write({
      files: ['1', '2', '3'],
      opts: '{ protect: false }',
      more: `
        const { keyId } = new byok.ImportedKey('shredded', {
          materials: [{ file: '1.bin' }, { file: '2.bin' }], shredOnDestroy: true, ${expiring}
        }, { protect: false });
        exports.shredded = keyId;`,
    });
    await must('up');
    expect(calls()).not.toContain('DeleteImportedKeyMaterial');
    expect(await stateIn(far, keyId)).toBe('PendingDeletion');
    expect(await stateIn(near, keyId)).toBe('Enabled');
    ({ shredded } = (await engine.outputs()) as { shredded: string });
    expect(await works(near.client, shredded)).toBe(true);
  });

  it('material is in no file that an engine wrote', () => {
    const searched = contentsBelow(project.engineFolder);
    expect(searched.length).toBeGreaterThan(0);
    for (const { name, content } of searched) {
      for (const bytes of material)
        expect([name, searchMaterial(bytes, content)]).toEqual([name, []]);
    }
  });

  it('destroyed without protection, the material stays with the key, which can be brought back', async () => {
    await must('destroy');
    const deletions = kms.calls.filter(
      ({ operation }) => operation === 'DeleteImportedKeyMaterial',
    );
    expect(new Set(deletions.map((call) => call.keyId))).toEqual(new Set([shredded]));
    expect(await stateIn(near, keyId)).toMatch(/^Pending(Replica)?Deletion$/);
    await near.client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    await near.client.send(new EnableKeyCommand({ KeyId: keyId }));
    expect(await decryptsTheFirst()).toBe(true);
  });

  it('with shredOnDestroy the material is gone at once', async () => {
    expect(await materialsIn(near, shredded)).toEqual([
      ['NON_CURRENT', 'PENDING_IMPORT'],
      ['CURRENT', 'PENDING_IMPORT'],
    ]);
  });
}

const DAY_MS = 86_400_000;
