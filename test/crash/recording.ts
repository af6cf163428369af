import {
  ManualClock,
  startKms,
  type CallEvent,
  type EmbeddedKms,
  type KmsSnapshot,
} from 'embedded-kms';
import { InProcessStack, type RecordedStack } from '../support/in-process-stack';
import { Death } from './death';
import type { Scenario } from './scenario';
import { World } from './world';

/** A place in a run at which it can be interrupted: before or after its call of that number. */
export interface Point {
  /** From 0. */
  readonly index: number;
  readonly operation: string;
  readonly phase: CallEvent['phase'];
}

/** A scenario that can be run again and again from where its run begins that may be interrupted. */
export interface Recording {
  readonly scenario: Scenario;
  readonly world: World;
  /** Those of an uninterrupted run. */
  readonly points: readonly Point[];
  /** Puts KMS, the clock and the state of the stack to where the run begins. */
  readonly start: () => InProcessStack;
}

/** A KMS and a clock for runs with the provider in this process. */
export class Stage {
  readonly death = new Death();
  #events: CallEvent[] = [];
  #meanwhile: Scenario['meanwhile'];
  #world: World | undefined;
  #isMeanwhile = false;

  private constructor(
    readonly kms: EmbeddedKms,
    readonly clock: ManualClock,
  ) {}

  static async open(): Promise<Stage> {
    const clock = new ManualClock();
    const opened: { stage?: Stage } = {};
    const kms = await startKms({
      clock,
      rotationSeconds: 1,
      onCall: (call) => opened.stage?.onCall(call),
    });
    return (opened.stage = new Stage(kms, clock));
  }

  /** Brings a scenario to where its run begins, and runs it once without an interruption. */
  async record(scenario: Scenario): Promise<Recording> {
    const { kms, clock } = this;
    this.#meanwhile = undefined;
    const world = new World(
      kms,
      () => clock.now(),
      (milliseconds) => {
        clock.advance(milliseconds);
      },
    );
    const stack = this.#newStack();
    await scenario.setUp(world);
    for (const program of scenario.before ?? []) await stack.up(program(world));
    for (const act of scenario.between ?? []) {
      await act(world);
      await stack.refresh();
    }
    const beginning = { snapshot: kms.snapshot(), recorded: stack.recorded, instant: clock.now() };
    const start = () => this.#start(scenario, world, beginning);
    await start().up(scenario.after(world));
    return { scenario, world, points: pointsOf(this.#events), start };
  }

  #start(scenario: Scenario, world: World, { snapshot, recorded, instant }: Beginning) {
    this.kms.restore(snapshot);
    this.clock.set(instant);
    this.#events = [];
    this.#meanwhile = scenario.meanwhile;
    this.#world = world;
    return this.#newStack(recorded);
  }

  #newStack(recorded?: RecordedStack): InProcessStack {
    return new InProcessStack(
      {
        kms: this.kms,
        now: () => this.clock.now(),
        onWait: (milliseconds) => {
          this.clock.advance(milliseconds);
        },
        through: (calls) => this.death.over(calls),
      },
      recorded,
    );
  }

  async onCall(call: CallEvent): Promise<void> {
    if (this.#isMeanwhile) return;
    const calls = this.#events.filter(({ phase }) => phase === 'before').length;
    this.death.onCall({ ...call, index: call.phase === 'before' ? calls : calls - 1 });
    if (calls >= (this.#meanwhile?.afterCalls ?? Infinity)) await this.#actMeanwhile();
    this.#events.push(call);
  }

  async #actMeanwhile(): Promise<void> {
    this.#isMeanwhile = true;
    await this.#meanwhile?.act(this.#world!);
    this.#meanwhile = undefined;
    this.#isMeanwhile = false;
  }
}

interface Beginning {
  readonly snapshot: KmsSnapshot;
  readonly recorded: RecordedStack;
  readonly instant: Date;
}

/** Numbers the calls, which come one after the other. */
function pointsOf(events: readonly CallEvent[]): Point[] {
  let index = -1;
  return events.map(({ operation, phase }) => {
    if (phase === 'before') index += 1;
    return { index, operation, phase };
  });
}
