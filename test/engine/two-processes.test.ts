import { type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { OfflineStack, type RunReport } from 'pulumi-offline-engine';
import { startKms, type CallEvent, type EmbeddedKms } from 'embedded-kms';
import { importByHand } from '../support/import-by-hand';
import {
  clientOf,
  createKey,
  CREDENTIALS,
  materialsOf,
  works,
} from '../../packages/embedded-kms/test/support/kms-key';
import { ProjectFolder, type Declared } from '../support/project-folder';
import { codesIn } from '../support/codes';

jest.setTimeout(120_000);

/** Holds the callers of one operation until a given number of them are waiting. */
class Meeting {
  #operation: string | undefined;
  #missing = 0;
  #everybody: Promise<void> = Promise.resolve();
  #met: () => void = () => undefined;

  before(operation: string): void {
    this.#operation = operation;
    this.#missing = 2;
    this.#everybody = new Promise((resolve) => (this.#met = resolve));
  }

  /** Whether all of them came, so that they were there at the same time. */
  get wasHeld(): boolean {
    return this.#operation !== undefined && this.#missing <= 0;
  }

  readonly onCall = ({ operation, phase }: CallEvent): Promise<void> | undefined => {
    if (operation !== this.#operation || phase === 'after') return undefined;
    this.#missing -= 1;
    if (this.#missing === 0) this.#met();
    return this.#everybody;
  };
}

let kms: EmbeddedKms;
let client: KMSClient;
let meeting: Meeting;
let projects: ProjectFolder[];

beforeAll(async () => {
  kms = await startKms({ rotationSeconds: 1, onCall: (call) => meeting.onCall(call) });
  client = clientOf(kms);
});

afterAll(async () => {
  client.destroy();
  await kms.close();
});

beforeEach(() => {
  meeting = new Meeting();
  projects = [new ProjectFolder(), new ProjectFolder()];
});

afterEach(() => {
  for (const project of projects) project.remove();
});

/** Updates a stack of each program, each with a program process and a provider process of its own. */
function upBoth(...programs: readonly [Declared, Declared]): Promise<RunReport[]> {
  const runs = programs.map((program, index) => {
    const project = projects[index]!;
    project.declare(program);
    const stack = new OfflineStack({
      projectDir: project.programFolder,
      stateFile: join(project.engineFolder, 'state.json'),
      config: { 'aws:endpoints': JSON.stringify([{ kms: kms.url }]) },
      env: {
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
        AWS_REGION: 'eu-west-1',
      },
    });
    return stack.up();
  });
  return Promise.all(runs);
}

/** `ok`, or the code with which a run was refused. */
function outcomeOf({ ok, diagnostics }: RunReport): string | undefined {
  return ok ? 'ok' : codesIn(diagnostics.join('\n'))[0];
}

const inline = (bytes: Buffer) => ({ inline: bytes.toString('base64') });
const random = () => inline(randomBytes(32));
const one = (keyId: string, material: object): Declared => ({
  root: { args: { keyId, material } },
});
const rotated = (keyId: string, material: object): Declared => ({
  next: { args: { keyId, material, importType: 'NEW_KEY_MATERIAL' } },
  rotation: {
    class: 'OnDemandRotation',
    args: { keyId, keyMaterialId: { $output: ['next', 'keyMaterialId'] } },
  },
});

/** A key with one material, and what is in it. */
async function keyWithMaterial(): Promise<string> {
  const keyId = await createKey(client);
  await importByHand(client, keyId, randomBytes(32));
  return keyId;
}

describe('when two processes import into one account at the same instant', () => {
  it('different keys end as each declares', async () => {
    const keys = [await createKey(client), await createKey(client)] as const;
    meeting.before('ImportKeyMaterial');
    const reports = await upBoth(one(keys[0], random()), one(keys[1], random()));
    expect(meeting.wasHeld).toBe(true);
    expect(reports.map(outcomeOf)).toEqual(['ok', 'ok']);
    for (const keyId of keys) expect(await works(client, keyId)).toBe(true);
  });

  it('the same material into one key is imported once, and neither has more to do', async () => {
    const keyId = await createKey(client);
    const program = one(keyId, random());
    meeting.before('ImportKeyMaterial');
    expect((await upBoth(program, program)).map(outcomeOf)).toEqual(['ok', 'ok']);
    expect(meeting.wasHeld).toBe(true);
    expect(await materialsOf(client, keyId)).toHaveLength(1);
    expect(await works(client, keyId)).toBe(true);
    kms.clearCalls();
    const again = await upBoth(program, program);
    expect(again.map(({ summary }) => summary)).toEqual([{ same: 1 }, { same: 1 }]);
    expect(kms.calls).toEqual([]);
  });

  it('of different materials for one key one is imported and the other refused', async () => {
    const keyId = await createKey(client);
    meeting.before('ImportKeyMaterial');
    const reports = await upBoth(one(keyId, random()), one(keyId, random()));
    expect(meeting.wasHeld).toBe(true);
    expect(reports.map(outcomeOf).sort()).toEqual(['MATERIAL_REFUSED', 'ok']);
    expect(await materialsOf(client, keyId)).toHaveLength(1);
    expect(await works(client, keyId)).toBe(true);
  });
});

describe('when two processes rotate one key at the same instant', () => {
  it.each(['ImportKeyMaterial', 'RotateKeyOnDemand'])(
    'with the same material, both before %s, it is rotated once and both are right',
    async (operation) => {
      const keyId = await keyWithMaterial();
      const program = rotated(keyId, random());
      meeting.before(operation);
      expect((await upBoth(program, program)).map(outcomeOf)).toEqual(['ok', 'ok']);
      expect(meeting.wasHeld).toBe(true);
      expect(
        (await materialsOf(client, keyId)).map(({ KeyMaterialState }) => KeyMaterialState),
      ).toEqual(['NON_CURRENT', 'CURRENT']);
      const again = await upBoth(program, program);
      expect(again.map(({ summary }) => summary)).toEqual([{ same: 2 }, { same: 2 }]);
    },
  );

  it('with different materials one is refused, and its next update rotates behind the other', async () => {
    const keyId = await keyWithMaterial();
    const programs = [rotated(keyId, random()), rotated(keyId, random())] as const;
    meeting.before('ImportKeyMaterial');
    const reports = await upBoth(...programs);
    expect(meeting.wasHeld).toBe(true);
    expect(reports.map(outcomeOf).sort()).toEqual(['MATERIAL_PENDING', 'ok']);
    expect(await materialsOf(client, keyId)).toHaveLength(2);
    expect((await upBoth(...programs)).map(outcomeOf)).toEqual(['ok', 'ok']);
    expect(
      (await materialsOf(client, keyId)).map(({ KeyMaterialState }) => KeyMaterialState),
    ).toEqual(['NON_CURRENT', 'NON_CURRENT', 'CURRENT']);
    expect(await works(client, keyId)).toBe(true);
  });
});
