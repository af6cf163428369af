import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObservedKey } from '../../src/domain/observation';
import type { KmsClient } from '../../src/aws/index';
import { materialListProvider } from '../../src/provider/material-list/provider';
import { createProvider } from '../../src/provider/imported-key-material/provider';
import { createRotationProvider } from '../../src/provider/on-demand-rotation/provider';
import { SCHEMA_VERSION } from '../../src/provider/protocol';
import { PlaintextCache } from '../../src/provider/imported-key-material/read-material';
import { createRunRegistry } from '../support/run-registry';

const FOLDER = join(__dirname, 'states', 'imported-key-material');
const ROTATIONS = join(__dirname, 'states', 'on-demand-rotation');
const LISTS = join(__dirname, 'states', 'material-list');

interface Recorded {
  readonly id: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

const read = (name: string, folder = FOLDER): Recorded =>
  JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded;

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
        disableKey: () => Promise.reject(new Error('no call expected')),
        getKeyUsage: () => Promise.reject(new Error('no call expected')),
        isRotating: () => Promise.reject(new Error('no call expected')),
        rotateKeyOnDemand: () => Promise.reject(new Error('no call expected')),
      }),
    connectSecrets: () => Promise.reject(new Error('no call may be made')),
    now: () => new Date(instant),
    random: randomBytes,
    sleep: () => Promise.resolve(),
    env: { ROOT_KEY: Buffer.alloc(32, 7).toString('hex') },
    plaintexts: new PlaintextCache(),
    runRegistry: createRunRegistry(),
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

describe.each(readdirSync(ROTATIONS))('when the state %s of a rotation is found', (name) => {
  const { id, inputs, outputs } = read(name, ROTATIONS);
  const { __provider: _provider, ...held } = outputs;
  const key: ObservedKey = {
    keyArn: outputs.keyArn as string,
    region: 'eu-west-1',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyState: 'Enabled',
    origin: 'EXTERNAL',
    keyManager: 'CUSTOMER',
    currentKeyMaterialId: outputs.keyMaterialId as string,
    listsMaterials: true,
    isReplica: false,
    materials: [
      { keyMaterialId: 'a'.repeat(64), keyMaterialState: 'NON_CURRENT', importState: 'IMPORTED' },
      {
        keyMaterialId: outputs.keyMaterialId as string,
        keyMaterialState: 'CURRENT',
        importState: 'IMPORTED',
        rotatedAt: '2026-11-23T05:49:29Z',
      },
    ],
  };
  const rotations = (observed?: ObservedKey) =>
    createRotationProvider({
      connect: () => {
        if (observed === undefined) return Promise.reject(new Error('no call expected'));
        return Promise.resolve({
          observeKey: () => Promise.resolve(observed),
        } as unknown as KmsClient);
      },
      sleep: () => Promise.resolve(),
      tell: () => undefined,
    });

  it('the program that wrote it sees no change, and a destroy calls nothing', async () => {
    const provider = rotations();
    const { inputs: checked, failures } = await provider.check(inputs, inputs);
    expect(failures).toEqual([]);
    expect(await provider.diff(id, outputs, checked)).toEqual({ changes: false, replaces: [] });
    await provider.delete(id, outputs);
  });

  it('a refresh changes nothing but the version', async () => {
    const { props } = await rotations(key).read(id, outputs);
    const { __provider: _text, ...read } = props as Record<string, unknown>;
    expect(read).toEqual({ ...held, schemaVersion: SCHEMA_VERSION });
  });
});

describe.each(readdirSync(LISTS))('when the list of materials of %s is found', (name) => {
  const { id, inputs, outputs } = read(name, LISTS);
  const entries = inputs.entries as readonly (string | null)[];
  const check = async (program: readonly (string | null)[]) => {
    const { inputs: checked, failures } = await materialListProvider.check(inputs, {
      ...inputs,
      entries: program,
    });
    const { changes } = await materialListProvider.diff(id, outputs, checked);
    return { changes, refused: failures.length > 0 };
  };

  it('the program that wrote it sees no change', async () => {
    expect(await check(entries)).toEqual({ changes: false, refused: false });
  });

  it('material is appended, and none is removed', async () => {
    expect(await check([...entries, null])).toEqual({ changes: true, refused: false });
    expect(await check(entries.slice(0, -1))).toMatchObject({ refused: true });
  });
});

describe('when the recorded states are counted', () => {
  it.each([
    ['ImportedKeyMaterial', FOLDER],
    ['OnDemandRotation', ROTATIONS],
    ['MaterialList', LISTS],
  ])('there is one of each version of %s', (_resource, folder) => {
    expect(readdirSync(folder)).toEqual(
      Array.from({ length: SCHEMA_VERSION }, (_, index) => `v${index + 1}.json`),
    );
  });
});
