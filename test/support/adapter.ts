import type { ProviderContext } from '../../src/provider/context';
import type { StackConfig } from '../../src/provider/connection';
import { createProvider } from '../../src/provider/imported-key-material/provider';
import { createRotationProvider } from '../../src/provider/on-demand-rotation/provider';
import type { DynamicProvider } from '../../src/provider/protocol';

/** A resource whose life tests play. */
export type Resource = 'ImportedKeyMaterial' | 'OnDemandRotation';

/** Returns the provider of a resource, as one of the two forms of the package calls it. */
export type Adapter = (
  resource: Resource,
  context: ProviderContext,
  config: StackConfig,
) => DynamicProvider;

/** As the host of dynamic providers calls it. */
export const dynamicAdapter: Adapter = (resource, context, config) => {
  const provider =
    resource === 'OnDemandRotation' ? createRotationProvider(context) : createProvider(context);
  void provider.configure({ config: { get: config } });
  return provider;
};

let adapter = dynamicAdapter;

/** Plays the lives of the tests of this file through another adapter. */
export function playThrough(other: Adapter): void {
  adapter = other;
}

/** The adapter of this file. */
export const currentAdapter: Adapter = (...options) => adapter(...options);
