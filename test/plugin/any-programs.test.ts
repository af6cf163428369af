import { describeAnyPrograms } from '../lifecycle/any-programs';
import { playThrough } from '../support/adapter';
import { nativeAdapter } from './native-adapter';

playThrough(nativeAdapter);

// The adapter also compares every output that a preview shows with the one that comes.
describeAnyPrograms(8);
