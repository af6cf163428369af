import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const ROOT = join(__dirname, '..', '..');

const PROGRAMS = [
  'bin/kms-byok.js',
  'dist/cli/offline/kms-byok-offline.js',
  'packages/embedded-kms/bin/embedded-kms.js',
];

describe('when nobody reads the output to its end, as head does not', () => {
  it.each(PROGRAMS)('%s ends as if somebody did', async (program) => {
    const child = spawn(process.execPath, [join(ROOT, program), '--help'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const [complaint] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(complaint).toBe('');
    expect(child.exitCode).toBe(0);
  });
});
