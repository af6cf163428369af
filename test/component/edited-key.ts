import {
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  ListKeysCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsProgram } from '../support/aws-program';
import { materialsOf } from '../../packages/embedded-kms/test/support/kms-key';

const PROGRAM_KINDS = [
  ...(['append', 'append', 'append', 'overwrite', 'overwrite', 'copy', 'repeat', 'drop'] as const),
  ...(['swap', 'validity', 'alarm', 'replica', 'source', 'key'] as const),
];
const WORLD_KINDS = ['lose', 'refresh', 'days', 'break rotation'] as const;

/** The kinds of edits, those that are more often likely more than once. */
export const KINDS = [...PROGRAM_KINDS, ...WORLD_KINDS];

const REFUSED_KINDS = new Set<string | undefined>([
  'overwrite',
  'copy',
  'repeat',
  'drop',
  'swap',
  'key',
]);

type Kind = (typeof KINDS)[number];
type WorldKind = (typeof WORLD_KINDS)[number];

interface Edit {
  readonly kind: Kind;
  readonly at: number;
}

interface Entry {
  readonly file: string;
  readonly source: 'file' | 'command';
}

interface Program {
  readonly entries: readonly Entry[];
  readonly validity: number;
  readonly alarm: boolean;
  readonly replica: boolean;
}

interface EditedKeyOptions {
  readonly project: AwsProgram;
  readonly client: KMSClient;
  /** Number of materials at the start. */
  readonly first: number;
  readonly edits: readonly Edit[];
}

/** An `ImportedKey` in a program, and its edits that are not done yet. */
export class EditedKey {
  readonly #project: AwsProgram;
  readonly #client: KMSClient;
  readonly #edits: Edit[];
  #files = 0;
  #program: Program = { entries: [], validity: 1, alarm: false, replica: false };
  // The program before the edit of this round.
  #before: Program;
  readonly #overwritten = new Map<string, Buffer>();
  #isWorldChanged = false;

  constructor(
    /** `k` and a number. */
    readonly name: string,
    { project, client, first, edits }: EditedKeyOptions,
  ) {
    this.#project = project;
    this.#client = client;
    this.#edits = [...edits];
    for (let index = 0; index < first; index += 1) this.append();
    this.#before = this.#program;
  }

  /** Whether edits are left. */
  get isEdited(): boolean {
    return this.#edits.length > 0;
  }

  /** The arguments of the key in the program. */
  get args(): object {
    const { entries, validity, alarm, replica } = this.#program;
    const validFor = [undefined, '90d', '60d'][validity];
    return {
      description: this.name,
      materials: entries.map(({ file, source }) =>
        source === 'file' ? { file } : { command: ['cat', file] },
      ),
      multiRegion: true,
      ...(validFor === undefined ? {} : { validFor }),
      ...(alarm && validFor !== undefined ? { alarm: { daysBefore: 7 } } : {}),
      ...(replica ? { replicas: [{ region: 'us-east-1' }] } : {}),
    };
  }

  /** Appends new material. */
  append(): void {
    const { entries } = this.#program;
    this.#program = { ...this.#program, entries: [...entries, this.#newEntry()] };
    this.#before = this.#program;
  }

  /** Makes the next edit, if it is one of the world, once. Returns what the stack has to do with it. */
  async changeWorld(): Promise<WorldKind | undefined> {
    const [edit] = this.#edits;
    const kind = WORLD_KINDS.find((each) => each === edit?.kind);
    if (edit === undefined || kind === undefined || this.#isWorldChanged) return undefined;
    this.#isWorldChanged = true;
    if (kind === 'lose') await this.#lose(edit.at);
    return kind;
  }

  /** 1 for an edit that is refused more often than not, and otherwise 0. */
  get riskOfRefusal(): number {
    return REFUSED_KINDS.has(this.#edits[0]?.kind) ? 1 : 0;
  }

  /** Makes the next edit, if it is one of the program. Returns its kind. */
  edit(): string {
    const [edit] = this.#edits;
    if (edit === undefined) return 'none';
    this.#program = { ...this.#program, ...this.#edited(edit) };
    return edit.kind;
  }

  /** Keeps the edit, because the update applied it. */
  accept(): void {
    this.#before = this.#program;
    this.#overwritten.clear();
    this.refuse();
  }

  /** Reverts the edit, and continues with the next. */
  refuse(): void {
    this.postpone();
    this.#edits.shift();
    this.#isWorldChanged = false;
  }

  /** Reverts the edit, and makes it again in the next round. */
  postpone(): void {
    this.#program = this.#before;
    for (const [file, bytes] of this.#overwritten) this.#project.write(file, bytes);
    this.#overwritten.clear();
  }

  #edited({ kind, at }: Edit): Partial<Program> {
    const { entries, validity, alarm, replica } = this.#program;
    const index = at % entries.length;
    const entry = entries[index]!;
    // A preview cannot compare what only an import reads.
    const isRead = entry.source === 'file';
    switch (kind) {
      case 'append':
        return { entries: [...entries, this.#newEntry()] };
      case 'overwrite':
        if (isRead) this.#overwrite(entry.file, 32);
        return {};
      case 'copy':
        return isRead ? { entries: [...entries, this.#copyOf(entry)] } : {};
      case 'repeat':
        return { entries: [...entries, entry] };
      case 'drop':
        return { entries: entries.length === 1 ? [this.#newEntry()] : entries.slice(0, -1) };
      case 'swap':
        return { entries: [...entries].reverse() };
      case 'validity':
        return { validity: (validity + 1 + (at % 2)) % 3 };
      case 'alarm':
        return { alarm: !alarm };
      case 'replica':
        return { replica: !replica };
      case 'source': {
        const source = isRead ? 'command' : 'file';
        return { entries: entries.map((each) => (each === entry ? { ...each, source } : each)) };
      }
      case 'key':
        if (isRead) this.#overwrite(entry.file, 31);
        return {};
      case 'lose':
      case 'refresh':
      case 'days':
      case 'break rotation':
        return {};
    }
  }

  #newEntry(): Entry {
    const file = this.#newFile();
    this.#project.write(file, randomBytes(32));
    return { file, source: 'file' };
  }

  #copyOf(entry: Entry): Entry {
    const file = this.#newFile();
    this.#project.write(file, this.#read(entry.file));
    return { ...entry, file };
  }

  #newFile(): string {
    this.#files += 1;
    return `${this.name}-${this.#files}.bin`;
  }

  #overwrite(file: string, size: number): void {
    this.#overwritten.set(file, this.#read(file));
    this.#project.write(file, randomBytes(size));
  }

  #read(file: string): Buffer {
    return readFileSync(join(this.#project.programFolder, file));
  }

  async #lose(at: number): Promise<void> {
    const client = this.#client;
    const { Keys = [] } = await client.send(new ListKeysCommand({}));
    for (const { KeyId } of Keys) {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
      if (KeyId === undefined || KeyMetadata?.Description !== this.name) continue;
      const materials = await materialsOf(client, KeyId);
      const lost = materials[at % Math.max(materials.length, 1)]?.KeyMaterialId;
      if (lost === undefined) continue;
      await client.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: lost }));
    }
  }
}
