import type { ResourceName } from './type-tokens';

/**
 * The code of each provider that the engine keeps in state: one export for each resource class. It never changes, for
 * any resource or version, so old state runs the installed code and no closure is ever serialised.
 */
export const PROVIDER_TEXTS = {
  ImportedKeyMaterial: 'exports.handler=()=>require("pulumi-kms-byok/provider").provider;',
  OnDemandRotation: 'exports.handler=()=>require("pulumi-kms-byok/provider").rotationProvider;',
  MaterialList: 'exports.handler=()=>require("pulumi-kms-byok/provider").materialListProvider;',
} as const satisfies Readonly<Record<Exclude<ResourceName, 'ImportedKey'>, string>>;
