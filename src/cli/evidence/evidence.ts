import type { SourceKind } from '../../domain/source-kinds';
import type { KeyPolicyAccess } from '../../policy/iam/key-access';
import type { PresetName } from '../../policy/presets';
import type { LastUse } from '../status/last-use';
import { counted } from '../status/counted';

// Lists are in a stable order. Instants are RFC 3339 in whole seconds UTC.

/** A fact, or why it is not there. "Not readable" is never an empty list. */
export type Fact<T> =
  | { readonly state: 'read'; readonly value: T }
  /** A call failed. */
  | { readonly state: 'unreadable'; readonly reason: string }
  /** Nobody has recorded it, or nobody asked for it. */
  | { readonly state: 'absent'; readonly reason: string };

/** The check value of an import. */
export interface CheckValueEvidence {
  readonly method: string;
  /** Hex. */
  readonly value: string;
}

/** An import of a material, as the state of a stack has it. */
export interface ImportRecord {
  readonly urn: string;
  readonly stackExport: number;
  readonly materialFingerprint: Fact<string>;
  readonly source: Fact<SourceKind>;
  readonly firstImportedAt: Fact<string>;
  readonly importedAt: Fact<string>;
  readonly wrappingAlgorithm: Fact<string>;
  readonly wrappingKeySpec: Fact<string>;
  readonly wrappingPublicKeySha256: Fact<string>;
  readonly requestId: Fact<string>;
  readonly keyExchange: Fact<string>;
  readonly checkValue: Fact<CheckValueEvidence>;
}

/** One material of a key, as KMS lists it. */
export interface MaterialEvidence {
  /** Symmetric encryption keys only. */
  readonly keyMaterialId?: string | undefined;
  readonly keyMaterialState?: string | undefined;
  readonly importState: string;
  readonly expirationModel?: string | undefined;
  readonly validTo?: string | undefined;
  readonly rotatedAt?: string | undefined;
  /** The text of the user, which CloudTrail logs too. */
  readonly description?: string | undefined;
  /** The fingerprint in the description in KMS: its first 128 bits. */
  readonly markedFingerprint?: string | undefined;
  readonly imports: Fact<readonly ImportRecord[]>;
}

/** A resource of a stack that does not follow a policy rule. */
export interface Deviation {
  readonly rule: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
  /** Whether the rule itself cannot tell. */
  readonly isRemark: boolean;
}

/** One key of origin EXTERNAL. */
export interface KeyEvidence {
  readonly keyArn: string;
  readonly keyId: string;
  readonly region: string;
  readonly aliases: Fact<readonly string[]>;
  readonly keySpec: string;
  readonly keyState: string;
  readonly isReplica: boolean;
  readonly currentKeyMaterialId?: string | undefined;
  readonly materials: readonly MaterialEvidence[];
  /** Records of imports whose material KMS no longer lists. */
  readonly otherImports: readonly ImportRecord[];
  /** On-demand rotations. */
  readonly rotations: Fact<{ readonly used: number; readonly left: number }>;
  readonly lastUse: LastUse;
  readonly access: Fact<KeyPolicyAccess>;
  readonly deviations: Fact<readonly Deviation[]>;
}

/** A stack export that was given. */
export interface StackEvidence {
  /** Hex, of the file as it was read. */
  readonly sha256: string;
  /** The stacks and projects that its URNs name, such as `project/stack`. */
  readonly stacks: readonly string[];
  readonly resources: number;
}

/** A rule that could not be judged for a resource, or for the whole stack. */
export interface Undecided {
  readonly rule: string;
  readonly urn?: string;
  readonly reason: string;
}

/** Everything that `kms-byok evidence` writes. */
export interface Evidence {
  readonly format: 'pulumi-kms-byok/evidence';
  readonly version: 1;
  /** By the clock of this machine. */
  readonly takenAt: string;
  readonly regions: readonly string[];
  readonly stackExports: readonly StackEvidence[];
  readonly preset: PresetName;
  readonly keys: readonly KeyEvidence[];
  /** Records of imports into keys that were not read, such as a key that was deleted. */
  readonly otherImports: readonly { readonly keyArn: string; readonly record: ImportRecord }[];
  /** Deviations of resources that are not a key and not its material. */
  readonly otherDeviations: readonly Deviation[];
  readonly undecided: readonly Undecided[];
  readonly unread: readonly {
    readonly region: string;
    readonly keyId: string;
    readonly error: string;
  }[];
  readonly unreadRegions: readonly {
    readonly region: string;
    readonly unavailable: boolean;
    readonly error: string;
  }[];
  readonly notes: readonly string[];
}

/**
 * Returns what keeps evidence from being complete and without a remark, counted by kind, such as `2 notes`.
 *
 * @param allRegions - whether every Region was asked for: no account has enabled all of them, so one that the
 * account cannot use is no gap. A Region that the user named is another matter
 */
export function gapsOf(found: Evidence, allRegions: boolean): string[] {
  const { keys, otherDeviations, undecided, unread, unreadRegions, notes } = found;
  const ofKeys = keys.flatMap(({ deviations }) =>
    deviations.state === 'read' ? deviations.value : [],
  );
  const missed = unreadRegions.filter(({ unavailable }) => !allRegions || !unavailable);
  const gaps: [number, string][] = [
    [ofKeys.length + otherDeviations.length, 'deviation'],
    [undecided.length, 'undecided rule'],
    [missed.length, 'unread Region'],
    [unread.length, 'unread key'],
    [keys.filter(isReadInPart).length, 'incomplete key'],
    [notes.length, 'note'],
  ];
  return gaps.filter(([count]) => count > 0).map(([count, what]) => counted(count, what));
}

function isReadInPart({ aliases, lastUse, access }: KeyEvidence): boolean {
  return aliases.state !== 'read' || lastUse.state === 'unknown' || access.state !== 'read';
}
