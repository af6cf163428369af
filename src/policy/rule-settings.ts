import type { WrappingKeySpec } from '../domain/key-specs';
import type { SourceKind } from '../domain/source-kinds';

/** The settings that every rule has in addition to its own. */
export interface CommonSettings {
  /** Names or URNs of resources to which the rule does not apply. */
  readonly except?: readonly string[] | undefined;
}

type NoSettings = { readonly [Name in never]: Name };

/**
 * The own settings of each rule, as users write them. They are written here, and not derived from the schemas, so
 * that the declarations of this package need no other package to compile. A schema that differs does not compile.
 */
export interface OwnSettings {
  readonly 'byok-no-key-material-base64': NoSettings;
  readonly 'byok-allowed-sources': { readonly sources?: readonly SourceKind[] | undefined };
  readonly 'byok-allowed-commands': { readonly programs?: readonly string[] | undefined };
  readonly 'byok-wrapping-strength': { readonly minimumKeySpec?: WrappingKeySpec | undefined };
  readonly 'byok-post-quantum-transport': NoSettings;
  readonly 'byok-material-expires': NoSettings;
  readonly 'byok-maximum-validity': { readonly maximum?: string | undefined };
  readonly 'byok-minimum-validity-left': { readonly minimum?: string | undefined };
  readonly 'byok-renewal-configured': { readonly alarmSuffices?: boolean | undefined };
  readonly 'byok-expiration-alarm': { readonly warning?: string | undefined };
  readonly 'byok-material-age': { readonly maximum?: string | undefined };
  readonly 'byok-ignore-changes': { readonly properties?: readonly string[] | undefined };
  readonly 'byok-protect': {
    readonly keys?: boolean | undefined;
    readonly materials?: boolean | undefined;
  };
  readonly 'byok-deletion-window': { readonly minimumDays?: number | undefined };
  readonly 'byok-deletion-guard': {
    readonly words?: readonly string[] | undefined;
    readonly tags?: readonly string[] | undefined;
    readonly minimum?: string | undefined;
  };
  readonly 'byok-replicas-complete': NoSettings;
  readonly 'byok-no-wildcard-importers': {
    readonly principalConditions?: readonly string[] | undefined;
    readonly keyConditions?: readonly string[] | undefined;
    readonly administrators?: boolean | undefined;
  };
  readonly 'byok-separate-importers-and-users': {
    readonly ignoreAccountRoot?: boolean | undefined;
  };
}

/** The name of a rule, such as `byok-protect`. */
export type RuleId = keyof OwnSettings;

/** The settings of each rule, as users write them; those left out have their defaults. */
export type RuleSettings = { readonly [Id in RuleId]: OwnSettings[Id] & CommonSettings };

/** Settings without a missing one. */
export type Complete<Some> = { readonly [Name in keyof Some]-?: Exclude<Some[Name], undefined> };
