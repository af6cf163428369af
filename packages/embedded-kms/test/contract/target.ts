import { setTimeout as sleep } from 'node:timers/promises';
import { CreateKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import type { CreateKeyCommandInput, KeyMetadata } from '@aws-sdk/client-kms';
import { ACCOUNT, REGION, startWorld } from '../support/world';

/** The KMS that the contract suite runs against. */
export interface Target {
  readonly name: string;
  readonly client: KMSClient;
  /** In another Region. */
  readonly remote: KMSClient;
  readonly remoteRegion: string;
  /** Creates a key that is found by all calls, and is cleaned up at the end. */
  createKey(input?: CreateKeyCommandInput): Promise<KeyMetadata & { KeyId: string; Arn: string }>;
  /** Cleans up this key of the other Region too. */
  ownsRemotely(keyId: string): void;
  /** Repeats a check until it passes, for as long as AWS may take. */
  eventually<T>(check: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const REMOTE_REGION = process.env.KMS_REPLICA_REGION ?? 'us-west-2';
const PAUSE_MILLISECONDS = 2000;
const MAX_PAUSES = 90; // three minutes; a rotation takes one on AWS

/** AWS itself with KMS_TARGET=aws, by the SDK's own credentials and Region; else the embedded KMS. */
export function startTarget(): Promise<Target> {
  return process.env.KMS_TARGET === 'aws' ? Promise.resolve(aws()) : embedded();
}

function aws(): Target {
  // GetParametersForImport has a quota of one call a second, so the client is patient.
  const patience = { maxAttempts: 10, retryMode: 'adaptive' } as const;
  return target({
    name: 'AWS',
    client: new KMSClient(patience),
    remote: new KMSClient({ ...patience, region: REMOTE_REGION }),
    pause: () => sleep(PAUSE_MILLISECONDS),
    stop: () => Promise.resolve(),
  });
}

async function embedded(): Promise<Target> {
  // As inconsistent as AWS: what the suite may not rely on there, it may not rely on here.
  const world = await startWorld({ propagationSeconds: 1 });
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'x' };
  const at = (region: string) => new KMSClient({ endpoint: world.kms.url, region, credentials });
  return target({
    name: 'the embedded KMS',
    client: at(REGION),
    remote: at(REMOTE_REGION),
    pause: () => {
      world.clock.advance(PAUSE_MILLISECONDS);
      return Promise.resolve();
    },
    stop: () => world.close(),
  });
}

interface Parts extends Pick<Target, 'name' | 'client' | 'remote'> {
  readonly pause: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

function target({ name, client, remote, pause, stop }: Parts): Target {
  const owned: { readonly client: KMSClient; readonly KeyId: string }[] = [];
  return {
    name,
    client,
    remote,
    remoteRegion: REMOTE_REGION,
    async createKey(input = { Origin: 'EXTERNAL' }) {
      const { KeyMetadata: metadata } = await client.send(
        new CreateKeyCommand({ Description: 'contract suite of pulumi-kms-byok', ...input }),
      );
      const key = metadata as KeyMetadata & { KeyId: string; Arn: string };
      owned.push({ client, KeyId: key.KeyId });
      await pause();
      return key;
    },
    ownsRemotely(KeyId) {
      owned.push({ client: remote, KeyId });
    },
    async eventually(check) {
      for (let pauses = 0; pauses < MAX_PAUSES; pauses++) {
        try {
          return await check();
        } catch {
          await pause();
        }
      }
      return check();
    },
    async close() {
      for (const { client: owner, KeyId } of owned) {
        const command = new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 });
        await owner.send(command).catch((error: unknown) => {
          // A key that the suite itself has scheduled is no loss.
          if ((error as Error).name !== 'KMSInvalidStateException') throw error;
        });
      }
      client.destroy();
      remote.destroy();
      await stop();
    },
  };
}
