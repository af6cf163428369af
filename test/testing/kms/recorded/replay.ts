import type { World } from '../world';

/** A call that AWS answered with an error once, ready to be made again. */
export interface Attempt {
  readonly call: () => Promise<unknown>;
  /** The ARN that stands in the message where the recording has a placeholder. */
  readonly arn?: string;
  /** The Region, likewise. */
  readonly region?: string;
}

/** Prepares the recorded call, by the names of the recorded test and step. */
export type Replays = Readonly<Record<string, (world: World) => Promise<Attempt> | Attempt>>;
