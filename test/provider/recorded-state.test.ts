import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObservedKey } from '../../src/domain/observation';
import { createProvider } from '../../src/provider/provider';
import { SCHEMA_VERSION } from '../../src/provider/outputs';
import { Vault } from '../../src/provider/vault';

const FOLDER = join(__dirname, 'states');

interface Recorded {
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

const read = (name: string): Recorded =>
  JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Recorded;

function providerAt(instant: string, key: ObservedKey | undefined, deleted: string[] = []) {
  return createProvider({
    connect: () =>
      Promise.resolve({
        observeKey: () =>
          key === undefined ? Promise.reject(new Error('no call expected')) : Promise.resolve(key),
        getImportParameters: () => Promise.reject(new Error('no call expected')),
        importKeyMaterial: () => Promise.reject(new Error('no call expected')),
        deleteKeyMaterial: (_keyId, keyMaterialId) => {
          deleted.push(keyMaterialId ?? '');
          return Promise.resolve();
        },
      }),
    connectSecrets: () => Promise.reject(new Error('no call may be made')),
    now: () => new Date(instant),
    random: randomBytes,
    sleep: () => Promise.resolve(),
    env: { ROOT_KEY: Buffer.alloc(32, 7).toString('hex') },
    vault: new Vault(),
    tell: () => undefined,
  });
}

describe.each(readdirSync(FOLDER))('when state of %s is found', (name) => {
  const { id, inputs, outputs } = read(name);
  const { materialSource: _source, materialFingerprint: _fingerprint, ...rest } = inputs;
  const program = { ...rest, material: { env: 'ROOT_KEY', encoding: 'hex' } };
  const key: ObservedKey = {
    keyArn: outputs.keyArn as string,
    region: 'eu-west-1',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyState: 'Enabled',
    origin: 'EXTERNAL',
    keyManager: 'CUSTOMER',
    listsMaterials: true,
    isReplica: false,
    materials: [
      {
        keyMaterialId: outputs.keyMaterialId as string,
        keyMaterialState: 'CURRENT',
        importState: 'IMPORTED',
        description: 'byok:v1:0ad4f818fb78399f6394360b2b393d60 from vault 7',
        expirationModel: 'KEY_MATERIAL_EXPIRES',
        validTo: '2027-02-21T05:49:29Z',
      },
    ],
  };

  it('the program that wrote it sees no change', async () => {
    const provider = providerAt('2026-12-01T00:00:00Z', undefined);
    const { inputs: checked, failures } = await provider.check(inputs, program);
    expect(failures).toEqual([]);
    expect(await provider.diff(id, outputs, checked)).toEqual({ changes: false, replaces: [] });
  });

  it('a renewal is due in time', async () => {
    const provider = providerAt('2027-01-25T00:00:00Z', undefined);
    const { inputs: checked } = await provider.check(inputs, program);
    expect(await provider.diff(id, outputs, checked)).toMatchObject({ changes: true });
  });

  it('a refresh changes nothing but the version', async () => {
    const { props } = await providerAt('2026-12-01T00:00:00Z', key).read(id, outputs);
    expect({ __provider: outputs.__provider, ...props }).toEqual({
      ...outputs,
      schemaVersion: SCHEMA_VERSION,
    });
  });

  it('a destroy deletes that material', async () => {
    const deleted: string[] = [];
    await providerAt('2026-12-01T00:00:00Z', key, deleted).delete(id, outputs);
    expect(deleted).toEqual([outputs.keyMaterialId]);
  });
});

describe('when the recorded states are counted', () => {
  it('there is one of each version', () => {
    expect(readdirSync(FOLDER)).toEqual(
      Array.from({ length: SCHEMA_VERSION }, (_, index) => `v${index + 1}.json`),
    );
  });
});
