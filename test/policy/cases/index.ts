import { allowedCommands } from './allowed-commands';
import { allowedSources } from './allowed-sources';
import { deletionGuard } from './deletion-guard';
import { deletionWindow } from './deletion-window';
import { expirationAlarm } from './expiration-alarm';
import { ignoreChanges } from './ignore-changes';
import { materialAge } from './material-age';
import { materialExpires } from './material-expires';
import { maximumValidity } from './maximum-validity';
import { minimumValidityLeft } from './minimum-validity-left';
import { noKeyMaterialBase64 } from './no-key-material-base64';
import { noWildcardImporters } from './no-wildcard-importers';
import { postQuantumTransport } from './post-quantum-transport';
import { protect } from './protect';
import { renewalConfigured } from './renewal-configured';
import { replicasComplete } from './replicas-complete';
import type { RuleCases } from './rule-cases';
import { separateImportersAndUsers } from './separate-importers-and-users';
import { wrappingStrength } from './wrapping-strength';

/** Cases of every rule. */
export const CASES: readonly RuleCases[] = [
  allowedCommands,
  allowedSources,
  deletionGuard,
  deletionWindow,
  expirationAlarm,
  ignoreChanges,
  materialAge,
  materialExpires,
  maximumValidity,
  minimumValidityLeft,
  noKeyMaterialBase64,
  noWildcardImporters,
  postQuantumTransport,
  protect,
  renewalConfigured,
  replicasComplete,
  separateImportersAndUsers,
  wrappingStrength,
];
