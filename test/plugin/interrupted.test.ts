import { describeDeaths } from '../crash/deaths-of-scenarios';
import { describeFaults } from '../crash/faults-of-scenarios';
import { SCENARIOS } from '../crash/scenarios/index';
import { playThrough } from '../support/adapter';
import { nativeAdapter } from './native-adapter';

playThrough(nativeAdapter);

const firstOfEach = SCENARIOS.filter(
  ({ operation }, index) =>
    index === SCENARIOS.findIndex((scenario) => scenario.operation === operation),
);
describeDeaths(process.env.SLOW === undefined ? firstOfEach : SCENARIOS);
describeFaults(process.env.SLOW === undefined ? firstOfEach.slice(0, 1) : SCENARIOS);
