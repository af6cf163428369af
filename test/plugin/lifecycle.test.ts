import { playThrough } from '../support/adapter';
import { nativeAdapter } from './native-adapter';
import '../provider/lifecycle.test';

playThrough(nativeAdapter);
