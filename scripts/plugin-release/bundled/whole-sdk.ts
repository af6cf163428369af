import * as pulumi from '@pulumi/pulumi';
import * as server from '@pulumi/pulumi/provider/server';
import * as waits from '@pulumi/pulumi/runtime';
import * as state from '@pulumi/pulumi/runtime/state';
import type { WholeSdk } from '../../../src/plugin/whole-sdk';

/** Returns the SDK, which the bundle evaluates with the first construction. */
export function loadWholeSdk(): WholeSdk {
  return { pulumi, server, state, waits } as unknown as WholeSdk;
}
