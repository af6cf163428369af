/** A measurement of ours and of a peer in the same run. */
export interface Result {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  /** Target for the ratio to the peer. */
  readonly limit?: Limit;
  /** Description of the measurement. */
  readonly how: string;
}

/** A comparison that was not made. */
export interface Absent {
  readonly what: string;
  readonly peerName: string;
  /** Reason why the peer was not measured. */
  readonly absent: string;
}

/** One line of the table. */
export type Line = Result | Absent;

type Limit = { readonly atLeast: number } | { readonly atMost: number };

/** Returns whether a measurement meets its target; undefined if it has none. */
export function keepsLimit({ ours, peer, limit }: Result): boolean | undefined {
  if (limit === undefined) return undefined;
  return 'atLeast' in limit ? ours / peer >= limit.atLeast : ours / peer <= limit.atMost;
}

/** Returns the median of several measurements. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** Returns the value that a fraction of several measurements does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}
