import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { AwsProgram, REGION } from '../support/aws-program';
import { available, offline, type Engine } from '../support/imported-key-life';
import { ENGINE } from '../support/pulumi-cli';
import { recordCodesIn } from '../support/seen-codes';
import { clientOf } from '../../packages/embedded-kms/test/support/kms-key';

jest.setTimeout(300_000);

const ENGINES: readonly (readonly [string, (project: AwsProgram) => Promise<Engine>])[] = [
  ['offline engine', offline],
  ...(ENGINE === undefined ? [] : ([['real engine', available]] as const)),
];

describe.each(ENGINES)(
  'when the replicas of a protected key change under the %s',
  (_name, open) => {
    let kms: EmbeddedKms;
    let client: KMSClient;
    let project: AwsProgram;
    let engine: Engine;
    let keys: Record<string, string>;

    beforeAll(async () => {
      kms = await startKms({ replicationSeconds: 0, rotationSeconds: 0 });
      client = clientOf(kms, REGION);
      project = new AwsProgram(kms);
      project.write('1.bin', randomBytes(32));
      engine = await open(project);
      declare('', REPLICA);
      const { ok, text } = await engine.up();
      expect(ok ? '' : text).toBe('');
      keys = (await engine.outputs()) as Record<string, string>;
    });

    afterAll(async () => {
      client.destroy();
      project.remove();
      await kms.close();
    });

    const REPLICA = `replicas: [{ region: 'us-east-1' }]`;
    function declare(single: string, global: string): void {
      project.program(`
      for (const [name, args] of Object.entries({ single: { ${single} }, global: { ${global} } })) {
        exports[name] = new byok.ImportedKey(name, { materials: [{ file: '1.bin' }], ...args }).keyId;
      }`);
    }
    const stateOf = async (name: string) =>
      (await client.send(new DescribeKeyCommand({ KeyId: keys[name] }))).KeyMetadata?.KeyState;

    it.each([
      ['the first replica', REPLICA, REPLICA],
      ['multiRegion, later', 'multiRegion: true', REPLICA],
      ['the end of multiRegion', '', 'multiRegion: false'],
    ])('%s is refused at preview, and replaces nothing', async (_what, single, global) => {
      declare(single, global);
      const { ok, text, summary } = await engine.preview();
      expect(ok).toBe(false);
      recordCodesIn(text);
      expect(text).toContain('[MULTI_REGION_FIXED]');
      expect(summary.replace).toBeUndefined();
    });

    it('the last replica can be removed, and the primary key stays as it is', async () => {
      declare('', '');
      kms.clearCalls();
      const { ok, text, summary } = await engine.up();
      expect(ok ? '' : text).toBe('');
      expect(summary.replace).toBeUndefined();
      expect(kms.calls.map(({ operation }) => operation)).not.toContain('CreateKey');
      expect(await engine.outputs()).toMatchObject(keys);
      expect(await stateOf('global')).toBe('Enabled');
      expect(Object.keys((await engine.up()).summary)).toEqual(['same']);
    });

    it('a replica can be added again, because the key still is a multi-Region key', async () => {
      declare('', REPLICA);
      const { ok, text } = await engine.preview();
      expect(ok ? '' : text).toBe('');
    });
  },
);
