import type * as Pulumi from '@pulumi/pulumi';
import { createRequire } from 'node:module';

const load = createRequire(__filename);

// Parts of the SDK that its types leave out.
interface LocalState {
  withLocalStorage<T>(run: () => Promise<T>): Promise<T>;
}
interface Waits {
  awaitFeatureSupport(): Promise<void>;
  waitForRPCs(): Promise<void>;
}
interface ProviderServer {
  deserializeInputs(
    inputs: unknown,
    dependencies: unknown,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** The SDK of Pulumi, which takes most of the time of a start, and its functions for plugins. */
export interface WholeSdk {
  readonly pulumi: typeof Pulumi;
  readonly state: LocalState;
  readonly waits: Waits;
  readonly server: ProviderServer;
}

/** Loads the whole SDK. */
export function loadWholeSdk(): WholeSdk {
  return {
    state: load('@pulumi/pulumi/runtime/state') as LocalState,
    pulumi: load('@pulumi/pulumi') as typeof Pulumi,
    waits: load('@pulumi/pulumi/runtime') as Waits,
    server: load('@pulumi/pulumi/provider/server') as ProviderServer,
  };
}
