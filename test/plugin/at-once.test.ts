import { playThrough } from '../support/adapter';
import { nativeAdapter } from './native-adapter';
import '../provider/at-once.test';

playThrough(nativeAdapter);
