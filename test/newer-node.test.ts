import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describeUnless } from '../packages/embedded-kms/test/support/describe-unless';
import { findNewerNode, NODE_24 } from '../scripts/test-tools/newer-node';

const ROOT = join(__dirname, '..');
const node = findNewerNode(NODE_24);

describeUnless(node === undefined ? NODE_24.title : undefined)(
  'when a newer Node.js runs the embedded KMS',
  () => {
    it('keys of ML-KEM and ML-DSA are served', () => {
      const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
      const tests = 'packages/embedded-kms/test/operations/post-quantum';
      const { FAIL_ON_SKIPPED: _, ...env } = process.env;
      const { status, stderr } = spawnSync(node!, [jest, '--runInBand', tests], {
        cwd: ROOT,
        env,
        encoding: 'utf8',
      });
      expect([status, stderr]).toEqual([0, expect.stringContaining('ML-KEM')]);
      expect(stderr).toContain('ML-DSA');
      expect(stderr).not.toContain('skipped');
    }, 120_000);
  },
);
