import type { KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UNKNOWN } from '../../src/provider/protocol';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import {
  clientOf,
  createKey,
  materialsOf,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { ResourceLife } from '../support/resource-life';

let kms: EmbeddedKms;
let client: KMSClient;
let keyId: string;
let folder: string;

beforeAll(async () => {
  kms = await startKms({ rotationSeconds: 0 });
  client = clientOf(kms);
  folder = mkdtempSync(join(tmpdir(), 'byok-listed-'));
});

beforeEach(async () => {
  keyId = await createKey(client);
});

afterAll(async () => {
  client.destroy();
  rmSync(folder, { recursive: true });
  await kms.close();
});

const newLife = (): ResourceLife => new ResourceLife({ kms });
const inline = (bytes = randomBytes(32)) => ({ inline: bytes.toString('base64') });
const operations = (): string[] => kms.calls.map(({ operation }) => operation);

/** The second material of a list, whose first one is imported. */
async function second(material: object) {
  const first = newLife();
  const bytes = randomBytes(32);
  const list = { of: 'root', place: 0, earlier: {} };
  await first.up({ keyId, material: inline(bytes), list });
  const earlier = { 0: first.outs.materialFingerprint };
  const program = {
    keyId,
    material,
    importType: 'NEW_KEY_MATERIAL',
    list: { of: 'root', place: 1, earlier },
  };
  return { bytes, program };
}

describe('when the program rotates to the material that it stages', () => {
  it('other bytes are refused at preview, although state says that it is pending', async () => {
    const { program } = await second(inline());
    const life = newLife();
    await life.up(program);
    expect(life.outs.keyMaterialState).toBe('PENDING_ROTATION');
    const other = { ...program, material: inline() };
    await expect(life.preview(other)).rejects.toThrowWithCode('MATERIAL_DIFFERS');
    // ImportedKey has no input importType.
    await expect(life.preview(other)).rejects.not.toThrow('importType');
    await expect(life.preview(other)).rejects.toThrow('materials[1]');
    expect(await materialsOf(client, keyId)).toHaveLength(2);
  });

  it('what an earlier place becomes does not change a later one', async () => {
    const { program } = await second(inline());
    const life = newLife();
    await life.up(program);
    const list = { ...program.list, earlier: { 0: UNKNOWN } };
    expect(await life.preview({ ...program, list })).toBe('same');
  });
});

describe('when a list has the same bytes twice', () => {
  it('preview refuses the second by its fingerprint', async () => {
    const { bytes, program } = await second(inline());
    await expect(newLife().preview({ ...program, material: inline(bytes) })).rejects.toMatchObject({
      codes: ['MATERIAL_REPEATED'],
    });
  });

  it('preview refuses it while the key does not exist yet, and not other bytes', async () => {
    const life = newLife();
    const bytes = randomBytes(32);
    const at = (place: number, material: object) =>
      life.provider.check(
        {},
        { keyId: UNKNOWN, material, list: { of: 'root', place, earlier: {} } },
      );
    expect((await at(0, inline(bytes))).failures).toEqual([]);
    expect((await at(1, inline())).failures).toEqual([]);
    const file = join(folder, 'copy.bin');
    writeFileSync(file, bytes);
    expect((await at(2, { file })).failures[0]?.reason).toContain('[MATERIAL_REPEATED]');
    // A replacement is checked twice.
    expect((await at(0, inline(bytes))).failures).toEqual([]);
  });

  it('an update refuses what no preview reads, and imports nothing', async () => {
    const { bytes, program } = await second({});
    const file = join(folder, 'again.bin');
    writeFileSync(file, bytes);
    kms.clearCalls();
    const copied = { ...program, material: { command: ['cat', file] } };
    await expect(newLife().up(copied)).rejects.toThrowWithCode('MATERIAL_REPEATED');
    expect(operations()).not.toContain('ImportKeyMaterial');
  });
});

describe('when two resources of one process have equal bytes', () => {
  it('the import of a file leaves the inline material of the other', async () => {
    const bytes = randomBytes(32);
    const file = join(folder, 'equal.bin');
    writeFileSync(file, bytes);
    const life = newLife();
    const check = (material: object) => life.check({}, { keyId, material });
    const [fromFile, fromProgram] = [await check({ file }), await check(inline(bytes))];
    await life.provider.create(fromFile);
    await life.provider.create(fromFile);
    await life.provider.create(fromProgram);
    expect(await works(client, keyId)).toBe(true);
  });

  it('each inline resource has its own deposit', async () => {
    const material = inline();
    const life = newLife();
    const inputs = [
      await life.check({}, { keyId, material }),
      await life.check({}, { keyId, material }),
    ];
    for (const one of inputs) await life.provider.create(one);
    await expect(life.provider.create(inputs[0]!)).rejects.toThrowWithCode('MATERIAL_MISSING');
  });
});
