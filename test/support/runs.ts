/** How often a property is tried: SLOW=1 tries harder. */
export const RUNS = { numRuns: process.env.SLOW === undefined ? 25 : 1000 };
