import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ENGINE_VERSION, GO_MODULE } from '../../scripts/engine/versions';
import { clientOf, works } from '../../packages/embedded-kms/test/support/kms-key';
import { describeUnless } from '../../packages/embedded-kms/test/support/describe-unless';
import { MISSING } from '../support/languages/missing';
import { nativeProjectForAll } from '../support/languages/native-project';
import { generateSdk } from '../support/languages/sdk-generator';

const SCHEMA = join(__dirname, '..', '..', 'plugin', 'schema.json');

describeUnless(MISSING.go)('when the SDK for Go is generated', () => {
  const place = nativeProjectForAll();

  it('it compiles, and a program with it is updated, is unchanged and is destroyed', async () => {
    const { kms, project } = place;
    await generateSdk('go', SCHEMA, join(project.program, 'sdk'));
    // The modules of the engine include Pulumi's SDK for Go, so nothing is downloaded.
    const [module, sums] = ['go.mod', 'go.sum'].map((file) =>
      readFileSync(join(GO_MODULE, file), 'utf8'),
    );
    project.write('go.mod', `${module}\nrequire ${SDK} v0.0.0\n\nreplace ${SDK} => ./sdk\n`);
    project.write('go.sum', sums ?? '');
    const own = project.read('sdk/go.mod');
    project.write('sdk/go.mod', own.replace(/(pulumi\/sdk\/v3) v\S+/, `$1 v${ENGINE_VERSION}`));
    project.write('main.go', PROGRAM);
    await promisify(execFile)('go', ['build', '-o', 'program', '.'], { cwd: project.program });

    project.write('material.bin', randomBytes(32));
    project.describe(
      [
        'name: life',
        'runtime: { name: go, options: { binary: program } }',
        'packages: { kms-byok: ./node_modules/pulumi-kms-byok/plugin }',
        '',
      ].join('\n'),
    );
    const stack = await project.start();
    const made = await stack.up();
    if (!made.ok) throw new Error(made.output);
    const { keyArn } = (await stack.outputs()) as { keyArn: string };
    expect(await works(clientOf(kms), keyArn)).toBe(true);
    expect((await stack.preview()).changes).toEqual([]);
    expect((await stack.destroy()).ok).toBe(true);
    expect(await works(clientOf(kms), keyArn)).toBe(false);
  }, 300_000);
});

const SDK = 'example.com/pulumi-kms-byok/sdk/go';

const PROGRAM = `package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"${SDK}/kmsbyok"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		key, err := kmsbyok.NewImportedKey(ctx, "root-key", &kmsbyok.ImportedKeyArgs{
			Materials: kmsbyok.MaterialArray{&kmsbyok.MaterialArgs{File: pulumi.String("material.bin")}},
		}, pulumi.Protect(false))
		if err != nil {
			return err
		}
		ctx.Export("keyArn", key.KeyArn)
		return nil
	})
}
`;
