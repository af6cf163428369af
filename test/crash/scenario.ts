import type { Declared } from '../support/project-folder';
import type { World } from './world';

/** One way from one program to another, during which a run is interrupted at every point. */
export interface Scenario {
  readonly operation: 'create' | 'update' | 'rotation' | 'delete';
  readonly title: string;
  readonly setUp: (world: World) => Promise<void>;
  /** Programs that are brought about first. */
  readonly before?: readonly ((world: World) => Declared)[];
  /** What others do then; the stack is refreshed after each. */
  readonly between?: readonly ((world: World) => Promise<unknown>)[];
  /** What another stack does while the interrupted run waits, once that has made so many calls. */
  readonly meanwhile?: {
    readonly afterCalls: number;
    readonly act: (world: World) => Promise<unknown>;
  };
  /** The program whose run is interrupted. */
  readonly after: (world: World) => Declared;
  /** What KMS shows in the end: the key, then its materials, oldest first. */
  readonly expected: readonly string[];
  /**
   * What KMS may show as well where the import was interrupted behind its effect and before the key was
   * disabled again: the next run cannot know who enabled it.
   */
  readonly leftEnabled?: readonly string[];
  /** Processes are killed in it in each run of the tests, and not only with SLOW=1. */
  readonly isAlwaysKilled?: boolean;
  /** The interrupted run is followed by a refresh. */
  readonly refreshed?: boolean;
}
