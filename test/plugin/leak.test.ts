import { DeleteImportedKeyMaterialCommand, type KMSClient } from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startKms, type EmbeddedKms } from 'embedded-kms';
import { searchMaterial } from 'pulumi-offline-engine';
import { clientOf } from '../../packages/embedded-kms/test/support/kms-key';
import '../leak/leak.test';
import { LOCAL_SUBJECTS, makeSubjects, materialFolder, type Subject } from '../leak/subjects';
import { playThrough } from '../support/adapter';
import { ResourceLife } from '../support/resource-life';
import { nativeAdapter, watchAnswers } from './native-adapter';

playThrough(nativeAdapter);

const DAY = 86_400_000;

let kms: EmbeddedKms;
let client: KMSClient;
let folder: string;
let subjects: readonly Subject[];
let answers: (Buffer | string)[];

beforeAll(async () => {
  kms = await startKms();
  client = clientOf(kms);
  folder = materialFolder();
  subjects = await makeSubjects({ client, folder, hasRemote: false });
});

beforeEach(() => {
  answers = [];
  watchAnswers((answer) => answers.push(answer));
});

afterAll(async () => {
  watchAnswers(() => undefined);
  rmSync(folder, { recursive: true });
  client.destroy();
  await kms.close();
});

/** Material as a program has it, with the values of its variables. */
function resolved(value: unknown, env: Subject['env']): unknown {
  if (Array.isArray(value)) return value.map((member) => resolved(member, env));
  if (typeof value !== 'object' || value === null) return value;
  if ('$env' in value) return env[value.$env as string];
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, resolved(member, env)]),
  );
}

const found = (secrets: readonly Buffer[]): string[] =>
  secrets.flatMap((secret) => answers.flatMap((answer) => searchMaterial(secret, answer)));

describe('when material of every source and key type lives through the native plugin', () => {
  it('the search finds what is planted in an answer', () => {
    const secret = randomBytes(32);
    answers.push(Buffer.concat([Buffer.from([10, 44]), Buffer.from(secret.toString('base64'))]));
    expect(found([secret])).toEqual(['base64']);
  });

  it.each(LOCAL_SUBJECTS)('%s is in no answer, error or message', async (name) => {
    const subject = subjects.find((one) => one.name === name)!;
    const { keyArn, keySpec, secrets, env } = subject;
    const life = new ResourceLife({ kms, env: { ...process.env, ...env } });
    const program = { keyId: keyArn, keySpec, material: resolved(subject.material, env) };
    expect(await life.up(program)).toBe('create');
    const validTo = new Date(Date.now() + 30 * DAY).toISOString();
    expect(await life.up({ ...program, validTo })).toBe('update');
    await client.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyArn }));
    await life.refresh();
    // KMS cannot be read after the import, so the state comes with an error.
    const operation = keySpec === 'SYMMETRIC_DEFAULT' ? 'ListKeyRotations' : 'DescribeKey';
    kms.inject({ operation, call: 2, times: 6, fault: { kind: 'cut' } });
    await expect(life.up(program)).rejects.toThrow();
    kms.clearFaults();
    await life.up(program);
    expect(life.outs).toMatchObject({ importState: 'IMPORTED' });
    // As `pulumi import` reads it.
    await life.provider.read(keyArn, {});
    const other = randomBytes(32);
    writeFileSync(join(folder, 'other'), other);
    const refused = life.up({ ...program, material: { file: join(folder, 'other') } });
    await expect(refused).rejects.toThrow();
    await life.destroy();
    answers.push(...life.told, JSON.stringify(life.recorded));
    expect(answers.length).toBeGreaterThan(20);
    expect(found([...secrets, other])).toEqual([]);
  });
});
