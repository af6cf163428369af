import { ListKeyRotationsCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { OfflineStack } from '../../src/testing/engine/index';
import { startKms, type CallEvent, type Kms } from '../../src/testing/kms/index';
import { clientOf, createKey, CREDENTIALS, works } from '../support/kms-key';
import { ProjectFolder } from '../support/project-folder';

jest.setTimeout(120_000);

let kms: Kms;
let client: KMSClient;
let onCall: (call: CallEvent) => void = () => undefined;

beforeAll(async () => {
  kms = await startKms({
    onCall: (call) => {
      onCall(call);
    },
  });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

describe('when the provider process is killed in the middle of a create', () => {
  const points = [
    ['before', 'DescribeKey'],
    ['after', 'GetParametersForImport'],
    ['before', 'ImportKeyMaterial'],
    ['after', 'ImportKeyMaterial'],
  ] as const;

  it.each(points)(
    '%s %s, the next update ends Enabled with the one material',
    async (phase, operation) => {
      const keyId = await createKey(client);
      const project = new ProjectFolder();
      const file = project.write('material.bin', randomBytes(32));
      project.declare({ root: { args: { keyId, material: { file }, validFor: '30d' } } });
      const processes: ChildProcess[] = [];
      const stack = new OfflineStack({
        projectDir: project.programFolder,
        stateFile: join(project.engineFolder, 'state.json'),
        config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
        env: {
          AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
          AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
          AWS_REGION: 'eu-west-1',
        },
        onProvider: (process) => {
          processes.push(process);
        },
      });

      let killed = false;
      onCall = (call) => {
        if (killed || call.operation !== operation || call.phase !== phase) return;
        killed = true;
        processes.at(-1)?.kill('SIGKILL');
      };
      expect((await stack.up()).ok).toBe(false);
      expect(killed).toBe(true);
      onCall = () => undefined;

      const second = await stack.up();
      expect(second).toMatchObject({ ok: true, summary: { create: 1 } });
      expect(await works(client, keyId)).toBe(true);
      const { Rotations } = await client.send(
        new ListKeyRotationsCommand({ KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }),
      );
      expect(Rotations).toHaveLength(1);
      expect((await stack.up()).summary).toEqual({ same: 1 });
      project.remove();
    },
  );
});
