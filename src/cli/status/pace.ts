// Requests per second for each account and Region (AWS KMS Developer Guide, requests-per-second). All
// principals of the account share them, so that a quarter is left to the others.
const QUOTAS: Readonly<Record<string, number>> = {
  DescribeKey: 2000,
  ListAliases: 500,
  ListKeyRotations: 100,
  ListKeys: 500,
};
const SHARE = 0.75;

/**
 * Spaces the calls of each operation evenly, below AWS's quota. Operations without a quota here pass.
 *
 * @param now - epoch milliseconds
 */
export function paceReads(
  now: () => number,
  sleep: (milliseconds: number) => Promise<void>,
): (operation: string) => Promise<void> {
  const next = new Map<string, number>();
  return async (operation) => {
    const quota = QUOTAS[operation];
    if (quota === undefined) return;
    const instant = now();
    const turn = Math.max(instant, next.get(operation) ?? instant);
    next.set(operation, turn + 1000 / (quota * SHARE));
    if (turn > instant) await sleep(turn - instant);
  };
}
