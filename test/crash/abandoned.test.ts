import { describeDeaths } from './deaths-of-scenarios';
import { SCENARIOS } from './scenarios/index';

describeDeaths(SCENARIOS);
