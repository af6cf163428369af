import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliEnvironment } from '../../scripts/engine/environment';
import { describeWithPulumi } from '../support/describe-with-pulumi';
import {
  eventually,
  isRunning,
} from '../../packages/pulumi-offline-engine/test/support/eventually';
import { ProjectFolder } from '../support/project-folder';
import { ENGINE, PulumiCli } from '../support/pulumi-cli';

jest.setTimeout(240_000);

// Pulumi's own host asks only every few minutes whether its engine is there.
const SIGNALS: NodeJS.Signals[] =
  ENGINE?.languageHost === 'pulumi' ? ['SIGINT'] : ['SIGINT', 'SIGKILL'];

describeWithPulumi('when the real engine is interrupted in an update', () => {
  it.each(SIGNALS)('%s leaves neither the program nor its language host behind', async (signal) => {
    const project = new ProjectFolder();
    project.write(
      'index.js',
      `const { renameSync, writeFileSync } = require('node:fs');
       writeFileSync('new.json', JSON.stringify([process.pid, process.ppid]));
       renameSync('new.json', 'processes.json');
       setInterval(() => undefined, 1000);`,
    );
    const stack = { projectDir: project.programFolder, folder: project.engineFolder };
    await PulumiCli.create(stack);
    const engine = spawn(
      ENGINE!.program,
      ['up', '--non-interactive', '--yes', '--skip-preview', '--stack', 'test'],
      {
        cwd: project.programFolder,
        env: cliEnvironment(ENGINE!, project.engineFolder, 'test'),
        stdio: 'ignore',
      },
    );
    const ended = once(engine, 'exit');
    const note = join(project.programFolder, 'processes.json');
    const processes = await eventually(
      () => existsSync(note) && (JSON.parse(readFileSync(note, 'utf8')) as number[]),
    );
    expect(processes.every(isRunning)).toBe(true);
    engine.kill(signal);
    await ended;
    await eventually(() => !processes.some(isRunning));
    project.remove();
  });
});
