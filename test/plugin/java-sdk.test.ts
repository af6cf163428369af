import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { buildJar } from '../support/languages/java-program';
import { MISSING } from '../support/languages/missing';
import { nativeProjectForAll } from '../support/languages/native-project';

const PAGE = join(__dirname, '..', '..', 'docs', 'how-to', 'other-languages.md');

describeUnless(MISSING.java)('when the SDK for Java is generated', () => {
  const place = nativeProjectForAll();

  it('it compiles, and the program of the page makes a key, changes nothing and destroys it', async () => {
    const { kms, project } = place;
    const [, program = ''] = /```java\n([^]*?)```/.exec(readFileSync(PAGE, 'utf8')) ?? [];
    project.write('material.bin', randomBytes(32));
    project.write('App.java', program);
    project.describe('name: life\nruntime: { name: java, options: { binary: app.jar } }\n');
    const stack = await project.start();
    await stack.addPackage('./node_modules/pulumi-kms-byok/plugin');
    await buildJar(project.program, 'App');
    const made = await stack.up();
    if (!made.ok) throw new Error(made.output);
    expect(made.summary).toEqual({ create: 6 });
    const { keyArn, rotationsRemaining } = await stack.outputs();
    expect(rotationsRemaining).toBe(25);
    expect(await works(clientOf(kms), keyArn as string)).toBe(true);
    expect((await stack.preview()).changes).toEqual([]);
    expect((await stack.destroy()).ok).toBe(true);
    expect(await works(clientOf(kms), keyArn as string)).toBe(false);
  }, 120_000);
});
