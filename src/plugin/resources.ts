import { TYPE_TOKENS } from '../domain/type-tokens';
import type { StackConfig } from '../provider/connection';
import type { ProviderContext } from '../provider/context';
import { createPreview } from '../provider/imported-key-material/preview';
import { createProvider } from '../provider/imported-key-material/provider';
import { materialListProvider } from '../provider/material-list/provider';
import { rotationPreview } from '../provider/on-demand-rotation/preview';
import { createRotationProvider } from '../provider/on-demand-rotation/provider';
import type { DynamicProvider, Preview } from '../provider/protocol';

/** Serves one resource. */
export type NativeProvider = Omit<DynamicProvider, 'configure'> & Preview;

/** The providers of the resources, by their type tokens. */
export type Providers = Readonly<Record<string, NativeProvider>>;

/** Returns the providers of one process, which have the same configuration. */
export function createProviders(context: ProviderContext, config: StackConfig): Providers {
  const material = createProvider(context);
  const rotation = createRotationProvider(context);
  for (const each of [material, rotation]) void each.configure({ config: { get: config } });
  return {
    [TYPE_TOKENS.ImportedKeyMaterial.native]: {
      ...material,
      ...createPreview({ now: context.now, config }),
    },
    [TYPE_TOKENS.OnDemandRotation.native]: { ...rotation, ...rotationPreview },
    // The record is known before it is kept.
    [TYPE_TOKENS.MaterialList.native]: {
      ...materialListProvider,
      preview: (inputs) => inputs,
      inputsOf: (props) => props,
    },
  };
}
