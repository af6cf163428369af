import { DeleteImportedKeyMaterialCommand, type KMSClient } from '@aws-sdk/client-kms';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { OfflineStack } from '../../src/testing/engine/index';
import { startKms, type Kms } from '../../src/testing/kms/index';
import { searchMaterial } from '../../src/testing/material-search';
import { contentsBelow } from '../support/files';
import { clientOf, createKey, CREDENTIALS } from '../support/kms-key';
import { ProjectFolder, type Declared } from '../support/project-folder';
import { describeWithPulumi, PulumiCli } from '../support/pulumi-cli';
import { CheckFailed, ResourceLife } from '../support/resource-life';

jest.setTimeout(240_000);

const SOURCES = ['inline', 'file', 'env'] as const;
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

let kms: Kms;
let client: KMSClient;

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

/** Three materials of three keys, one from each source, and a program for each step of a life. */
class Scene {
  readonly project = new ProjectFolder();
  readonly materials = SOURCES.map(() => randomBytes(32));
  readonly outputs: { name: string; content: string }[] = [];
  keyIds: string[] = [];

  get env(): Record<string, string> {
    const [inline, , env] = this.materials as [Buffer, Buffer, Buffer];
    return {
      INLINE_MATERIAL: inline.toString('base64'),
      ENV_MATERIAL: env.toString('hex'),
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_REGION: 'eu-west-1',
    };
  }

  get config(): Record<string, string> {
    return { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) };
  }

  async begin(): Promise<void> {
    while (this.keyIds.length < SOURCES.length) this.keyIds.push(await createKey(client));
  }

  /** The material file lies outside of what is searched. */
  declare(more: Record<string, unknown> = {}, replaced?: Buffer): void {
    const file = join(this.project.path, 'material.bin');
    writeFileSync(file, replaced ?? this.materials[1]!);
    const material = [
      { inline: { $env: 'INLINE_MATERIAL' } },
      { file },
      { env: 'ENV_MATERIAL', encoding: 'hex' },
    ];
    const declared: Declared = Object.fromEntries(
      SOURCES.map((source, index) => [
        source,
        { args: { keyId: this.keyIds[index], material: material[index], ...more } },
      ]),
    );
    this.project.declare(declared);
  }

  async lose(): Promise<void> {
    for (const KeyId of this.keyIds) {
      await client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    }
  }

  /** Where each material was found, in whatever encoding. */
  found(): string[] {
    const files = [
      ...contentsBelow(this.project.engineFolder),
      ...contentsBelow(this.project.programFolder),
      ...this.outputs,
    ];
    expect(files.length).toBeGreaterThan(3);
    return files.flatMap(({ name, content }) =>
      this.materials.flatMap((material) =>
        searchMaterial(material, content).map((encoding) => `${name}: ${encoding}`),
      ),
    );
  }
}

describe('when a whole life runs under the offline engine', () => {
  it('the material is in nothing that it wrote or printed', async () => {
    const scene = new Scene();
    await scene.begin();
    const stack = new OfflineStack({
      projectDir: scene.project.programFolder,
      stateFile: join(scene.project.engineFolder, 'state.json'),
      config: scene.config,
      env: scene.env,
    });
    const run = async (operation: 'preview' | 'up' | 'refresh' | 'destroy'): Promise<void> => {
      const report = await stack[operation]();
      scene.outputs.push({ name: operation, content: JSON.stringify(report) });
      scene.outputs.push({
        name: `state after ${operation}`,
        content: JSON.stringify(stack.exportState()),
      });
    };
    scene.declare();
    await run('preview');
    await run('up');
    scene.declare({ validTo: inDays(30) });
    await run('up');
    await scene.lose();
    await run('refresh');
    await run('up');
    scene.declare({ validTo: inDays(30) }, randomBytes(32));
    await run('preview');
    await run('destroy');
    const codes = scene.outputs.map(({ content }) => content).join('');
    expect(codes).toContain('MATERIAL_DIFFERS');
    expect(codes).toContain('IMPORTED');
    expect(scene.found()).toEqual([]);
    scene.project.remove();
  });
});

describeWithPulumi('when a whole life runs under the real engine', () => {
  it('the material is in no checkpoint, backup, history, plan, event or output', async () => {
    const scene = new Scene();
    await scene.begin();
    const stack = await PulumiCli.create({
      projectDir: scene.project.programFolder,
      folder: scene.project.engineFolder,
      config: scene.config,
      env: scene.env,
    });
    const keep = (name: string, content: string): void => {
      scene.outputs.push({ name, content });
    };
    scene.declare();
    const plan = join(scene.project.engineFolder, 'plan.json');
    keep('preview', (await stack.preview(plan)).output);
    keep('up', (await stack.up()).output);
    scene.declare({ validTo: inDays(30) });
    keep('changed expiry', (await stack.upWithPreview()).output);
    await scene.lose();
    keep('refresh', (await stack.refresh()).output);
    keep('healed', (await stack.up()).output);
    scene.declare({ validTo: inDays(30) }, randomBytes(32));
    keep('other bytes', (await stack.preview()).output);
    keep('state', JSON.stringify(await stack.exportState()));
    keep('destroy', (await stack.destroy()).output);

    const names = contentsBelow(scene.project.engineFolder).map(({ name }) => name);
    for (const kind of ['/stacks/', '.json.bak', '/history/', 'plan.json']) {
      expect(names.filter((name) => name.includes(kind))).not.toHaveLength(0);
    }
    expect(scene.outputs.find(({ name }) => name === 'other bytes')!.content).toContain(
      'MATERIAL_DIFFERS',
    );
    expect(scene.found()).toEqual([]);
    scene.project.remove();
  });
});

describe('when the search itself is tried', () => {
  it.each(['base64', 'hex', 'latin1'] as const)('it finds planted %s', (encoding) => {
    const scene = new Scene();
    scene.project.write('planted', scene.materials[0]!.toString(encoding));
    expect(scene.found()).not.toEqual([]);
    scene.project.remove();
  });
});

describe('when the provider answers or throws', () => {
  it('no result and no error carries the material', async () => {
    const material = randomBytes(32);
    const texts: string[] = [];
    const keep = (value: unknown): void => {
      const error = value as { message?: string; stack?: string; cause?: { message?: string } };
      texts.push(JSON.stringify(value), error.message ?? '', error.stack ?? '');
      texts.push(error.cause?.message ?? '');
    };
    for (const encoding of ['base64', 'hex', 'raw'] as const) {
      const text =
        encoding === 'raw' ? material.toString('hex').slice(0, 32) : material.toString(encoding);
      const shown = encoding === 'raw' ? Buffer.from(text) : material;
      const keyId = await createKey(client);
      const life = new ResourceLife({ kms });
      const program = { keyId, keySpec: 'SYMMETRIC_DEFAULT', material: { inline: text, encoding } };
      for (const operation of ['GetParametersForImport', 'ImportKeyMaterial']) {
        kms.inject({ operation, fault: { kind: 'error', type: 'KMSInvalidStateException' } });
        await life.up(program).catch(keep);
      }
      kms.inject({ operation: 'GetParametersForImport', times: 6, fault: { kind: 'garbage' } });
      await life.up(program).catch(keep);
      kms.clearFaults();
      keep(await life.check({}, program));
      await life.up(program);
      keep([life.inputs, life.outs]);
      for (const broken of [
        { material: { inline: text }, encoding: 'base64' },
        { material: { inline: `${text}0`, encoding } },
        { material: { inline: text, encoding: 'hex' } },
        { material: { inline: text, file: text } },
        { material: { file: text } },
        { material: { env: text } },
        { material: text },
        { material: { inline: text, encoding: text } },
        { keyId: text },
        { validTo: text },
        { keyMaterialBase64: text },
        { [text]: true },
        { material: { [text]: true } },
        { connection: { [text]: true } },
        { connection: { region: 1, endpoint: text } },
      ]) {
        const failed: unknown = await life
          .preview({ ...program, ...broken })
          .catch((error: unknown) => error);
        if (failed instanceof CheckFailed) keep(failed.failures);
        keep(failed);
      }
      expect(texts.length).toBeGreaterThan(20);
      for (const content of texts) expect(searchMaterial(shown, content)).toEqual([]);
      if (encoding === 'raw') for (const content of texts) expect(content).not.toContain(text);
    }
  });

  /** Everything that an error carries, in its chain of causes. */
  const textsOf = (thrown: unknown): string[] => {
    const texts: string[] = [];
    for (let error = thrown; error !== undefined && error !== null;) {
      const { message = '', stack = '', cause } = error as Partial<Error>;
      texts.push(inspect(error, { depth: 10, showHidden: true }), message, stack);
      error = cause;
    }
    return texts;
  };
  const refusalOf = async (what: Promise<unknown>): Promise<unknown> =>
    what.then(
      () => {
        throw new Error('nothing was refused');
      },
      (error: unknown) => error,
    );

  it('no error of a command that prints the material and fails carries it', async () => {
    const material = randomBytes(32);
    const base64 = material.toString('base64');
    const life = new ResourceLife({ kms, commandTimeLimit: 300 });
    const keyId = await createKey(client);
    const print = 'printf "%s\\n" "$1"; printf "%s\\n" "$1" >&2;';
    const failing: [string, string][] = [
      [`${print} exit 3`, 'MATERIAL_COMMAND_FAILED'],
      [`${print} sleep 600`, 'MATERIAL_COMMAND_TIMEOUT'],
      [`${print} yes "$1"`, 'MATERIAL_COMMAND_OUTPUT'],
      [`${print} printf x`, 'MATERIAL_BASE64'],
      [`${print} printf "%s" "$1"`, 'MATERIAL_BASE64'],
    ];
    for (const [script, code] of failing) {
      const command = ['sh', '-c', script, 'sh', base64];
      const error = await refusalOf(life.up({ keyId, material: { command, encoding: 'base64' } }));
      expect((error as Error).message).toContain(code);
      for (const text of textsOf(error)) expect(searchMaterial(material, text)).toEqual([]);
    }
    const absent = await refusalOf(
      life.up({ keyId, material: { command: [`/${base64}`, base64] } }),
    );
    expect((absent as Error).message).toContain('MATERIAL_COMMAND_START');
    for (const text of textsOf(absent)) expect(searchMaterial(material, text)).toEqual([]);
  });

  const secret = (length: number): Buffer => randomBytes(length);
  const ec = (namedCurve: string): Buffer =>
    generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'der', type: 'pkcs8' });
  const rsa = (modulusLength: number): Buffer =>
    generateKeyPairSync('rsa', { modulusLength }).privateKey.export({
      format: 'der',
      type: 'pkcs8',
    });
  const ed25519 = (): Buffer =>
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });

  it.each<[string, () => Buffer, string]>([
    ['SYMMETRIC_DEFAULT', () => secret(31), 'MATERIAL_LENGTH'],
    ['SYMMETRIC_DEFAULT', () => secret(33), 'MATERIAL_LENGTH'],
    ['SYMMETRIC_DEFAULT', () => ec('P-256'), 'MATERIAL_KEY_TYPE'],
    ['HMAC_224', () => secret(27), 'MATERIAL_LENGTH'],
    ['HMAC_256', () => secret(31), 'MATERIAL_LENGTH'],
    ['HMAC_384', () => secret(129), 'MATERIAL_LENGTH'],
    ['HMAC_512', () => secret(63), 'MATERIAL_LENGTH'],
    ['RSA_2048', () => rsa(1024), 'MATERIAL_KEY_TYPE'],
    ['RSA_3072', () => rsa(2048), 'MATERIAL_KEY_TYPE'],
    ['RSA_4096', () => secret(512), 'MATERIAL_KEY_FORMAT'],
    ['ECC_NIST_P256', () => ec('P-384'), 'MATERIAL_KEY_TYPE'],
    ['ECC_NIST_P384', () => ec('P-256'), 'MATERIAL_KEY_TYPE'],
    ['ECC_NIST_P521', () => ec('P-521').subarray(1), 'MATERIAL_KEY_FORMAT'],
    ['ECC_SECG_P256K1', () => ec('P-256'), 'MATERIAL_KEY_TYPE'],
    ['ECC_NIST_EDWARDS25519', () => ec('P-256'), 'MATERIAL_KEY_TYPE'],
    ['ECC_NIST_P256', () => ed25519(), 'MATERIAL_KEY_TYPE'],
  ])('no error of wrong material for %s carries it', async (keySpec, make, code) => {
    const material = make();
    const life = new ResourceLife({ kms });
    const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
    const inline = material.toString('base64');
    const failed = (await refusalOf(
      life.preview({ keyId, keySpec, material: { inline } }),
    )) as CheckFailed;
    expect(failed.codes).toEqual([code]);
    // The needle is the middle of it: the beginning of a private key is the same for all.
    const needles = [material, material.subarray(-24), material.subarray(material.length / 2)];
    for (const text of [...textsOf(failed), JSON.stringify(failed.failures)]) {
      for (const needle of needles.filter(({ length }) => length >= 16)) {
        expect(searchMaterial(needle, text)).toEqual([]);
      }
    }
  });
});
