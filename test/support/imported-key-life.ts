import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  ListKeyRotationsCommand,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms, type Kms } from '../../src/testing/kms/index';
import { AwsProgram, REGION } from './aws-program';
import { searchMaterial } from '../../src/testing/material-search';
import { contentsBelow } from './files';
import { clientOf, works } from './kms-key';

const FAR = 'us-east-1';

/** What both engines have in common. */
interface Engine {
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
export async function real(project: AwsProgram): Promise<Engine> {
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

/** What a test program gives to ImportedKey, in the form of its source text. */
interface Program {
  readonly files: readonly string[];
  readonly args?: string;
  readonly opts?: string;
}

/** The life of one key from its creation to its end, step by step, as tests of the engine that is given. */
export function life(start: (project: AwsProgram) => Promise<Engine>): void {
  const near = {} as { client: ReturnType<typeof clientOf> };
  const far = {} as { client: ReturnType<typeof clientOf> };
  const material = [randomBytes(32), randomBytes(32), randomBytes(32)];
  let kms: Kms;
  let project: AwsProgram;
  let engine: Engine;

  beforeAll(async () => {
    kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
    near.client = clientOf(kms, REGION);
    far.client = clientOf(kms, FAR);
    project = new AwsProgram(kms);
    engine = await start(project);
    material.forEach((bytes, index) => project.write(`${index + 1}.bin`, bytes));
  });

  afterAll(async () => {
    near.client.destroy();
    far.client.destroy();
    project.remove();
    await kms.close();
  });

  const write = ({ files, args = '', opts = '{}' }: Program): void => {
    const materials = files.map((file) => `{ file: '${file}.bin' }`).join(', ');
    project.program(`
      const key = new byok.ImportedKey('root', {
        materials: [${materials}], alias: 'app/root', deletionWindowInDays: 7, ${args}
      }, ${opts});
      for (const name of ['keyId', 'keyArns', 'currentKeyMaterialId', 'rotationsRemaining']) exports[name] = key[name];
      exports.expiry = key.earliestExpiry.apply((instant) => instant ?? 'never');
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
  const materialsIn = async ({ client }: typeof near, KeyId: string) => {
    const { Rotations = [] } = await client.send(
      new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    );
    return Rotations.map(({ KeyMaterialState, ImportState }) => [KeyMaterialState, ImportState]);
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

  it('a key is created with its material and alias, and the next update changes nothing', async () => {
    write({ files: ['1'], args: `multiRegion: true, validFor: '90d', renewBefore: '30d',` });
    expect((await must('preview')).text).toContain('ImportedKeyMaterial');
    expect(calls()).toEqual([]);
    expect((await must('up')).summary.create).toBe(6);
    ({ keyId } = (await engine.outputs()) as { keyId: string });
    expect(await works(near.client, keyId)).toBe(true);
    expect(await engine.outputs()).toMatchObject({
      rotationsRemaining: 25,
      expiry: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    });
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
    write({ files: ['1', '2'], args: `multiRegion: true, validFor: '90d', renewBefore: '30d',` });
    expect((await must('preview')).ok).toBe(true);
    await must('up');
    expect(calls().filter((name) => /^(Import|Rotate)/.test(name))).toEqual([
      'ImportKeyMaterial',
      'RotateKeyOnDemand',
    ]);
    expect(await engine.outputs()).toMatchObject({ keyId, rotationsRemaining: 24 });
    expect(await decryptsTheFirst()).toBe(true);
    expect(changes(await must('up'))).toBe(0);
  });

  it.each([
    ['removing an earlier material', ['2']],
    ['reordering', ['2', '1']],
    ['removing the current material', ['1']],
    ['putting one in front', ['3', '1', '2']],
  ])('%s is refused at preview, with the reason', async (_what, files) => {
    write({ files, args: `multiRegion: true, validFor: '90d', renewBefore: '30d',` });
    const preview = await engine.preview();
    expect(preview.ok).toBe(false);
    expect(preview.text).toContain('[MATERIALS_NOT_APPENDED]');
    expect(await decryptsTheFirst()).toBe(true);
  });

  const everywhere = (more = ''): string =>
    `validFor: '90d', renewBefore: '30d', replicas: [{ region: '${FAR}' }], ${more}`;

  it('a Region that is added later gets all materials, and no rotation is made again', async () => {
    write({ files: ['1', '2'], args: everywhere() });
    await must('up');
    expect(calls()).not.toContain('RotateKeyOnDemand');
    expect(await stateIn(far, keyId)).toBe('Enabled');
    expect(await materialsIn(far, keyId)).toHaveLength(2);
    expect(await decryptsTheFirst(far)).toBe(true);
    expect(Object.keys((await engine.outputs()).keyArns as object)).toEqual([REGION, FAR].sort());
    await must('refresh');
    expect(changes(await must('up'))).toBe(0);
  });

  it('a rotation waits for all Regions, and an alarm is added', async () => {
    const more = `alarm: { daysBefore: 14 }, expirationEventTargets: ['arn:aws:sns:x'],`;
    write({ files: ['1', '2', '3'], args: everywhere(more) });
    const update = await must('up');
    const order = kms.calls
      .filter(({ operation }) => /^(Import|Rotate)/.test(operation))
      .map(({ operation, region }) => `${operation} ${region}`);
    expect(order).toEqual([
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

  it('material that is lost in one Region is seen by a refresh and imported there again', async () => {
    const more = `alarm: { daysBefore: 14 }, expirationEventTargets: ['arn:aws:sns:x'],`;
    write({ files: ['1', '2', '3'], args: everywhere(more) });
    const { Rotations = [] } = await far.client.send(
      new ListKeyRotationsCommand({ KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
    );
    const { KeyMaterialId } = Rotations[0]!;
    await far.client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId }));
    expect(await stateIn(far, keyId)).toBe('PendingImport');
    await must('refresh');
    expect(changes(await must('up'))).toBe(1);
    expect(
      kms.calls
        .filter(({ operation }) => operation === 'ImportKeyMaterial')
        .map(({ region }) => region),
    ).toEqual([FAR]);
    expect(await decryptsTheFirst(far)).toBe(true);
    expect(await stateIn(near, keyId)).toBe('Enabled');
  });

  it('a Region that is removed is scheduled for deletion there, with its material', async () => {
    write({
      files: ['1', '2', '3'],
      args: `multiRegion: true, validFor: '90d', renewBefore: '30d',`,
    });
    await must('up');
    expect(calls()).not.toContain('DeleteImportedKeyMaterial');
    expect(await stateIn(far, keyId)).toBe('PendingDeletion');
    expect(await stateIn(near, keyId)).toBe('Enabled');
  });

  it('what is protected survives a destroy', async () => {
    expect((await engine.destroy()).ok).toBe(false);
    expect(await stateIn(near, keyId)).toBe('Enabled');
    expect(await decryptsTheFirst()).toBe(true);
  });

  it('destroyed without protection, the material stays with the key, which can be brought back', async () => {
    write({
      files: ['1', '2', '3'],
      args: `multiRegion: true, validFor: '90d', renewBefore: '30d',`,
      opts: '{ protect: false }',
    });
    await must('up');
    const searched = contentsBelow(project.engineFolder);
    expect(searched.length).toBeGreaterThan(0);
    for (const { name, content } of searched) {
      for (const bytes of material)
        expect([name, searchMaterial(bytes, content)]).toEqual([name, []]);
    }
    await must('destroy');
    expect(calls()).not.toContain('DeleteImportedKeyMaterial');
    expect(await stateIn(near, keyId)).toMatch(/^Pending(Replica)?Deletion$/);
    await near.client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    await near.client.send(new EnableKeyCommand({ KeyId: keyId }));
    expect(await decryptsTheFirst()).toBe(true);
  });

  it('with shredOnDestroy the material is gone at once', async () => {
    const args = `shredOnDestroy: true,`.concat(`validFor: '90d',`);
    write({ files: ['1', '2'], args, opts: '{ protect: false }' });
    await must('up');
    const { keyId: shredded } = (await engine.outputs()) as { keyId: string };
    expect(shredded).not.toBe(keyId);
    await must('destroy');
    expect(await materialsIn(near, shredded)).toEqual([
      ['NON_CURRENT', 'PENDING_IMPORT'],
      ['CURRENT', 'PENDING_IMPORT'],
    ]);
  });
}
