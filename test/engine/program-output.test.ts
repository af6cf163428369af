import { ProjectFolder } from '../support/project-folder';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import { PulumiCli } from '../support/pulumi-cli';

jest.setTimeout(60_000);

describeWithPulumi('when a program prints', () => {
  it('the CLI shows both streams, so that a search of its output for material finds it', async () => {
    const project = new ProjectFolder();
    project.write(
      'index.js',
      `process.stdout.write('on stdout\\n');
       process.on('exit', () => process.stderr.write('on stderr'));`,
    );
    const stack = await PulumiCli.create({
      projectDir: project.programFolder,
      folder: project.engineFolder,
    });
    const { ok, output } = await stack.up();
    project.remove();
    expect(ok).toBe(true);
    expect(output).toContain('on stdout');
    expect(output).toContain('on stderr');
  });
});
