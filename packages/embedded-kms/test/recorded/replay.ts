import type { World } from '../support/world';

/** An error of AWS. Placeholders, such as `<key-arn>`, are those of the recording. */
interface Answer {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** A call that AWS answered with an error once, ready to be made again. */
export interface Attempt {
  readonly call: () => Promise<unknown>;
  /** The ARN in the message where the answer has a placeholder. */
  readonly arn?: string;
  /** The Region, likewise. */
  readonly region?: string;
}

type Prepare = (world: World) => Promise<Attempt> | Attempt;

interface Replay {
  readonly answer: Answer;
  /** Prepares the recorded call. */
  readonly prepare: Prepare;
}

/** Recorded calls, by the names of the recorded test and step. */
export type Replays = Readonly<Record<string, Replay>>;

/** A call that AWS answered with status 400, which all recorded calls have. */
export const answered = (code: string, message: string, prepare: Prepare): Replay => ({
  answer: { code, message, status: 400 },
  prepare,
});
