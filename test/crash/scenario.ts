import type { Declared } from '../support/project-folder';
import type { World } from './world';

/** A transition from one program to another that is interrupted at every point. */
export interface Scenario {
  readonly operation: 'create' | 'update' | 'rotation' | 'delete';
  readonly title: string;
  readonly setUp: (world: World) => Promise<void>;
  /** Programs that are deployed first. */
  readonly before?: readonly ((world: World) => Declared)[];
  /** Changes that others then make. The stack is refreshed after each. */
  readonly between?: readonly ((world: World) => Promise<unknown>)[];
  /** Work of another stack while the interrupted run waits after `afterCalls` calls. */
  readonly meanwhile?: {
    readonly afterCalls: number;
    readonly act: (world: World) => Promise<unknown>;
  };
  /** The program whose run is interrupted. */
  readonly after: (world: World) => Declared;
  /** State that KMS shows in the end: the key, then its materials, oldest first. */
  readonly expected: readonly string[];
  /**
   * State that KMS may show instead if the import was interrupted after it took effect and before the key
   * was disabled again. The next run cannot know who enabled the key.
   */
  readonly leftEnabled?: readonly string[];
  /** Whether every run of the tests kills processes in it. Default: only with SLOW=1. */
  readonly isAlwaysKilled?: boolean;
  /** The interrupted run is followed by a refresh. */
  readonly refreshed?: boolean;
}
