import type { KmsClient as KmsCalls } from '../../src/aws/index';
import type { EmbeddedKms } from 'embedded-kms';
import { PlaintextCache } from '../../src/provider/imported-key-material/read-material';
import { createRunRegistry } from './run-registry';
import type { Declared } from './project-folder';
import { ResourceLife, type RecordedLife, type Step } from './resource-life';

type Properties = Record<string, unknown>;
type Kind = 'ImportedKeyMaterial' | 'OnDemandRotation';

/** State of a stack, by the names of the resources. */
export type RecordedStack = ReadonlyMap<string, { readonly kind: Kind } & RecordedLife>;

interface StackOptions {
  readonly kms: EmbeddedKms;
  readonly now: () => Date;
  /** The variables of the programs. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called at each wait of the provider, for example to advance a clock. */
  readonly onWait?: (milliseconds: number) => void;
  /** Wraps the calls that the provider makes. */
  readonly through?: (calls: KmsCalls) => KmsCalls;
}

/**
 * Several resources of one program with the provider in this process: those that depend on no other are planned
 * first, then all are brought about in the order in which they are declared, and what is declared no more is deleted
 * behind them. A failure ends a run, as it does in the engine.
 */
export class InProcessStack {
  readonly #options: StackOptions;
  readonly #lives = new Map<string, { readonly kind: Kind; readonly life: ResourceLife }>();
  #runRegistry = createRunRegistry();
  #plaintexts = new PlaintextCache();

  /** @param recorded - the state with which it continues, as another process would */
  constructor(options: StackOptions, recorded: RecordedStack = new Map()) {
    this.#options = options;
    for (const [name, { kind, ...life }] of recorded) {
      this.#lives.set(name, { kind, life: this.#newLife(kind, life) });
    }
  }

  get recorded(): RecordedStack {
    return new Map(
      [...this.#lives].map(([name, { kind, life }]) => [name, { kind, ...life.recorded }]),
    );
  }

  /** Messages to the user so far about the existing resources. */
  get told(): string[] {
    return [...this.#lives.values()].flatMap(({ life }) => life.told);
  }

  /** Runs an update, and returns the step for each resource. */
  async up(program: Declared): Promise<Record<string, Step | 'delete'>> {
    this.#runRegistry = createRunRegistry();
    this.#plaintexts = new PlaintextCache();
    const steps: Record<string, Step | 'delete'> = {};
    const lives = Object.entries(program).flatMap(([name, declared]): Planned[] => {
      const { class: kind = 'ImportedKeyMaterial' } = declared;
      if (kind !== 'ImportedKeyMaterial' && kind !== 'OnDemandRotation') return [];
      const life = this.#lives.get(name)?.life ?? this.#newLife(kind);
      return [{ name, kind, life, declared }];
    });
    for (const { name, life, declared } of lives) {
      if (isIndependent(declared)) {
        steps[name] = await life.plan(this.#resolve(declared.args) as Properties);
      }
    }
    for (const { name, kind, life, declared } of lives) {
      const args = this.#resolve(declared.args) as Properties;
      try {
        const step = (steps[name] as Step | undefined) ?? (await life.plan(args));
        steps[name] = await life.apply(step, args);
      } finally {
        if (life.id !== undefined) this.#lives.set(name, { kind, life });
      }
    }
    for (const [name, { life }] of [...this.#lives].reverse()) {
      if (name in program) continue;
      await life.destroy();
      this.#lives.delete(name);
      steps[name] = 'delete';
    }
    return steps;
  }

  async refresh(): Promise<void> {
    for (const [name, { life }] of this.#lives) {
      await life.refresh();
      if (life.id === undefined) this.#lives.delete(name);
    }
  }

  #newLife(resource: Kind, recorded?: RecordedLife): ResourceLife {
    return new ResourceLife({
      ...this.#options,
      resource,
      recorded,
      runRegistry: () => this.#runRegistry,
      plaintexts: () => this.#plaintexts,
    });
  }

  #resolve(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((member) => this.#resolve(member));
    if ('$output' in value) {
      const [name, output] = value.$output as [string, string];
      return this.#lives.get(name)?.life.outs[output];
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.#resolve(member)]),
    );
  }
}

interface Planned {
  readonly name: string;
  readonly kind: Kind;
  readonly life: ResourceLife;
  readonly declared: Declared[string];
}

function isIndependent({ args, opts }: Declared[string]): boolean {
  return opts?.dependsOn === undefined && !JSON.stringify(args).includes('"$output"');
}
