import type { KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { connect, connectSecrets, Pacing } from '../../src/aws/index';
import type { PacingContext } from '../../src/aws/pacing';
import type { State } from '../../src/provider/imported-key-material/state';
import type { DynamicProvider } from '../../src/provider/protocol';
import { createProvider } from '../../src/provider/imported-key-material/provider';
import { realSleep } from '../../src/provider/wait';
import { PlaintextCache } from '../../src/provider/imported-key-material/read-material';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { createRunRegistry } from '../support/run-registry';
import {
  clientOf,
  createKey,
  CREDENTIALS,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';

// A minute takes three seconds, both for KMS and for its callers.
const SPEED = 20;
const STARTED = Date.now();
const milliseconds = (): number => performance.now() * SPEED;
const clock = { now: (): Date => new Date(STARTED + milliseconds()) };

let kms: EmbeddedKms;
let client: KMSClient;
let said: string[];

afterEach(async () => {
  client.destroy();
  await kms.close();
});

async function start(quotas: boolean): Promise<void> {
  said = [];
  kms = await startKms({ clock, ...(quotas ? { quotas } : {}) });
  client = clientOf(kms);
}

function startProvider(more: Partial<PacingContext> = {}): DynamicProvider<State> {
  const pacing = new Pacing({
    now: milliseconds,
    sleep: (time, signal) => realSleep(time / SPEED, signal),
    say: (line) => said.push(line),
    ...more,
  });
  const provider = createProvider({
    connect: (connection) => Promise.resolve(connect(connection, pacing)),
    connectSecrets: (connection) => Promise.resolve(connectSecrets(connection)),
    now: () => clock.now(),
    random: randomBytes,
    sleep: (time, signal) => realSleep(time / SPEED, signal),
    env: {},
    plaintexts: new PlaintextCache(),
    runRegistry: createRunRegistry(),
    tell: (line) => said.push(line),
  });
  const config: Record<string, string> = {
    'aws:region': 'eu-west-1',
    'aws:endpoints': JSON.stringify([{ kms: kms.url }]),
    'aws:accessKey': CREDENTIALS.accessKeyId,
    'aws:secretKey': CREDENTIALS.secretAccessKey,
  };
  void provider.configure({ config: { get: (key) => config[key] } });
  return provider;
}

async function createKeys(count: number): Promise<string[]> {
  const keyIds: string[] = [];
  while (keyIds.length < count) {
    keyIds.push(await createKey(client));
  }
  kms.clearCalls();
  return keyIds;
}

async function checked(provider: DynamicProvider<State>, keyId: string, more: object = {}) {
  const material = { inline: randomBytes(32).toString('base64') };
  const { inputs, failures } = await provider.check({}, { keyId, material, ...more });
  expect(failures).toEqual([]);
  return inputs;
}

const importOne = async (provider: DynamicProvider<State>, keyId: string) =>
  provider.create(await checked(provider, keyId));

const count = (operation: string, outcome?: string): number =>
  kms.calls.filter(
    (call) => call.operation === operation && (outcome === undefined || call.outcome === outcome),
  ).length;

describe('when 60 keys are imported at once under the quotas of AWS', () => {
  it.each([
    ['from the documented rate', { hasQuotas: () => true }],
    ['from the first refusal, at an endpoint on this machine', {}],
  ])('paced %s, all are imported, and no wait is reported twice', async (_how, how) => {
    await start(true);
    const keyIds = await createKeys(60);
    const provider = startProvider(how);
    const all = await Promise.all(keyIds.map((keyId) => importOne(provider, keyId)));
    for (const { outs } of all) expect(outs.importState).toBe('IMPORTED');
    expect(count('ImportKeyMaterial', 'ok')).toBe(60);
    expect(count('GetParametersForImport', 'ok')).toBe(60);
    // The wait depends on the speed of this machine, because the clock follows real time.
    const told = said.filter((line) => line.includes('GetParametersForImport'));
    expect(told.length).toBeLessThanOrEqual(1);
  });
});

describe('when KMS throttles a call', () => {
  it.each(['DescribeKey', 'ListKeyRotations', 'GetParametersForImport', 'ImportKeyMaterial'])(
    '%s is repeated until it is served',
    async (operation) => {
      await start(false);
      const [keyId = ''] = await createKeys(1);
      kms.inject({ operation, times: 12, fault: { kind: 'throttle' } });
      const { outs } = await importOne(startProvider(), keyId);
      expect(outs.importState).toBe('IMPORTED');
      expect(count(operation, 'ThrottlingException')).toBe(12);
      expect(await works(client, keyId)).toBe(true);
    },
  );

  it('DeleteImportedKeyMaterial is repeated until it is served', async () => {
    await start(false);
    const [keyId = ''] = await createKeys(1);
    const { id, outs } = await importOne(startProvider(), keyId);
    kms.inject({
      operation: 'DeleteImportedKeyMaterial',
      times: 12,
      fault: { kind: 'throttle' },
    });
    await startProvider().delete(id, { ...outs });
    expect(await works(client, keyId)).toBe(false);
  });

  it('the timeouts of a resource hold, and what waits says how long the queue is', async () => {
    await start(true);
    const keyIds = await createKeys(6);
    // Time stands still for the waiting calls, so only the first three get a turn.
    const provider = startProvider({ hasQuotas: () => true, now: () => 0, sleep: realSleep });
    const inputs = await Promise.all(
      keyIds.map((keyId) => checked(provider, keyId, { timeouts: { create: 2 } })),
    );
    const ends = await Promise.allSettled(inputs.map((each) => provider.create(each)));
    const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []));
    expect(failed).toHaveLength(3);
    for (const error of failed) {
      expect(error).toMatchObject({ code: 'TIMEOUT' });
      expect(error.message).toMatch(/with \d calls before it; KMS takes about 1 /);
    }
  });
});

describe('when only the import has to be repeated', () => {
  it.each([
    'ExpiredImportTokenException',
    'InvalidImportTokenException',
    'InvalidCiphertextException',
  ])('after %s it is repeated once, with new parameters', async (type) => {
    await start(false);
    const [keyId = ''] = await createKeys(1);
    kms.inject({ operation: 'ImportKeyMaterial', fault: { kind: 'error', type } });
    expect((await importOne(startProvider(), keyId)).outs.importState).toBe('IMPORTED');
    expect(count('GetParametersForImport')).toBe(2);
    kms.inject({ operation: 'ImportKeyMaterial', times: 9, fault: { kind: 'error', type } });
    const [other = ''] = await createKeys(1);
    await expect(importOne(startProvider(), other)).rejects.toThrowWithCode(
      'IMPORT_PARAMETERS_REFUSED',
    );
    expect(count('ImportKeyMaterial')).toBe(2);
  });

  it('a key that is not found yet takes the parameters that were fetched', async () => {
    await start(false);
    const [keyId = ''] = await createKeys(1);
    kms.inject({
      operation: 'ImportKeyMaterial',
      fault: { kind: 'error', type: 'NotFoundException' },
    });
    expect((await importOne(startProvider(), keyId)).outs.importState).toBe('IMPORTED');
    expect(count('GetParametersForImport')).toBe(1);
  });

  it('material that a lost response left behind takes the parameters that were fetched', async () => {
    await start(false);
    const [keyId = ''] = await createKeys(1);
    const provider = startProvider();
    await importOne(provider, keyId);
    const inputs = await checked(provider, keyId, { importType: 'NEW_KEY_MATERIAL' });
    kms.clearCalls();
    kms.inject({ operation: 'ImportKeyMaterial', fault: { kind: 'lose-response' } });
    expect((await provider.create(inputs)).outs.importState).toBe('IMPORTED');
    expect(count('GetParametersForImport')).toBe(1);
  });
});
