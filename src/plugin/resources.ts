import type { ProviderContext } from '../provider/context';
import { createProvider } from '../provider/imported-key-material/provider';
import { materialListProvider } from '../provider/material-list/provider';
import { createRotationProvider } from '../provider/on-demand-rotation/provider';
import type { Provider } from '../provider/protocol';

/** Name of the package, which the type of every resource begins with. */
export const PACKAGE = 'kms-byok';

/** The providers of the resources, by the names of their types. */
export type Providers = Readonly<Record<string, Omit<Provider, 'configure'>>>;

/** Returns the providers of one process, which have the same configuration. */
export function createProviders(
  context: ProviderContext,
  config: (key: string) => string | undefined,
): Providers {
  const material = createProvider(context);
  const rotation = createRotationProvider(context);
  for (const { configure } of [material, rotation]) void configure({ config: { get: config } });
  return {
    [`${PACKAGE}:index:ImportedKeyMaterial`]: material,
    [`${PACKAGE}:index:OnDemandRotation`]: rotation,
    [`${PACKAGE}:index:MaterialList`]: materialListProvider,
  };
}
