import { DeleteImportedKeyMaterialCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock, startKms } from 'embedded-kms';
import { AwsProgram, REGION } from '../support/aws-program';
import { clientOf, materialsOf } from '../../packages/embedded-kms/test/support/kms-key';

/** What a run says it does with each resource, without those that stay the same, and what it refuses. */
export interface Said {
  readonly ok: boolean;
  readonly does: readonly string[];
  readonly refuses: readonly string[];
}

/** An engine that previews and updates the program. */
export interface PreviewedStack {
  preview(): Promise<Said>;
  up(): Promise<Said>;
  refresh(): Promise<unknown>;
}

/** The codes of what was refused, each once. */
export const codesIn = (text: string): string[] =>
  [...new Set(Array.from(text.matchAll(/\[([A-Z]+_[A-Z_]+)\]/g), ([, code]) => code!))].sort();

const KINDS = [
  ...(['append', 'append', 'append', 'overwrite', 'overwrite', 'copy', 'repeat', 'drop'] as const),
  ...(['swap', 'validity', 'alarm', 'replica', 'source', 'lose', 'refresh', 'days'] as const),
  ...(['break rotation', 'key'] as const),
];

/** Edits of a program and of the world around it. */
export const edits = fc.record({
  first: fc.integer({ min: 1, max: 2 }),
  edits: fc.array(fc.record({ kind: fc.constantFrom(...KINDS), at: fc.nat({ max: 5 }) }), {
    minLength: 1,
    maxLength: process.env.SLOW === undefined ? 2 : 3,
  }),
});

type Edits = typeof edits extends fc.Arbitrary<infer Value> ? Value : never;

interface Entry {
  readonly file: string;
  readonly source: 'file' | 'command';
  /** Equal where the bytes are. */
  readonly bytes: number;
}

/**
 * Runs edits of an `ImportedKey`, and compares after each what a preview says with what the following update
 * does.
 *
 * @returns one line for each difference
 */
export async function differences(
  { first, edits: list }: Edits,
  open: (project: AwsProgram) => Promise<PreviewedStack>,
): Promise<string[]> {
  const clock = new ManualClock();
  const kms = await startKms({ clock, replicationSeconds: 0, rotationSeconds: 0 });
  const client = clientOf(kms, REGION);
  const project = new AwsProgram(kms, clock);
  const stack = await open(project);
  const found: string[] = [];
  let files = 0;
  let days = 0;
  const entries: Entry[] = [];
  const options = { validity: 1, alarm: false, replica: false };
  const newFile = (): Entry => {
    files += 1;
    project.write(`${files}.bin`, randomBytes(32));
    return { file: `${files}.bin`, source: 'file', bytes: files };
  };
  const isAlone = ({ bytes }: Entry): boolean =>
    entries.filter((other) => other.bytes === bytes).length === 1;
  const write = (): void => {
    const materials = entries.map(({ file, source }) =>
      source === 'file' ? { file } : { command: ['cat', file] },
    );
    const validFor = [undefined, '90d', '60d'][options.validity];
    const args = {
      materials,
      multiRegion: true,
      ...(validFor === undefined ? {} : { validFor }),
      ...(options.alarm && validFor !== undefined ? { alarm: { daysBefore: 7 } } : {}),
      ...(options.replica ? { replicas: [{ region: 'us-east-1' }] } : {}),
    };
    project.program(`new byok.ImportedKey('root', ${JSON.stringify(args)}, { protect: false });`);
  };
  const compare = async (what: string): Promise<void> => {
    write();
    const said = await stack.preview();
    const done = await stack.up();
    const [left, right] = [said, done].map(({ ok, does, refuses }) =>
      JSON.stringify(ok ? does : refuses),
    );
    if (said.ok !== done.ok || left !== right) {
      found.push(`${what}: preview ${String(said.ok)} ${left}, up ${String(done.ok)} ${right}`);
    }
  };
  try {
    for (let index = 0; index < first; index += 1) entries.push(newFile());
    await compare('first');
    for (const { kind, at } of list) {
      const index = at % Math.max(entries.length, 1);
      const entry = entries[index];
      switch (kind) {
        case 'append':
          entries.push(newFile());
          break;
        case 'overwrite':
          // What only an import reads, a preview cannot compare.
          if (entry?.source === 'file') project.write(entry.file, randomBytes(32));
          break;
        case 'copy':
          if (entry?.source === 'file') {
            const { file } = newFile();
            project.write(file, readFileSync(join(project.programFolder, entry.file)));
            entries.push({ ...entry, file });
          }
          break;
        case 'repeat':
          if (entry !== undefined) entries.push(entry);
          break;
        case 'drop':
          entries.splice(-1);
          if (entries.length === 0) entries.push(newFile());
          break;
        case 'swap':
          entries.reverse();
          break;
        case 'validity':
          options.validity = (options.validity + 1 + (at % 2)) % 3;
          break;
        case 'alarm':
          options.alarm = !options.alarm;
          break;
        case 'replica':
          options.replica = !options.replica;
          break;
        case 'source':
          if (entry !== undefined && isAlone(entry)) {
            entries[index] = { ...entry, source: entry.source === 'file' ? 'command' : 'file' };
          }
          break;
        case 'lose': {
          const { Keys = [] } = await client.send(new ListKeysCommand({}));
          const keyId = Keys.at(-1)?.KeyId;
          if (keyId === undefined) break;
          const materials = await materialsOf(client, keyId);
          const lost = materials[at % Math.max(materials.length, 1)]?.KeyMaterialId;
          if (lost === undefined) break;
          await client.send(
            new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId: lost }),
          );
          // Without a refresh nobody knows of it.
          await stack.refresh();
          break;
        }
        case 'refresh':
          await stack.refresh();
          break;
        case 'days':
          days += 40;
          project.passDays(days);
          break;
        case 'break rotation':
          // An update that ends between an import and its rotation.
          entries.push(newFile());
          write();
          kms.inject({
            operation: 'RotateKeyOnDemand',
            fault: { kind: 'error', type: 'AccessDeniedException', message: 'denied' },
          });
          await stack.up();
          kms.clearFaults();
          break;
        case 'key':
          if (entry?.source === 'file') project.write(entry.file, randomBytes(31));
          break;
      }
      await compare(kind);
      if (found.length > 0) break;
    }
    return found;
  } finally {
    client.destroy();
    project.remove();
    await kms.close();
  }
}
