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

/** A point at which a run can be interrupted: before or after the call of this number. */
export interface Point {
  /** From 0. */
  readonly index: number;
  readonly operation: string;
  readonly phase: CallEvent['phase'];
}

/** A scenario that can be run repeatedly from the start of its interruptible run. */
export interface Recording {
  readonly scenario: Scenario;
  readonly world: World;
  /** Points of an uninterrupted run. */
  readonly points: readonly Point[];
  /** Resets KMS, the clock and the state of the stack to the start of the run. */
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

  /** Brings a scenario to the start of its run, and runs it once without interruption. */
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

/** Numbers the calls, which are sequential. */
function pointsOf(events: readonly CallEvent[]): Point[] {
  let index = -1;
  return events.map(({ operation, phase }) => {
    if (phase === 'before') index += 1;
    return { index, operation, phase };
  });
}
