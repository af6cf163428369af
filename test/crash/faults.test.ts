import { describeFaults } from './faults-of-scenarios';
import { SCENARIOS } from './scenarios/index';

describeFaults(SCENARIOS);
