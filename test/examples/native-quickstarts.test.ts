import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf, materialsOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { contentsBelow } from '../support/files';
import { MISSING } from '../support/languages/missing';
import { NativeProject } from '../support/languages/native-project';

/** The file of each program, and the lines of its materials before and after the rotation of its README. */
const QUICKSTARTS = {
  yaml: {
    file: 'Pulumi.yaml',
    one: '        - file: material.bin\n',
    two: '        - file: material.bin\n        - file: 2027.bin\n',
  },
  python: {
    file: '__main__.py',
    one: '        {"file": "material.bin"},\n',
    two: '        {"file": "material.bin"},\n        {"file": "2027.bin"},\n',
  },
  go: {
    file: 'main.go',
    one: '\t\t\t\t&kmsbyok.MaterialArgs{File: pulumi.String("material.bin")},\n',
    two: '\t\t\t\t&kmsbyok.MaterialArgs{File: pulumi.String("material.bin")},\n\t\t\t\t&kmsbyok.MaterialArgs{File: pulumi.String("2027.bin")},\n',
  },
} as const;

describe('when the page on other languages is compared with the quickstarts', () => {
  const page = readFileSync(
    join(__dirname, '..', '..', 'docs', 'how-to', 'other-languages.md'),
    'utf8',
  );

  it('its programs are those of the quickstarts, in a project that has the package installed', () => {
    for (const [language, { file }] of Object.entries(QUICKSTARTS)) {
      const text = sourceOf(language, file)
        .replace(/^ *# In a project of your own: .*\n/m, '')
        .replace('../../plugin', './node_modules/pulumi-kms-byok/plugin');
      expect(page).toContain(`\`\`\`${language}\n${text}\`\`\`\n`);
    }
  });
});

const names = Object.keys(QUICKSTARTS) as (keyof typeof QUICKSTARTS)[];

for (const language of names)
  describeUnless(MISSING[language])(`when the quickstart in ${language} is run`, () => {
    let kms: EmbeddedKms;
    let project: NativeProject;

    beforeEach(async () => {
      kms = await startKms({ rotationSeconds: 0 });
      project = new NativeProject(kms);
    });

    afterEach(async () => {
      project.remove();
      await kms.close();
    });

    it('its key is made, is unchanged, rotates and is destroyed, and its material is in no file', async () => {
      const { file, one, two } = QUICKSTARTS[language];
      const materials = ['material.bin', '2027.bin'].map((name) => {
        const bytes = randomBytes(32);
        project.write(name, bytes);
        return bytes;
      });
      project.copyExample(`quickstart-${language}`);
      const stack = await project.start();
      // In YAML there is nothing to generate.
      if (language !== 'yaml') await stack.install();

      const made = await stack.up();
      if (!made.ok) throw new Error(made.output);
      expect(made.diagnostics).toEqual([]);
      expect(made.summary).toEqual({ create: 6 });
      const outputs = await stack.outputs();
      expect(Object.keys(outputs).sort()).toEqual(promisedOutputs(language));
      const keyArn = outputs.keyArn as string;
      expect(await works(clientOf(kms), keyArn)).toBe(true);

      const calls = kms.calls.length;
      const again = await stack.preview();
      expect([again.ok, again.changes]).toEqual([true, []]);
      expect(kms.calls.slice(calls)).toEqual([]);

      project.edit(file, one, two);
      expect((await stack.up()).ok).toBe(true);
      const states = await materialsOf(clientOf(kms), keyArn);
      expect(states.map(({ KeyMaterialState }) => KeyMaterialState)).toEqual([
        'NON_CURRENT',
        'CURRENT',
      ]);

      expect((await stack.destroy()).ok).toBe(true);
      expect(await works(clientOf(kms), keyArn)).toBe(false);
      for (const { name, content } of contentsBelow(join(project.folder, 'engine'))) {
        for (const bytes of materials) {
          expect([name, searchMaterial(bytes, content)]).toEqual([name, []]);
        }
      }
    }, 400_000);
  });

/** The names of the outputs that the README of a quickstart shows. */
function promisedOutputs(language: string): string[] {
  const [, block = ''] = /```\nOutputs:\n([\s\S]*?)```/.exec(sourceOf(language, 'README.md')) ?? [];
  return [...block.matchAll(/^ {4}(\w+) *:/gm)].map((match) => match[1] ?? '').sort();
}

function sourceOf(language: string, file: string): string {
  const folder = join(__dirname, '..', '..', 'examples', `quickstart-${language}`);
  return readFileSync(join(folder, file), 'utf8');
}
