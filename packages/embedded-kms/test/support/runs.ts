/** How often a property is tried: SLOW=1 tries harder. Jest prints its seed, and `--seed` repeats a run. */
export const RUNS = {
  numRuns: process.env.SLOW === undefined ? 25 : 1000,
  seed: jest.getSeed(),
};
