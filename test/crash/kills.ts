import type { CallEvent } from 'embedded-kms';
import type { Declared } from '../support/project-folder';
import type { Point } from './recording';
import type { Scenario } from './scenario';
import type { World } from './world';

/** A scenario that is stopped at one point, or at none. */
export class Copy {
  /** Whether its run has reached its point. Without a point: whether the run has made all its calls. */
  isThere = false;
  readonly #operations: string[] = [];
  #isHeld = false;
  #isBusy = false;
  #didMeanwhile = false;
  readonly #scenario: Scenario;
  readonly #calls: number;

  constructor(
    /** Prefix of the names of its resources. */
    readonly name: string,
    scenario: Scenario,
    readonly world: World,
    /** Undefined for a copy that is not stopped. That copy shows that the calls are the recorded ones. */
    readonly point: Point | undefined,
    record: readonly Point[],
  ) {
    this.#scenario = scenario;
    this.#calls = record.filter(({ phase }) => phase === 'before').length;
  }

  get scenario(): Scenario {
    return this.#scenario;
  }

  /** Calls of the watched run. */
  get operations(): readonly string[] {
    return this.#operations;
  }

  /** Whether the import may have taken effect without being completed. */
  get stopsBehindImport(): boolean {
    const at = this.#operations.indexOf('ImportKeyMaterial');
    return at >= 0 && this.point !== undefined && this.point.index >= at;
  }

  declared(program: (world: World) => Declared): Declared {
    const resources = program(this.world);
    const entries = Object.entries(resources).map(
      ([name, declared]) => [`${this.name}-${name}`, this.#prefixed(declared, resources)] as const,
    );
    return Object.fromEntries(entries) as Declared;
  }

  /** Completes the work of the other stack, even if the run did not get far enough to start it. */
  async endMeanwhile(): Promise<void> {
    if (this.#didMeanwhile) return;
    this.#didMeanwhile = true;
    this.#isBusy = true;
    await this.#scenario.meanwhile?.act(this.world);
    this.#isBusy = false;
  }

  /** Stops the run at its point. A call that is stopped before it has no effect. */
  async onCall({ operation, phase }: CallEvent, killed: Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    if (this.#isHeld) return stopped(phase, killed);
    if (phase === 'before') this.#operations.push(operation);
    const index = this.#operations.length - 1;
    if (phase === 'before' && index === this.#scenario.meanwhile?.afterCalls) {
      await this.endMeanwhile();
    }
    if (this.point === undefined) {
      this.isThere = phase === 'after' && index === this.#calls - 1;
      return;
    }
    if (index !== this.point.index || phase !== this.point.phase) return;
    this.#isHeld = true;
    this.isThere = true;
    return stopped(phase, killed);
  }

  #prefixed(value: unknown, resources: Declared): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((member) => this.#prefixed(member, resources));
    if ('$output' in value) {
      const [name, output] = value.$output as [string, string];
      return { $output: [`${this.name}-${name}`, output] };
    }
    if ('$resource' in value) {
      const name = value.$resource as string;
      return name in resources ? { $resource: `${this.name}-${name}` } : value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.#prefixed(member, resources)]),
    );
  }
}

async function stopped(phase: CallEvent['phase'], killed: Promise<void>): Promise<void> {
  await killed;
  if (phase === 'before') throw new Error('the client is dead');
}

/** Watches the calls of many copies, and reports when all of them have reached their points. */
export class Watch {
  readonly #copies = new Map<string, Copy>();
  #isOn = false;
  #killed: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  /** As the hook of the embedded KMS. */
  readonly onCall = (call: CallEvent): Promise<void> | undefined => {
    const copy = this.#copies.get(call.keyId ?? '');
    return this.#isOn ? copy?.onCall(call, this.#killed) : undefined;
  };

  begin(copies: readonly Copy[]): void {
    this.#copies.clear();
    for (const copy of copies) {
      for (const keyArn of copy.world.keys) this.#copies.set(keyArn.split('/')[1]!, copy);
    }
    this.#killed = new Promise((resolve) => (this.#release = resolve));
    this.#isOn = true;
  }

  /** Resolves when all copies are there, or when the time is up. */
  async allThere(milliseconds: number): Promise<void> {
    const end = Date.now() + milliseconds;
    while ([...this.#copies.values()].some(({ isThere }) => !isThere) && Date.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Lets the stopped calls continue without their client, after the kill. */
  end(): void {
    this.#isOn = false;
    this.#release();
  }
}
