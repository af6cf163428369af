import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startKms } from 'embedded-kms';
import { CREDENTIALS, project } from './project';
import type { Result } from './result';

// The state of the offline engine contains empty and false members, which Pulumi's checkpoint leaves out
// (`omitempty` in apitype.ResourceV3).
function withoutEmpty(resource: object): object {
  const isEmpty = (value: unknown): boolean =>
    value === false || value === '' || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(resource).filter(([, value]) => !isEmpty(value)));
}

/** Measures how many bytes of state each resource adds, ours and hand-written ones. */
export async function benchCheckpoint(count: number): Promise<Result> {
  const kms = await startKms();
  const client = new KMSClient({
    endpoint: kms.url,
    region: 'eu-west-1',
    credentials: CREDENTIALS,
  });
  try {
    const bytesOf = async (program: string): Promise<number> => {
      const one = await stateBytes(program, 1);
      return ((await stateBytes(program, count + 1)) - one) / count;
    };
    const stateBytes = async (program: string, resources: number): Promise<number> => {
      const keyIds: string[] = [];
      while (keyIds.length < resources) {
        const { KeyMetadata } = await client.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
        keyIds.push(KeyMetadata?.Arn ?? '');
      }
      const { stack, stateFile, remove } = project(
        program,
        {
          keyIds: JSON.stringify(keyIds),
          endpoint: kms.url,
          'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
        },
        { BENCH_MATERIAL: randomBytes(32).toString('base64') },
      );
      const { ok, lines } = await stack.up();
      if (!ok) throw new Error(lines.join('\n'));
      const state = JSON.parse(readFileSync(stateFile, 'utf8')) as {
        resources: { type: string }[];
      };
      remove();
      // The provider's own entry contains the configuration, which names every key.
      const resourcesOnly = state.resources.filter(({ type }) => !type.startsWith('pulumi:'));
      return Buffer.byteLength(JSON.stringify(resourcesOnly.map(withoutEmpty)));
    };
    return {
      what: 'state of each resource',
      unit: 'bytes',
      ours: await bytesOf('ours'),
      peer: await bytesOf('hand-written'),
      peerName: 'pulumi.dynamic.Resource',
      limit: { atMost: 0.2 },
      how: `entries of ${count + 1} resources less that of one, compact JSON, written by the offline engine, without the empty members that Pulumi's checkpoint leaves out`,
    };
  } finally {
    client.destroy();
    await kms.close();
  }
}
