import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { OfflineStack } from 'pulumi-offline-engine';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { availableStack } from '../support/available-stack';
import { contentsBelow } from '../support/files';
import { CREDENTIALS, works } from '../../packages/embedded-kms/test/support/kms-key';
import { ProjectFolder, type Declared } from '../support/project-folder';

jest.setTimeout(400_000);

const OTHER_ACCOUNT = '444455556666';

let kms: EmbeddedKms;
let project: ProjectFolder;
const clients: KMSClient[] = [];

function clientFor(region: string, account = CREDENTIALS.accessKeyId): KMSClient {
  const credentials = { accessKeyId: account, secretAccessKey: 'not-checked' };
  const client = new KMSClient({ endpoint: kms.url, region, credentials });
  clients.push(client);
  return client;
}

async function createKeyWith(client: KMSClient): Promise<string> {
  return (await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }))).KeyMetadata!.KeyId!;
}

beforeAll(async () => {
  kms = await startKms();
});

afterAll(async () => {
  for (const client of clients) client.destroy();
  await kms.close();
});

beforeEach(() => {
  project = new ProjectFolder();
});

afterEach(() => {
  project.remove();
});

const env = {
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
};
const provider = (args: Record<string, unknown>) => ({ class: 'KmsByokProvider', args });
const by = (name: string) => ({ provider: { $resource: name } });

describe('when a program has explicit providers', () => {
  it('each serves its Region and account, and a change of provider keeps the material', async () => {
    const stack = await availableStack(project, { env });
    const west = clientFor('eu-west-1');
    const north = clientFor('eu-north-1', OTHER_ACCOUNT);
    const [inWest, inNorth] = [await createKeyWith(west), await createKeyWith(north)];
    const material = { file: project.write('material.bin', randomBytes(32)) };
    const role = { roleArn: `arn:aws:iam::${OTHER_ACCOUNT}:role/keys` };
    const declared: Declared = {
      west: provider({ region: 'eu-west-1', endpoint: kms.url }),
      north: provider({
        region: 'eu-north-1',
        endpoint: kms.url,
        endpoints: { sts: kms.url },
        assumeRole: role,
      }),
      a: { args: { keyId: inWest, material }, opts: by('west') },
      b: { args: { keyId: inNorth, material }, opts: by('north') },
    };
    project.declare(declared);
    expect((await stack.preview()).ok).toBe(true);
    expect((await stack.up()).ok).toBe(true);
    expect([await works(west, inWest), await works(north, inNorth)]).toEqual([true, true]);
    kms.clearCalls();
    const unchanged = await stack.up();
    expect(unchanged.ok).toBe(true);
    // Only one of the two engines counts providers.
    expect(Object.keys(unchanged.summary)).toEqual(['same']);
    expect(kms.calls).toHaveLength(0);

    // Another provider of the same Region and account is no change of the resource.
    const second = provider({ region: 'eu-west-1', endpoint: kms.url });
    const { a, ...others } = declared;
    project.declare({ second, ...others, a: { ...a!, opts: by('second') } });
    const moved = await stack.up();
    expect(moved.ok).toBe(true);
    expect(Object.keys(moved.summary)).not.toContain('update');

    // With another name it is created by one process, and deleted by the other.
    project.declare({ second, ...others, renamed: { ...a!, opts: by('west') } });
    expect(await stack.up()).toMatchObject({ ok: true, summary: { delete: 1 } });
    expect(kms.calls.map(({ operation }) => operation)).not.toContain('DeleteImportedKeyMaterial');
    expect(await works(west, inWest)).toBe(true);
    expect((await stack.refresh()).ok).toBe(true);
    expect((await stack.destroy()).ok).toBe(true);
    expect([await works(west, inWest), await works(north, inNorth)]).toEqual([false, false]);
  });
});

describe('when an endpoint or a proxy of an explicit provider has a password', () => {
  it.each([
    ['endpoint', (url: string) => ({ endpoint: url }), 'ENDPOINT_INSECURE'],
    ['endpoints', (url: string) => ({ endpoints: { sts: url } }), 'ENDPOINT_INSECURE'],
    ['httpsProxy', (url: string) => ({ httpsProxy: url }), 'INPUT_INVALID'],
  ])('in %s, the program is refused before state has it', async (_input, args, code) => {
    const stack = await availableStack(project, { env });
    project.declare({ west: provider(args('https://importer:hunter2@kms.invalid')) });
    const report = await stack.up();
    expect(report.ok).toBe(false);
    expect(JSON.stringify(report)).toContain(code);
    for (const { name, content } of contentsBelow(project.engineFolder)) {
      expect([name, content.includes('hunter2')]).toEqual([name, false]);
    }
  });
});

describe('when the offline engine runs a program with explicit providers', () => {
  it('the connection of a resource takes precedence over its provider, which ignores the stack configuration', async () => {
    const west = clientFor('eu-west-1');
    const keyId = await createKeyWith(west);
    const material = { file: project.write('material.bin', randomBytes(32)) };
    const stack = new OfflineStack({
      projectDir: project.programFolder,
      stateFile: join(project.engineFolder, 'state.json'),
      // Nobody listens there, and the provider does not see it.
      config: { 'aws:endpoints': JSON.stringify([{ kms: 'http://127.0.0.1:9' }]) },
      env,
    });
    project.declare({
      north: provider({ region: 'eu-north-1', endpoint: kms.url }),
      a: {
        args: { keyId, material, connection: { region: 'eu-west-1' } },
        opts: by('north'),
      },
    });
    expect(await stack.up()).toMatchObject({ ok: true });
    expect(await works(west, keyId)).toBe(true);
  });

  it('a provider whose inputs are not known yet previews', async () => {
    const west = clientFor('eu-west-1');
    const [one, two] = [await createKeyWith(west), await createKeyWith(west)];
    const material = { file: project.write('material.bin', randomBytes(32)) };
    project.declare({
      first: provider({ region: 'eu-west-1', endpoint: kms.url }),
      a: { args: { keyId: one, material }, opts: by('first') },
      late: provider({
        region: 'eu-west-1',
        endpoint: kms.url,
        profile: { $output: ['a', 'validTo'] },
      }),
      b: { args: { keyId: two, material }, opts: by('late') },
    });
    const stack = new OfflineStack({
      projectDir: project.programFolder,
      stateFile: join(project.engineFolder, 'state.json'),
      env,
    });
    expect(await stack.preview()).toMatchObject({ ok: true, summary: { create: 4 } });
    expect(await stack.up()).toMatchObject({ ok: true });
    expect(await works(west, two)).toBe(true);
  });
});
