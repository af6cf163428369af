import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { importWith } from '../../packages/embedded-kms/test/support/specs';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { runCli, useEmbeddedCredentials } from '../cli/run-cli';
import { MISSING } from '../support/languages/missing';
import { nativeProjectForAll } from '../support/languages/native-project';

useEmbeddedCredentials();

describeUnless(MISSING.yaml)('when kms-byok adopt writes a file for the native plugin', () => {
  const place = nativeProjectForAll();
  const home = process.cwd();

  afterAll(() => {
    process.chdir(home);
  });

  it('after the import, a program in YAML with the printed resources changes nothing', async () => {
    const { kms, project } = place;
    const client = clientOf(kms);
    const material = randomBytes(32);
    project.write('root.bin', material);
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
    const keyArn = KeyMetadata!.Arn!;
    await importWith({ client }, keyArn, material, { algorithm: 'RSAES_OAEP_SHA_256' });
    // As a person runs it: paths are relative to the program.
    process.chdir(project.program);
    const { code, stdout } = await runCli([
      ...['adopt', '--native', '--key-id', keyArn, '--name', 'root', '--out', 'import.json'],
      ...['--material', 'file:root.bin', '--endpoint-url', kms.url],
    ]);
    expect(code).toBe(0);
    const settings = [
      'name: life',
      'runtime: yaml',
      'packages: { kms-byok: ./node_modules/pulumi-kms-byok/plugin }',
      '',
    ].join('\n');
    project.describe(settings);
    const stack = await project.start();
    const before = kms.calls.length;
    const content = JSON.parse(
      readFileSync(join(project.program, 'import.json'), 'utf8'),
    ) as unknown;
    const imported = await stack.importFile(content);
    expect([imported.ok, imported.output]).toEqual([true, expect.any(String)]);
    project.describe(settings + stdout);
    const updated = await stack.up();
    expect([updated.summary, updated.output]).toEqual([{ same: 1 }, expect.any(String)]);
    expect(kms.calls.slice(before)).toEqual([]);
    expect((await stack.refresh()).ok).toBe(true);
    expect((await stack.up()).summary).toEqual({ same: 1 });
    // The import has protected it.
    expect((await stack.destroy()).ok).toBe(false);
    expect(await works(client, keyArn)).toBe(true);
  }, 120_000);
});
