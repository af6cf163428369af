import { ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { KEY, keyResource, stackExportOf, urnOf } from '../../support/stack-export';
import { runCli } from '../run-cli';
import { keyWithMaterial, useMigration } from './migration';
import { codeAtEndOfLine } from '../../support/codes';

const migration = useMigration();
const GONE = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000';

async function migrate(resources: readonly unknown[], ...args: string[]) {
  writeFileSync('before.json', JSON.stringify(stackExportOf(resources)));
  const ended = await runCli([
    ...['migrate', '--endpoint-url', migration.kms.url, '--stack-export', 'before.json'],
    ...['--out', 'after.json', '--import-file', 'import.json', '--extract', 'secrets', ...args],
  ]);
  return { ...ended, error: codeAtEndOfLine(ended.stderr) };
}

interface Resource {
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const imported = () => (read('import.json') as { resources: Resource[] }).resources;

describe('when KMS no longer has one of several keys', () => {
  const twoKeys = async () => {
    const [root, gone] = [
      await keyWithMaterial(migration.client, 'root'),
      await keyWithMaterial(migration.client, 'gone'),
    ];
    return [root, { ...gone, keyArn: GONE }].map(keyResource);
  };

  it('it is named with the remedy, and nothing is written', async () => {
    const { code, error, stderr } = await migrate(await twoKeys());
    expect({ code, error }).toEqual({ code: 1, error: 'KEY_NOT_FOUND' });
    expect(stderr).toContain(urnOf(KEY, 'gone'));
    expect(stderr).toContain('--skip gone');
    expect(readdirSync('.')).toEqual(['before.json']);
  });

  it.each(['gone', urnOf(KEY, 'gone')])(
    'skipped as %s, it stays as it is, and the others are migrated',
    async (name) => {
      const before = await twoKeys();
      const { code, stdout, stderr } = await migrate(before, '--skip', name);
      expect(code).toBe(2);
      const after = read('after.json') as ReturnType<typeof stackExportOf>;
      expect(after.deployment.resources[1]).toEqual(before[1]);
      expect(after.deployment.resources[0]).not.toHaveProperty('inputs.keyMaterialBase64');
      expect(imported().map((one) => one.name)).toEqual(['root-material']);
      expect(readdirSync('secrets')).toEqual(['root.bin']);
      expect(stdout).not.toContain('gone');
      expect(stderr).toMatch(/^1\. in root: remove keyMaterialBase64/m);
      expect(stderr).toContain('1 left in after.json');
    },
  );

  it('the JSON says that it was skipped', async () => {
    const { stdout } = await migrate(await twoKeys(), '--skip', 'gone', '--json');
    const { keys } = JSON.parse(stdout) as { keys: Record<string, unknown>[] };
    expect(keys.map(({ name, skipped, left }) => [name, skipped, left])).toEqual([
      ['root', undefined, false],
      ['gone', true, true],
    ]);
  });

  it.each([
    ['a name that no key has', ['--skip', 'rot']],
    ['a key that has a source too', ['--skip', 'gone', '--material', 'gone=file:gone.bin']],
  ])('--skip with %s is refused', async (_what, args) => {
    const { code, error } = await migrate(await twoKeys(), ...args);
    expect({ code, error }).toEqual({ code: 1, error: 'MATERIAL_SOURCE' });
    expect(readdirSync('.')).toEqual(['before.json']);
  });

  it('a name of two keys has to be a URN', async () => {
    const root = await keyWithMaterial(migration.client, 'root', { within: 'my:index:One' });
    const other = { ...root, within: 'my:index:Other', keyArn: GONE };
    const resources = [root, other].map(keyResource);
    const { error, stderr } = await migrate(resources, '--skip', 'root');
    // The first of them has the name as its own in this migration.
    expect(error).toBe('KEY_NOT_FOUND');
    const urn = urnOf(`my:index:Other$${KEY}`, 'root');
    expect(stderr).toContain(urn);
    expect((await migrate(resources, '--skip', urn)).code).toBe(2);
    expect(imported().map((one) => one.name)).toEqual(['root-material']);
  });

  it('a key whose deletion is scheduled is named in the same way', async () => {
    const leaving = await keyWithMaterial(migration.client, 'leaving');
    await migration.client.send(new ScheduleKeyDeletionCommand({ KeyId: leaving.keyArn }));
    const { code, stderr } = await migrate([keyResource(leaving)], '--reimport');
    expect(code).toBe(1);
    expect(stderr).toContain('--skip leaving');
    expect(readdirSync('.')).toEqual(['before.json']);
  });
});

describe('when a key has an aws provider of its own', () => {
  const providerWith = (name: string, inputs: Record<string, unknown>) => ({
    urn: urnOf('pulumi:providers:aws', name),
    type: 'pulumi:providers:aws',
    custom: true,
    id: 'an-id',
    inputs,
  });
  const keyOf = async (provider: { readonly urn: string }) =>
    keyResource(
      await keyWithMaterial(migration.client, 'root', {
        more: { provider: `${provider.urn}::an-id` },
      }),
    );
  const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

  it('its profile, role and endpoints are the connection of the material', async () => {
    const provider = providerWith('custody', {
      region: 'eu-west-1',
      profile: 'custodian',
      endpoints: JSON.stringify([{ kms: migration.kms.url, sts: 'https://sts.example' }]),
      assumeRoles: JSON.stringify([
        { roleArn: 'arn:aws:iam::111122223333:role/custodian', duration: '1h' },
      ]),
      httpsProxy: 'http://proxy.example:3128',
      noProxy: '127.0.0.1',
      skipCredentialsValidation: 'true',
      version: '7.48.0',
    });
    const { code, stdout } = await migrate([provider, await keyOf(provider)]);
    expect(code).toBe(0);
    const [{ inputs }] = imported() as [Resource];
    expect(inputs.connection).toEqual({
      profile: 'custodian',
      endpoint: migration.kms.url,
      endpoints: { sts: 'https://sts.example' },
      httpsProxy: 'http://proxy.example:3128',
      noProxy: '127.0.0.1',
      assumeRole: { roleArn: 'arn:aws:iam::111122223333:role/custodian', duration: '3600s' },
    });
    expect(stdout).toContain("profile: 'custodian'");
    expect(stdout).toContain("roleArn: 'arn:aws:iam::111122223333:role/custodian'");
  });

  it.each([
    ['a default provider', 'default_7_48_0', { region: 'eu-west-1', profile: 'custodian' }],
    ['a provider that has only a Region', 'west', { region: 'eu-west-1' }],
  ])('there is no connection for %s', async (_what, name, inputs) => {
    const provider = providerWith(name, inputs);
    const { code, stdout, stderr } = await migrate([provider, await keyOf(provider)]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('connection');
    expect(stderr).not.toContain('provider of root');
    expect(imported()[0]).not.toHaveProperty('inputs.connection');
  });

  it.each([
    ['credentials', { profile: 'custodian', accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: SECRET }],
    ['what no connection has', { customCaBundle: 'ca.pem' }],
    ['a password of a proxy', { httpsProxy: 'http://a:AKIAIOSFODNN7EXAMPLE@proxy.example:1' }],
  ])('a provider with %s is warned of, and its credentials are nowhere', async (_what, inputs) => {
    const provider = providerWith('west', { region: 'eu-west-1', ...inputs });
    const { code, stdout, stderr } = await migrate([provider, await keyOf(provider)]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: the aws provider of root /m);
    const written = [stdout, stderr, readFileSync('import.json', 'utf8')].join('\n');
    expect(written).not.toContain(SECRET);
    expect(written).not.toContain('AKIAIOSFODNN7EXAMPLE');
  });
});
