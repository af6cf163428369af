import { createProvider } from './imported-key-material/provider';
import { createRotationProvider } from './on-demand-rotation/provider';
import { createProcessContext } from './process-context';
import type { DynamicProvider } from './protocol';

// The host shows each line of stdout as a message of the update.
const tell = (line: string): void => {
  console.log(line);
};
const context = createProcessContext({ engine: process.argv[2], tell, warn: tell });

/**
 * The dynamic provider of `ImportedKeyMaterial`. The state of every stack names this subpath and this
 * export, so neither can ever be renamed.
 */
export const provider: DynamicProvider = createProvider(context);

/** The dynamic provider of `OnDemandRotation`, whose name cannot change either. */
export const rotationProvider: DynamicProvider = createRotationProvider(context);

/**
 * The dynamic provider of the record that an `ImportedKey` keeps of its materials, whose name cannot change
 * either.
 */
export { materialListProvider } from './material-list/provider';
