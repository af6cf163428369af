import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createKey, clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { MISSING } from '../support/languages/missing';
import { nativeProjectForAll } from '../support/languages/native-project';
import { compile } from '../support/languages/nodejs-host';

describeUnless(MISSING.nodejs)('when the SDK for Node.js is generated', () => {
  const place = nativeProjectForAll();

  it('it compiles, its types refuse an unknown input, and a program with it is updated and destroyed', async () => {
    const { kms, project } = place;
    project.write('material.bin', randomBytes(32));
    project.write('package.json', '{ "name": "life", "main": "index.ts" }');
    project.describe('name: life\nruntime: { name: nodejs, options: { typescript: true } }\n');
    const keyId = await createKey(clientOf(kms));
    project.write(
      'index.ts',
      `import * as native from '@pulumi/kms-byok';
       const one = new native.ImportedKeyMaterial('one', {
         keyId: '${keyId}', material: { file: 'material.bin' }, validFor: '90d',
       });
       export const state: native.ImportedKeyMaterial['keyState'] = one.keyState;
       // @ts-expect-error -- the schema has no such input
       export const wrong: native.ImportedKeyMaterialArgs = { keyId: '', material: {}, validfor: '90d' };`,
    );
    project.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: { strict: true, module: 'nodenext', noEmit: true, skipLibCheck: true },
        files: ['index.ts'],
      }),
    );
    const stack = await project.start();
    await stack.addPackage('./node_modules/pulumi-kms-byok/plugin');
    // The CLI has run npm in the folder of the plugin, which had nothing to install.
    const own = join(project.program, 'node_modules', 'pulumi-kms-byok');
    expect(readdirSync(own).sort()).toEqual(['dist', 'package.json', 'plugin']);
    expect(readdirSync(join(own, 'plugin'))).not.toContain('node_modules');
    expect(project.read('Pulumi.yaml')).toMatch(
      /^packages:\n +kms-byok: \.\/node_modules\/pulumi-kms-byok\/plugin$/m,
    );
    await compile(project.program);
    const made = await stack.up();
    if (!made.ok) throw new Error(made.output);
    expect(made.summary).toEqual({ create: 1 });
    expect(await stack.outputs()).toMatchObject({ state: 'Enabled' });
    expect(await works(clientOf(kms), keyId)).toBe(true);
    expect((await stack.destroy()).ok).toBe(true);
    expect(await works(clientOf(kms), keyId)).toBe(false);
  }, 120_000);
});
