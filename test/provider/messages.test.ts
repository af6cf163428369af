import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { clientOf, createKey } from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';
import { AwsProgram } from '../support/aws-program';
import { temporaryFolder } from '../cli/run-cli';

const inFolder = temporaryFolder();
let kms: EmbeddedKms;
let keyId: string;

beforeAll(async () => {
  kms = await startKms();
  const client = clientOf(kms);
  keyId = await createKey(client);
  client.destroy();
});

afterAll(async () => {
  await kms.close();
});

async function refusal(program: Record<string, unknown>, env = {}): Promise<string> {
  const life = new ResourceLife({ kms, env });
  return life.up({ keyId, ...program }).then(
    () => 'nothing was refused',
    (error: unknown) => (error as Error).message,
  );
}

const second = { list: { of: 'root', place: 1 } };

describe('when a message names an input', () => {
  it('a missing file is named with its path and the folder in which it was looked for', async () => {
    const message = await refusal({ material: { file: 'keys/absent.bin' } });
    expect(message).toContain('material.file "keys/absent.bin" ');
    expect(message).toContain(process.cwd());
    const absolute = await refusal({ material: { file: '/absent/key.bin' } });
    expect(absolute).toContain('/absent/key.bin');
    expect(absolute).not.toContain(process.cwd());
  });

  it('files of a ceremony are named too', async () => {
    const wrapped = { bundle: 'b.json', ciphertext: 'absent.json', id: 'a'.repeat(64) };
    expect(await refusal({ material: { wrapped } })).toContain(
      'material.wrapped.ciphertext "absent.json" ',
    );
  });

  it('a variable that is not set is named', async () => {
    expect(await refusal({ material: { env: 'ROOT_KEY' } })).toContain(', ROOT_KEY,');
  });

  it('material in the place of a path or a name is not repeated', async () => {
    const text = randomBytes(32).toString('base64');
    for (const source of [{ file: text }, { env: text }, { file: `./${text}` }]) {
      expect(await refusal({ material: source })).not.toContain(text);
    }
  });

  it('a passphrase in the place of a path or a name is not repeated, and its input is named', async () => {
    writeFileSync(inFolder('key.bin'), randomBytes(32), { mode: 0o600 });
    for (const kind of ['file', 'env']) {
      const passphrase = { [kind]: 'Tr0ub4dor_and_3.txt' };
      const message = await refusal({ material: { file: inFolder('key.bin'), passphrase } });
      expect(message).toContain(`material.passphrase.${kind}`);
      expect(message).not.toContain('Tr0ub4dor');
    }
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a file', { file: 'material.bin' }, 'materials[1].file of root "material.bin"'],
    ['a variable', { env: 'ROOT_KEY' }, 'materials[1].env of root '],
    ['a type', { file: 3 }, 'materials[1].file of root must be'],
    ['an unknown member', { files: 'a' }, 'materials[1].files of root is not'],
    ['no source', {}, 'materials[1] of root names exactly one source'],
    ['bytes of another length', { inline: 'AAAA' }, 'materials[1]'],
  ])('%s in a list is named by its place', async (_what, material, expected) => {
    const message = await refusal({ ...second, material, keySpec: 'SYMMETRIC_DEFAULT' });
    expect(message).toContain(expected);
    expect(message).not.toMatch(/(?:^|\s)material\./);
  });

  it('an error of the import is named by its place too', async () => {
    const command = [process.execPath, '-e', 'process.exit(3)'];
    expect(await refusal({ ...second, material: { command } })).toContain(
      'materials[1].command of root ended with exit code 3',
    );
  });

  it('a program sees its own list', async () => {
    const project = new AwsProgram(kms);
    writeFileSync(join(project.programFolder, 'one.bin'), randomBytes(32), { mode: 0o600 });
    project.program(
      `new byok.ImportedKey('root', {
        materials: [{ file: 'one.bin' }, { file: 'two.bin' }],
      });`,
    );
    const { ok, lines } = await project.offline().preview();
    expect(ok).toBe(false);
    const named = lines.join('\n').match(/\S+ of \S+ "two\.bin"/g) ?? [];
    expect(new Set(named)).toEqual(new Set(['materials[1].file of root "two.bin"']));
    project.remove();
  });
});

describe('when credentials lack', () => {
  const saved = { ...process.env };
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-messages-'));
    process.env.AWS_EC2_METADATA_DISABLED = 'true';
    process.env.AWS_CONFIG_FILE = join(folder, 'config');
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials');
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, saved);
    rmSync(folder, { recursive: true });
  });

  it('the sentence of the SDK and the profile are shown', async () => {
    const material = { inline: randomBytes(32).toString('base64') };
    const message = await refusal({ material, connection: { profile: 'custodian' } });
    expect(message).toContain('[KMS_CREDENTIALS]');
    expect(message).toContain('Could not load credentials from any providers (profile custodian)');
  });

  it('neither the command of a profile nor its output is shown', async () => {
    writeFileSync(
      process.env.AWS_CONFIG_FILE!,
      '[profile custodian]\ncredential_process = sh -c "echo hunter2; echo hunter3 >&2; exit 1"\n',
    );
    const material = { inline: randomBytes(32).toString('base64') };
    const message = await refusal({ material, connection: { profile: 'custodian' } });
    expect(message).toContain('(profile custodian)');
    expect(message).not.toMatch(/hunter|echo/);
  });
});
