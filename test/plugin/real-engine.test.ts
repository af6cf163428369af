import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { TYPE_TOKENS } from '../../src/domain/type-tokens';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { contentsBelow } from '../support/files';
import type { PulumiCli } from '../support/pulumi-cli';
import {
  clientOf,
  createKey,
  materialsOf,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { NativeProgram } from './native-program';

describeWithPulumi('when the native plugin serves a program under the real engine', () => {
  let kms: EmbeddedKms;
  let project: NativeProgram;
  let stack: PulumiCli;
  let material: Buffer[];

  const imports = (): number =>
    kms.calls.filter(({ operation }) => operation === 'ImportKeyMaterial').length;
  const writes = (): string[] =>
    kms.calls.map(({ operation }) => operation).filter((name) => /Import|Rotate|Delete/.test(name));

  beforeAll(async () => {
    kms = await startKms({ rotationSeconds: 1 });
    project = new NativeProgram(kms);
    stack = await project.native();
    material = ['a.bin', 'b.bin'].map((file) => {
      const bytes = randomBytes(32);
      project.write(file, bytes);
      return bytes;
    });
  }, 60_000);

  afterAll(async () => {
    project.remove();
    await kms.close();
  });

  /** Destroys the stack. A failure shows what the engine said. */
  const destroyAll = async (): Promise<void> => {
    const { ok, output } = await stack.destroy();
    expect([ok, output]).toEqual([true, expect.any(String)]);
  };

  it('a preview shows outputs before a create, and the input that changed before an update', async () => {
    const keyId = await createKey(clientOf(kms));
    const declare = (validFor: string): void => {
      project.program(`
        const one = new native.ImportedKeyMaterial('one',
          { keyId: '${keyId}', material: { file: 'a.bin' }, keySpec: 'SYMMETRIC_DEFAULT', validFor: '${validFor}' });
        exports.model = one.expirationModel;
        exports.arn = one.keyArn;`);
    };
    declare('90d');
    const created = await stack.preview();
    expect(created.output).toContain('"KEY_MATERIAL_EXPIRES"');
    expect(created.output).toContain(`"${keyId}"`);
    expect((await stack.up()).summary).toEqual({ create: 1 });
    declare('60d');
    const changed = await stack.preview();
    expect(changed.output).toContain('[diff: ~validFor]');
    expect((await stack.up()).summary).toEqual({ update: 1 });
    expect(imports()).toBe(2);
    await destroyAll();
    expect(await works(clientOf(kms), keyId)).toBe(false);
  }, 120_000);

  it('a refusal is a failure of the check, with its code and the name of the resource', async () => {
    const short = Buffer.alloc(16, 7).toString('base64');
    project.program(`
      new native.ImportedKeyMaterial('short',
        { keyId: '${await createKey(clientOf(kms))}', material: { inline: '${short}' }, validfor: '90d' });`);
    const refused = await stack.preview();
    expect(refused.ok).toBe(false);
    expect(refused.output).toContain('[UNKNOWN_INPUT]');
    expect(refused.output).not.toContain(short);
    expect(refused.failed).toEqual(['short']);
  }, 60_000);

  it.each([
    ['the default provider', ''],
    ['an explicit provider', 'own'],
  ])(
    'resources of %s become native ones by an alias, and dynamic ones again, without a call to KMS',
    async (_title, own) => {
      const keyId = await createKey(clientOf(kms));
      const declare = (form: 'byok' | 'native', other: 'dynamic' | 'native'): void => {
        const provider = form === 'byok' ? 'byok.KmsByokProvider' : 'native.Provider';
        const alias = (name: keyof typeof TYPE_TOKENS): string =>
          `aliases: [{ type: '${TYPE_TOKENS[name][other]}' }]`;
        project.program(`
          const provider = ${own === '' ? 'undefined' : `new ${provider}('${own}', { region: 'eu-west-1', endpoint: '${kms.url}' })`};
          const opts = { provider, ${alias('ImportedKeyMaterial')} };
          const first = new ${form}.ImportedKeyMaterial('first',
            { keyId: '${keyId}', material: { file: 'a.bin' }, validFor: '90d' }, opts);
          const second = new ${form}.ImportedKeyMaterial('second',
            { keyId: '${keyId}', material: { file: 'b.bin' }, validFor: '90d', importType: 'NEW_KEY_MATERIAL' },
            { ...opts, dependsOn: first });
          new ${form}.OnDemandRotation('rotation',
            { keyId: '${keyId}', keyMaterialId: second.keyMaterialId },
            { provider, dependsOn: second, ${alias('OnDemandRotation')} });`);
      };
      declare('byok', 'native');
      const made = await stack.up();
      expect([made.summary, made.output]).toEqual([{ create: 3 }, expect.any(String)]);
      const before = kms.calls.length;
      for (const [form, other] of [
        ['native', 'dynamic'],
        ['byok', 'native'],
      ] as const) {
        declare(form, other);
        const { ok, summary, output } = await stack.up();
        expect([form, ok, summary, output]).toEqual([form, true, { same: 3 }, expect.any(String)]);
      }
      expect(kms.calls.slice(before)).toEqual([]);
      expect(await works(clientOf(kms), keyId)).toBe(true);
      await destroyAll();
    },
    120_000,
  );

  it('an ImportedKey moves to the other form and back with all its resources, without a call to KMS', async () => {
    const declare = (form: 'byok' | 'native'): void => {
      project.program(`
        new ${form}.ImportedKey('moving',
          { materials: [{ file: 'a.bin' }, { file: 'b.bin' }], alias: 'app/moving', validFor: '90d' },
          { protect: false });`);
    };
    declare('byok');
    expect((await stack.up()).summary).toEqual({ create: 8 });
    const before = kms.calls.length;
    for (const form of ['native', 'byok'] as const) {
      declare(form);
      const { ok, summary, output } = await stack.up();
      // The rotation records the URN of the resource that staged its material.
      const only = { same: 7, update: 1 };
      expect([form, ok, summary, output]).toEqual([form, true, only, expect.any(String)]);
    }
    expect(kms.calls.slice(before)).toEqual([]);
    expect((await stack.up()).summary).toEqual({ same: 8 });
    await destroyAll();
  }, 180_000);

  it('material of a key is imported by its ID, and the program that declares it becomes its owner by one import', async () => {
    const keyId = await createKey(clientOf(kms));
    const args = `{ keyId: '${keyId}', material: { file: 'a.bin' } }`;
    project.program(`new byok.ImportedKeyMaterial('source', ${args}, { retainOnDelete: true });`);
    expect((await stack.up()).ok).toBe(true);
    const [{ KeyMaterialId: materialId } = {}] = await materialsOf(clientOf(kms), keyId);
    project.program('');
    expect((await stack.up()).ok).toBe(true);
    const before = writes().length;
    const imported = await stack.importResource(
      TYPE_TOKENS.ImportedKeyMaterial.native,
      'taken',
      `${keyId}/${materialId}`,
    );
    expect([imported.ok, imported.output]).toEqual([true, expect.any(String)]);
    project.program(`new native.ImportedKeyMaterial('taken', ${args});`);
    expect((await stack.up()).ok).toBe(true);
    expect(writes().slice(before)).toEqual(['GetParametersForImport', 'ImportKeyMaterial']);
    expect((await stack.up()).summary).toEqual({ same: 1 });
    expect(await works(clientOf(kms), keyId)).toBe(true);
    await destroyAll();
    expect(await works(clientOf(kms), keyId)).toBe(false);
  }, 120_000);

  it('a rotation is imported by the ARN of its key, and the program that declares it changes nothing', async () => {
    const keyId = await createKey(clientOf(kms));
    const materialsOfProgram = `
      const first = new native.ImportedKeyMaterial('first',
        { keyId: '${keyId}', material: { file: 'a.bin' } });
      const second = new native.ImportedKeyMaterial('second',
        { keyId: '${keyId}', material: { file: 'b.bin' }, importType: 'NEW_KEY_MATERIAL' },
        { dependsOn: first });
      exports.keyArn = second.keyArn;`;
    const rotation = (opts: string): string =>
      `new native.OnDemandRotation('turned', { keyId: second.keyArn, keyMaterialId: second.keyMaterialId }, ${opts});`;
    project.program(materialsOfProgram + rotation('{ retainOnDelete: true }'));
    expect((await stack.up()).summary).toEqual({ create: 3 });
    const { keyArn } = (await stack.outputs()) as { keyArn: string };
    project.program(materialsOfProgram);
    expect((await stack.up()).ok).toBe(true);
    const before = writes().length;
    const imported = await stack.importResource(
      TYPE_TOKENS.OnDemandRotation.native,
      'turned',
      keyArn,
    );
    expect([imported.ok, imported.output]).toEqual([true, expect.any(String)]);
    project.program(materialsOfProgram + rotation('{}'));
    const updated = await stack.up();
    expect([updated.summary, updated.output]).toEqual([{ same: 3 }, expect.any(String)]);
    expect(writes().slice(before)).toEqual([]);
    await destroyAll();
  }, 120_000);

  it('an ImportedKey is made, is unchanged, rotates, is protected, and can be destroyed', async () => {
    const declare = (materials: string, opts = '{}'): void => {
      project.program(`
        const { keyArn, rotationsRemaining } = new native.ImportedKey('root',
          { materials: [${materials}], alias: 'app/root', validFor: '90d' }, ${opts});
        exports.keyArn = keyArn;
        exports.left = rotationsRemaining;`);
    };
    declare(`{ file: 'a.bin' }`);
    expect((await stack.up()).summary).toEqual({ create: 6 });
    expect((await stack.up()).summary).toEqual({ same: 6 });
    declare(`{ file: 'a.bin' }, { file: 'b.bin' }`);
    expect((await stack.up()).summary).toEqual({ same: 4, update: 2, create: 2 });
    const { keyArn, left } = (await stack.outputs()) as { keyArn: string; left: number };
    expect(left).toBe(24);
    expect((await materialsOf(clientOf(kms), keyArn)).map((one) => one.KeyMaterialState)).toEqual([
      'NON_CURRENT',
      'CURRENT',
    ]);
    declare(`{ file: 'b.bin' }`);
    expect((await stack.preview()).output).toContain('[MATERIALS_NOT_APPENDED]');
    expect((await stack.destroy()).ok).toBe(false);
    expect(await works(clientOf(kms), keyArn)).toBe(true);
    declare(`{ file: 'a.bin' }, { file: 'b.bin' }`, '{ protect: false }');
    expect((await stack.up()).ok).toBe(true);
    await destroyAll();
  }, 180_000);

  it('what uses a key depends on the key itself, so it is deleted first', async () => {
    project.program(`
      const inline = require('node:fs').readFileSync('a.bin', 'base64');
      const { keyArn } = new native.ImportedKey('used', { materials: [{ inline }] }, { protect: false });
      new aws.kms.ExternalKey('user', { description: keyArn });`);
    expect((await stack.up()).ok).toBe(true);
    const { deployment } = await stack.exportState('--show-secrets');
    expect(searchMaterial(material[0]!, JSON.stringify(deployment))).toEqual([]);
    const user = deployment.resources.find(({ urn }) => String(urn).endsWith('ExternalKey::user'));
    expect(user).toMatchObject({
      dependencies: expect.arrayContaining([
        expect.stringMatching(/ExternalKey::used$/) as string,
      ]) as string[],
    });
    await destroyAll();
  }, 120_000);

  it('material whose source is not known yet leaves the outputs unknown, and is imported by the update', async () => {
    project.program(`
      const wait = new aws.kms.ExternalKey('other', {});
      new native.ImportedKey('late', {
        materials: [{ file: wait.arn.apply(() => 'a.bin') }],
      }, { protect: false });`);
    const previewed = await stack.preview();
    expect(previewed.ok).toBe(true);
    expect((await stack.up()).ok).toBe(true);
    await destroyAll();
  }, 120_000);

  it('an unknown value in any position of an ImportedKey ends no preview', async () => {
    project.program(`
      const wait = new aws.kms.ExternalKey('other', {});
      const late = (value) => wait.arn.apply(() => value);
      const rolling = (more) => ({ validFor: '90d', ...more });
      const arn = late('arn:aws:sns:eu-west-1:111122223333:topic');
      const user = late('arn:aws:iam::111122223333:role/user');
      const positions = [
        { keyUsage: late('ENCRYPT_DECRYPT') },
        { description: late('d') },
        { alias: late('late') },
        { policy: late('{}') },
        { access: { administrators: [user], importers: [user], users: [user] } },
        { tags: { a: late('b') } },
        { tags: late({ a: 'b' }) },
        { enabled: late(true) },
        { deletionWindowInDays: late(7) },
        { region: late('eu-west-1') },
        { validTo: late('2099-01-01T00:00:00Z') },
        { validFor: late('90d') },
        rolling({ renewBefore: late('30d') }),
        rolling({ alarm: { daysBefore: 14, actions: [arn] } }),
        rolling({ expirationEventTargets: [arn] }),
        rolling({ replicas: [{ region: 'us-east-1', description: late('d'), tags: { a: late('b') } }] }),
        { deleteUnlessUsedWithin: late('30d') },
        { wrappingAlgorithm: late('RSAES_OAEP_SHA_256') },
        { wrappingKeySpec: late('RSA_2048') },
        { connection: late({ profile: 'p' }) },
        { connection: { profile: late('p') } },
        { timeouts: { create: late(10) } },
        { keySpec: late('SYMMETRIC_DEFAULT') },
        { multiRegion: late(true) },
        { shredOnDestroy: late(true) },
        { adoptKeyId: late('1234abcd-12ab-34cd-56ef-1234567890ab') },
        { access: late({ users: [user] }) },
        rolling({ alarm: late({ daysBefore: 14 }) }),
        rolling({ alarm: { daysBefore: late(14), actions: late([arn]) } }),
        rolling({ expirationEventTargets: late([arn]) }),
        rolling({ replicas: late([{ region: 'us-east-1' }]) }),
        rolling({ replicas: [{ region: late('us-east-1'), alarmActions: late([arn]) }] }),
      ];
      for (const [index, args] of positions.entries()) {
        new native.ImportedKey('late' + index, { materials: [{ file: 'a.bin' }], ...args });
      }
      exports.count = positions.length;`);
    const previewed = await stack.preview();
    expect([previewed.ok, previewed.failed, previewed.output]).toEqual([
      true,
      [],
      expect.any(String),
    ]);
    const keys = previewed.changes.filter((change) =>
      change.includes(' kms-byok:index:ImportedKey '),
    );
    expect(keys).toHaveLength(32);
  }, 120_000);

  it('arguments that are outputs of other resources, or secret, arrive in the update as they were declared', async () => {
    const topic = 'arn:aws:sns:eu-west-1:111122223333:topic';
    project.program(`
      const wait = new aws.kms.ExternalKey('other', {});
      const late = (value) => wait.arn.apply(() => value);
      new native.ImportedKey('late', {
        materials: [{ file: 'a.bin' }],
        keySpec: late('SYMMETRIC_DEFAULT'),
        multiRegion: pulumi.secret(true),
        validFor: '90d',
        access: late({
          administrators: ['111122223333'],
          importers: ['arn:aws:iam::111122223333:role/importer'],
          users: ['arn:aws:iam::111122223333:role/user'],
        }),
        alarm: pulumi.secret({ daysBefore: 14, actions: ['${topic}'] }),
        expirationEventTargets: late(['${topic}']),
        replicas: late([{ region: 'us-east-1', alarmActions: late(['${topic}']) }]),
      }, { protect: false });`);
    const made = await stack.up();
    if (!made.ok) throw new Error(made.diagnostics.join(''));
    const { deployment } = await stack.exportState();
    const alarms = deployment.resources.filter(({ type }) => String(type).endsWith(':MetricAlarm'));
    expect(alarms).toHaveLength(2);
    const [own, replicated] = alarms.map(({ inputs }) => JSON.stringify(inputs));
    expect(replicated).toContain(topic);
    // State has it encrypted, as it was secret in the program.
    expect(own).not.toContain(topic);
    await destroyAll();
  }, 120_000);

  it('material is in no file that the engine wrote', () => {
    const searched = contentsBelow(project.engineFolder);
    expect(searched.length).toBeGreaterThan(0);
    for (const { name, content } of searched) {
      for (const bytes of material) {
        expect([name, searchMaterial(bytes, content)]).toEqual([name, []]);
      }
    }
  });
});
