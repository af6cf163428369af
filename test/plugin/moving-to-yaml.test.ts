import { randomBytes } from 'node:crypto';
import { clientOf, createKey, works } from '../../packages/embedded-kms/test/support/kms-key';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { blocksBelow } from '../support/documented-script';
import { MISSING } from '../support/languages/missing';
import { nativeProjectForAll } from '../support/languages/native-project';

describeUnless(MISSING.yaml)(
  'when a program in Node.js becomes the program in YAML of the page',
  () => {
    const place = nativeProjectForAll();

    it('the resource keeps its state, and KMS gets no call that changes something', async () => {
      const { kms, project } = place;
      const keyId = await createKey(clientOf(kms));
      project.write('material.bin', randomBytes(32));
      project.write('package.json', '{ "name": "life", "main": "index.js" }');
      project.write(
        'index.js',
        `const { ImportedKeyMaterial } = require('pulumi-kms-byok');
       new ImportedKeyMaterial('root-key', { keyId: '${keyId}', material: { file: 'material.bin' } });`,
      );
      project.describe('name: life\nruntime: { name: nodejs, options: { typescript: false } }\n');
      const stack = await project.start();
      expect((await stack.up()).summary).toEqual({ create: 1 });
      expect(await works(clientOf(kms), keyId)).toBe(true);
      const writes = (): string[] =>
        kms.calls
          .map(({ operation }) => operation)
          .filter((operation) => !/^(Get|List|Describe)/.test(operation));
      const before = writes();

      const heading = 'Move a resource from one form to the other';
      const [resources = ''] = blocksBelow('other-languages.md', heading, 'yaml');
      const placeholder = '1234abcd-12ab-34cd-56ef-1234567890ab';
      expect(resources).toContain(placeholder);
      project.describe(
        [
          'name: life',
          'runtime: yaml',
          'packages: { kms-byok: ./node_modules/pulumi-kms-byok/plugin }',
          resources.replace(placeholder, keyId),
        ].join('\n'),
      );
      const moved = await stack.up();
      if (!moved.ok) throw new Error(moved.output);
      expect(moved.summary).toEqual({ same: 1 });
      expect(writes()).toEqual(before);
      const { deployment } = await stack.exportState();
      expect(deployment.resources.map(({ type }) => type)).toContain(
        'kms-byok:index:ImportedKeyMaterial',
      );
      expect((await stack.destroy()).ok).toBe(true);
      expect(await works(clientOf(kms), keyId)).toBe(false);
    }, 120_000);
  },
);
