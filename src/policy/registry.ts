import type { Rule } from './rule';
import type { RuleId } from './rule-settings';
import { allowedCommands } from './rules/allowed-commands';
import { allowedSources } from './rules/allowed-sources';
import { deletionGuard } from './rules/deletion-guard';
import { deletionWindow } from './rules/deletion-window';
import { expirationAlarm } from './rules/expiration-alarm';
import { ignoreChanges } from './rules/ignore-changes';
import { materialAge } from './rules/material-age';
import { materialExpires } from './rules/material-expires';
import { maximumValidity } from './rules/maximum-validity';
import { minimumValidityLeft } from './rules/minimum-validity-left';
import { noKeyMaterialBase64 } from './rules/no-key-material-base64';
import { noWildcardImporters } from './rules/no-wildcard-importers';
import { postQuantumTransport } from './rules/post-quantum-transport';
import { protect } from './rules/protect';
import { renewalConfigured } from './rules/renewal-configured';
import { replicasComplete } from './rules/replicas-complete';
import { separateImportersAndUsers } from './rules/separate-importers-and-users';
import { wrappingStrength } from './rules/wrapping-strength';

const ALL = {
  // the material and where it comes from
  'byok-no-key-material-base64': noKeyMaterialBase64,
  'byok-allowed-sources': allowedSources,
  'byok-allowed-commands': allowedCommands,
  'byok-wrapping-strength': wrappingStrength,
  'byok-post-quantum-transport': postQuantumTransport,
  // its expiry
  'byok-material-expires': materialExpires,
  'byok-maximum-validity': maximumValidity,
  'byok-minimum-validity-left': minimumValidityLeft,
  'byok-renewal-configured': renewalConfigured,
  'byok-expiration-alarm': expirationAlarm,
  'byok-material-age': materialAge,
  // the key
  'byok-ignore-changes': ignoreChanges,
  'byok-protect': protect,
  'byok-deletion-window': deletionWindow,
  'byok-deletion-guard': deletionGuard,
  'byok-replicas-complete': replicasComplete,
  // who may do it
  'byok-no-wildcard-importers': noWildcardImporters,
  'byok-separate-importers-and-users': separateImportersAndUsers,
} satisfies { readonly [Id in RuleId]: Rule & { readonly id: Id } };

/** Every rule, in the order of the documentation. */
export const RULES: readonly Rule[] = Object.values(ALL);
