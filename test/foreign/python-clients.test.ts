import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  ACCOUNT,
  startWorld,
  wrap,
  type World,
} from '../../packages/embedded-kms/test/support/world';
import { findPythonPrograms } from '../../scripts/test-tools/python';
import { describeWithPython } from '../support/python-programs';

const run = promisify(execFile);
const MINUTES = 60_000;

const program = (name: string): string => join(findPythonPrograms() ?? '', name);

let world: World;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  folder = mkdtempSync(join(tmpdir(), 'kms-byok-aws-cli-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

describeWithPython('when boto3 is the client', () => {
  it(
    'lives through create, import, use, rotate and delete, and every answer has its shape',
    async () => {
      const { stdout } = await run(program('python'), [join(__dirname, 'boto3_life.py')], {
        env: { ...process.env, KMS_URL: world.kms.url },
      });
      expect(Number(/^(\d+) answers validated/.exec(stdout)?.[1])).toBeGreaterThan(25);
    },
    2 * MINUTES,
  );
});

describeWithPython('when the AWS CLI is the client', () => {
  it(
    'creates, imports, uses, rotates and deletes',
    async () => {
      const aws = async (...args: string[]) => {
        const { stdout } = await run(program('aws'), ['kms', ...args, '--output', 'json'], {
          env: {
            PATH: process.env.PATH,
            AWS_ENDPOINT_URL_KMS: world.kms.url,
            AWS_ACCESS_KEY_ID: ACCOUNT,
            AWS_SECRET_ACCESS_KEY: 'x',
            AWS_REGION: 'eu-central-1',
            AWS_DEFAULT_REGION: 'eu-central-1',
          },
        });
        return (stdout === '' ? {} : JSON.parse(stdout)) as Record<string, unknown>;
      };
      const file = (name: string, content: Buffer) => {
        writeFileSync(join(folder, name), content);
        return `fileb://${join(folder, name)}`;
      };
      const base64 = (value: unknown) => Buffer.from(value as string, 'base64');
      const state = async () =>
        ((await aws('describe-key', '--key-id', keyId)).KeyMetadata as { KeyState: string })
          .KeyState;

      const created = await aws('create-key', '--origin', 'EXTERNAL');
      const keyId = (created.KeyMetadata as { KeyId: string }).KeyId;
      const importMaterial = async (...extras: string[]) => {
        const parameters = await aws(
          'get-parameters-for-import',
          ...['--key-id', keyId, '--wrapping-algorithm', 'RSAES_OAEP_SHA_256'],
          ...['--wrapping-key-spec', 'RSA_2048'],
        );
        const wrapped = wrap(base64(parameters.PublicKey), randomBytes(32));
        const answer = await aws(
          'import-key-material',
          ...['--key-id', keyId, '--expiration-model', 'KEY_MATERIAL_DOES_NOT_EXPIRE'],
          ...['--import-token', file('token', base64(parameters.ImportToken))],
          ...['--encrypted-key-material', file('wrapped', wrapped), ...extras],
        );
        return answer.KeyMaterialId as string;
      };
      const first = await importMaterial();
      expect(await state()).toBe('Enabled');
      const plaintext = file('plaintext', Buffer.from('hello'));
      const { CiphertextBlob } = await aws('encrypt', '--key-id', keyId, '--plaintext', plaintext);
      await importMaterial('--import-type', 'NEW_KEY_MATERIAL');
      await aws('rotate-key-on-demand', '--key-id', keyId);
      world.clock.advance(60_000);
      const ciphertext = file('ciphertext', base64(CiphertextBlob));
      const opened = await aws('decrypt', '--ciphertext-blob', ciphertext);
      expect(base64(opened.Plaintext).toString()).toBe('hello');
      expect(opened.KeyMaterialId).toBe(first);
      await aws('disable-key', '--key-id', keyId);
      await aws('enable-key', '--key-id', keyId);
      await aws('delete-imported-key-material', '--key-id', keyId);
      expect(await state()).toBe('PendingImport');
      await aws('schedule-key-deletion', '--key-id', keyId, '--pending-window-in-days', '7');
      expect(await state()).toBe('PendingDeletion');
      await expect(aws('enable-key', '--key-id', keyId)).rejects.toMatchObject({
        stderr: expect.stringContaining('is pending deletion.') as string,
      });
    },
    4 * MINUTES,
  );
});
