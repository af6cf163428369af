/** A measurement of ours and of a peer in the same run. */
export interface Result {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  /** Between which ratios to the peer it has to be. */
  readonly limit?: Limit;
  /** How it was measured. */
  readonly how: string;
}

/** A comparison that was not made. */
export interface Absent {
  readonly what: string;
  readonly peerName: string;
  /** Why the peer was not measured. */
  readonly absent: string;
}

/** One line of the table. */
export type Line = Result | Absent;

type Limit = { readonly atLeast: number } | { readonly atMost: number };

/** Whether a measurement keeps its limit; undefined when it has none. */
export function keepsLimit({ ours, peer, limit }: Result): boolean | undefined {
  if (limit === undefined) return undefined;
  return 'atLeast' in limit ? ours / peer >= limit.atLeast : ours / peer <= limit.atMost;
}

/** The middle of several measurements. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** What a part of several measurements does not exceed. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}
