import { PROVIDER_TEXTS } from '../domain/provider-text';
import { TYPE_TOKENS, type ResourceName } from '../domain/type-tokens';
import { assertProviderFindsPackage } from './provider-copy';

// In a Node.js program, a dynamic provider serves the resources. In the process of the native plugin, which constructs
// the resources of an ImportedKey, the plugin itself does.
let isNative = false;

/** Registers all resources of this process as those of the native plugin. */
export function registerNatively(): void {
  isNative = true;
}

/** Returns the type token that resources of this process have. */
export function typeOf(name: ResourceName): string {
  return TYPE_TOKENS[name][isNative ? 'native' : 'dynamic'];
}

/** Returns the alias of a resource that was registered in the other form, so that a move between the forms keeps it. */
export function otherForm(name: ResourceName): { readonly type: string } {
  return { type: TYPE_TOKENS[name][isNative ? 'dynamic' : 'native'] };
}

/**
 * Returns the property that names the provider of a dynamic resource.
 *
 * @throws {@link ByokError} `PACKAGE_MISSING`, `PACKAGE_VERSION` if the provider process would not find this package
 */
export function providerOf(name: keyof typeof PROVIDER_TEXTS): { readonly __provider?: string } {
  if (isNative) return {};
  assertProviderFindsPackage();
  return { __provider: PROVIDER_TEXTS[name] };
}
