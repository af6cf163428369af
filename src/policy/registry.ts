import type { z } from 'zod';
import type { Rule } from './rule';
import { allowedCommands } from './rules/allowed-commands';
import { allowedSources } from './rules/allowed-sources';
import { deletionWindow } from './rules/deletion-window';
import { expirationAlarm } from './rules/expiration-alarm';
import { ignoreChanges } from './rules/ignore-changes';
import { materialAge } from './rules/material-age';
import { materialExpires } from './rules/material-expires';
import { maximumValidity } from './rules/maximum-validity';
import { minimumValidityLeft } from './rules/minimum-validity-left';
import { noKeyMaterialBase64 } from './rules/no-key-material-base64';
import { noWildcardImporters } from './rules/no-wildcard-importers';
import { protect } from './rules/protect';
import { renewalConfigured } from './rules/renewal-configured';
import { replicasComplete } from './rules/replicas-complete';
import { separateImportersAndUsers } from './rules/separate-importers-and-users';
import { wrappingStrength } from './rules/wrapping-strength';

const ALL = [
  // the material and where it comes from
  noKeyMaterialBase64,
  allowedSources,
  allowedCommands,
  wrappingStrength,
  // its expiry
  materialExpires,
  maximumValidity,
  minimumValidityLeft,
  renewalConfigured,
  expirationAlarm,
  materialAge,
  // the key
  ignoreChanges,
  protect,
  deletionWindow,
  replicasComplete,
  // who may do it
  noWildcardImporters,
  separateImportersAndUsers,
] as const;

/** Every rule, in the order of the documentation. */
export const RULES: readonly Rule[] = ALL;

/**
 * The name of a rule.
 *
 * @useDeclaredType
 */
export type RuleId = (typeof ALL)[number]['id'];

/** The settings of each rule, as users write them; those left out have their defaults. */
export type RuleSettings = {
  readonly [Each in (typeof ALL)[number] as Each['id']]: z.input<Each['settings']> & {
    /** Names or URNs of resources to which the rule does not apply. */
    readonly except?: readonly string[] | undefined;
  };
};
