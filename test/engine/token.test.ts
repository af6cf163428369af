import { type KMSClient } from '@aws-sdk/client-kms';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import {
  clientOf,
  createKey,
  CREDENTIALS,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { eventually } from '../../packages/pulumi-offline-engine/test/support/eventually';
import { codesIn } from '../support/codes';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { describeWithCompiledModule } from '../support/describe-with-soft-hsm';
import { ProjectFolder, type Declared } from '../support/project-folder';
import { killProviders } from '../support/provider-processes';
import { PulumiCli } from '../support/pulumi-cli';
import { compileShim, SoftHsm } from '../support/soft-hsm';

jest.setTimeout(120_000);

let kms: EmbeddedKms;
let client: KMSClient;
let hsm: SoftHsm;
let shim: string;

beforeAll(async () => {
  hsm = new SoftHsm(['keys']);
  shim = compileShim(hsm.folder);
  kms = await startKms();
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
  hsm.remove();
});

/** A stack of its own, whose module writes down each login. */
class TokenStack {
  readonly project = new ProjectFolder();
  readonly #log = join(this.project.engineFolder, 'module.log');
  #cli!: PulumiCli;

  static async create(more: Readonly<Record<string, string>> = {}): Promise<TokenStack> {
    const stack = new TokenStack();
    await stack.#start('first', more);
    return stack;
  }

  get cli(): PulumiCli {
    return this.#cli;
  }

  /** Goes on with a stack without state and a module that behaves well. */
  startAgain(): Promise<void> {
    return this.#start('second', {});
  }

  /** Counts a line in what the module wrote down. */
  noted(line: string): number {
    const text = existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
    return text.split('\n').filter((each) => each === line).length;
  }

  async #start(folder: string, more: Readonly<Record<string, string>>): Promise<void> {
    this.#cli = await PulumiCli.create({
      projectDir: this.project.programFolder,
      folder: join(this.project.engineFolder, folder),
      config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_REGION: 'eu-west-1',
        SOFTHSM2_CONF: hsm.env.SOFTHSM2_CONF ?? '',
        HSM_PIN: hsm.pin,
        SHIM: '',
        SHIM_LOG: this.#log,
        ...more,
      },
    });
  }
}

let stacks: TokenStack[] = [];

async function newStack(more?: Readonly<Record<string, string>>): Promise<TokenStack> {
  const stack = await TokenStack.create(more);
  stacks.push(stack);
  return stack;
}

afterEach(() => {
  for (const { project } of stacks) project.remove();
  stacks = [];
});

async function declared(labels: readonly string[]): Promise<Declared> {
  const resources = labels.map(async (keyLabel) => {
    const pkcs11 = {
      module: shim,
      tokenLabel: 'keys',
      keyLabel,
      pin: { env: 'HSM_PIN' },
      passEnvironment: ['SHIM', 'SHIM_LOG'],
    };
    const args = { keyId: await createKey(client), keySpec: 'SYMMETRIC_DEFAULT' };
    return [keyLabel, { args: { ...args, material: { pkcs11 } } }] as const;
  });
  return Object.fromEntries(await Promise.all(resources));
}

let keys = 0;

function generate(label: string): string {
  keys += 1;
  hsm.generate('AES:32', { token: 'keys', label, id: keys.toString(16).padStart(2, '0') });
  return label;
}

const codes = ({ output }: { readonly output: string }): string[] => [...new Set(codesIn(output))];
const imports = (): number =>
  kms.calls.filter(({ operation }) => operation === 'ImportKeyMaterial').length;
const objects = (): string => hsm.tool('keys', '--list-objects');

describeWithPulumi('when the real engine imports keys of a token', () => {
  describeWithCompiledModule('with a module that counts logins', () => {
    it('two updates at once import many keys, each with one login', async () => {
      const labels = Array.from({ length: 5 }, (_, index) => generate(`many ${index}`));
      const before = objects();
      const both = [await newStack(), await newStack()];
      for (const { project } of both) project.declare(await declared(labels));
      const reports = await Promise.all(both.map(({ cli }) => cli.up()));
      expect(reports.map(({ summary }) => summary)).toEqual([{ create: 5 }, { create: 5 }]);
      expect(both.map((stack) => stack.noted('login'))).toEqual([1, 1]);
      const again = await Promise.all(both.map(({ cli }) => cli.up()));
      expect(again.map(({ summary }) => summary)).toEqual([{ same: 5 }, { same: 5 }]);
      expect(objects()).toBe(before);
    });

    it('a wrong PIN is tried once by each of two updates', async () => {
      const labels = [generate('refused 1'), generate('refused 2')];
      const both = [await newStack({ HSM_PIN: '0000' }), await newStack({ HSM_PIN: '0000' })];
      for (const { project } of both) project.declare(await declared(labels));
      const reports = await Promise.all(both.map(({ cli }) => cli.up()));
      expect(reports.map(codes)).toEqual([['PKCS11_PIN'], ['PKCS11_PIN']]);
      expect(both.map((stack) => stack.noted('login'))).toEqual([1, 1]);
    });

    it('another key than the saved plan has is not imported', async () => {
      const label = generate('planned');
      const { project, cli } = await newStack({ PULUMI_EXPERIMENTAL: 'true' });
      project.declare(await declared([label]));
      const plan = join(project.engineFolder, 'plan.json');
      expect((await cli.preview(plan)).ok).toBe(true);
      hsm.delete('keys', 'secrkey', label);
      generate(label);
      const before = imports();
      expect(await cli.up('--plan', plan)).toMatchObject({ ok: false, failed: [label] });
      expect(imports()).toBe(before);
    });

    it('a refresh and a destroy do not need the token, and an update without it imports nothing', async () => {
      const program = await declared([generate('absent')]);
      const { project, cli } = await newStack();
      project.declare(program);
      expect((await cli.up()).ok).toBe(true);
      const tokens = join(hsm.folder, 'tokens');
      renameSync(tokens, `${tokens}-away`);
      mkdirSync(tokens);
      try {
        const before = imports();
        expect(codes(await cli.up())).toEqual(['PKCS11_TOKEN']);
        const keyId = await createKey(client);
        project.declare({ absent: { args: { ...program.absent!.args, keyId } } });
        expect(codes(await cli.up())).toEqual(['PKCS11_TOKEN']);
        expect(imports()).toBe(before);
        expect(await works(client, String(program.absent!.args.keyId))).toBe(true);
        expect((await cli.refresh()).ok).toBe(true);
        expect((await cli.destroy()).summary).toEqual({ delete: 1 });
      } finally {
        rmSync(tokens, { recursive: true });
        renameSync(`${tokens}-away`, tokens);
      }
    });

    it('a provider that is killed while the token wraps leaves nothing, and the next update imports', async () => {
      const label = generate('killed');
      const before = objects();
      const stack = await newStack({ SHIM: 'stuck-wrap' });
      stack.project.declare(await declared([label]));
      const update = stack.cli.up();
      await eventually(() => stack.noted('wrap') === 1);
      expect(killProviders(stack.project.programFolder)).toBe(1);
      expect((await update).ok).toBe(false);
      expect(objects()).toBe(before);
      await stack.startAgain();
      expect((await stack.cli.up()).summary).toEqual({ create: 1 });
      expect(objects()).toBe(before);
    });
  });
});
