import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { KMSClient } from '@aws-sdk/client-kms';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { DEBIAN_PROGRAMS, findProgram } from '../../scripts/test-tools/debian';
import { findSops, SOPS, SOPS_FOLDER } from '../../scripts/test-tools/sops';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { clientOf, createKey, works } from '../../packages/embedded-kms/test/support/kms-key';
import { blocksBelow } from '../support/documented-script';
import { ResourceLife } from '../support/resource-life';

const missing = (): string | undefined => {
  if (findProgram(DEBIAN_PROGRAMS.age) === undefined) return DEBIAN_PROGRAMS.age.title;
  return findSops() === undefined ? SOPS : undefined;
};

/** The `material` of the program that the page shows below a heading. */
function documentedMaterial(heading: string): Record<string, unknown> {
  const [program = ''] = blocksBelow('secret-stores.md', heading, 'ts');
  const text = /^ {2}material: (\{[\s\S]*?\}),\n\}\);$/m.exec(program)?.[1];
  return JSON.parse(runInNewContext(`JSON.stringify(${text})`) as string) as Record<
    string,
    unknown
  >;
}

describeUnless(missing())('when a secret store of the documentation has the material', () => {
  let kms: EmbeddedKms;
  let client: KMSClient;
  let folder: string;
  const origin = process.cwd();

  beforeAll(async () => {
    kms = await startKms();
    client = clientOf(kms);
  });

  afterAll(async () => {
    client.destroy();
    await kms.close();
  });

  // A command runs in the folder of the program.
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'byok-store-'));
    process.chdir(folder);
  });

  afterEach(() => {
    process.chdir(origin);
    rmSync(folder, { recursive: true });
  });

  it.each(['age', 'SOPS'])(
    'the commands of %s keep it, and the program imports it',
    async (store) => {
      const [commands = ''] = blocksBelow('secret-stores.md', store, 'sh');
      const env = {
        ...process.env,
        PATH: [SOPS_FOLDER, process.env.PATH].join(delimiter),
        SOPS_AGE_KEY_FILE: join(folder, 'age.key'),
      };
      execFileSync('sh', ['-euc', commands], { cwd: folder, env, stdio: 'ignore' });
      const keyId = await createKey(client);
      const life = new ResourceLife({ kms, env });
      const program = { keyId, material: documentedMaterial(store) };
      expect(await life.up(program)).toBe('create');
      expect(await works(client, keyId)).toBe(true);
      expect(await life.up(program)).toBe('same');
    },
  );

  it('a variable of Pulumi ESC is read as any other', async () => {
    const keyId = await createKey(client);
    const ROOT_KEY = randomBytes(32).toString('base64');
    const life = new ResourceLife({ kms, env: { ROOT_KEY } });
    expect(await life.up({ keyId, material: documentedMaterial('Pulumi ESC') })).toBe('create');
  });
});
