import { TYPE_TOKENS } from '../domain/type-tokens';
import type { ProviderContext } from '../provider/context';
import { createProvider } from '../provider/imported-key-material/provider';
import { materialListProvider } from '../provider/material-list/provider';
import { createRotationProvider } from '../provider/on-demand-rotation/provider';
import type { Provider } from '../provider/protocol';

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
    [TYPE_TOKENS.ImportedKeyMaterial.native]: material,
    [TYPE_TOKENS.OnDemandRotation.native]: rotation,
    [TYPE_TOKENS.MaterialList.native]: materialListProvider,
  };
}
