import { playThrough } from '../support/adapter';
import { nativeAdapter } from './native-adapter';
import '../provider/rotation.test';

playThrough(nativeAdapter);
