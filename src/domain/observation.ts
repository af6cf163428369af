/**
 * One material of a key, from `ListKeyRotations` with ALL_KEY_MATERIAL or, if KMS lists no materials, from
 * `DescribeKey`.
 */
export interface ObservedMaterial {
  /** Symmetric encryption keys only. */
  readonly keyMaterialId?: string | undefined;
  /**
   * CURRENT, NON_CURRENT, PENDING_ROTATION, …; AWS adds values, so this stays a string. Symmetric
   * encryption keys only.
   */
  readonly keyMaterialState?: string | undefined;
  /** IMPORTED or PENDING_IMPORT. */
  readonly importState: string;
  readonly description?: string | undefined;
  readonly expirationModel?: string | undefined;
  /** RFC 3339, whole seconds, UTC. */
  readonly validTo?: string | undefined;
  /** Time of the rotation to it, RFC 3339, whole seconds, UTC; absent for the first and for staged material. */
  readonly rotatedAt?: string | undefined;
}

/** A key as `DescribeKey` and `ListKeyRotations` show it. */
export interface ObservedKey {
  readonly keyArn: string;
  readonly region: string;
  readonly keySpec: string;
  readonly keyState: string;
  readonly origin: string;
  readonly keyManager: string;
  /** Remains after the material is deleted, so it distinguishes "never imported" from "lost". */
  readonly currentKeyMaterialId?: string | undefined;
  /**
   * Whether KMS lists the materials, which it does for symmetric encryption keys. Every other key has one
   * material for life, and KMS shows only whether it is imported.
   */
  readonly listsMaterials: boolean;
  /** Whether this is the replica of a multi-Region primary key. */
  readonly isReplica: boolean;
  /** Multi-Region keys only. */
  readonly primaryArn?: string | undefined;
  /** ARNs of the replicas; multi-Region keys only. */
  readonly replicaArns?: readonly string[] | undefined;
  /**
   * Milliseconds by which the clock of KMS was ahead of the clock of this machine, negative if it was behind. Absent
   * if they agreed within the precision of the answer, or if it had no date.
   */
  readonly clockDifference?: number | undefined;
  /** Oldest first. */
  readonly materials: readonly ObservedMaterial[];
}

/** Returns whether KMS can use this material now. */
export function isImported(material: ObservedMaterial): boolean {
  return material.importState === 'IMPORTED';
}

/** Returns whether the material is staged for a rotation and not yet a permanent part of the key. */
export function isPending(material: ObservedMaterial): boolean {
  return isPendingState(material.keyMaterialState);
}

/** Returns the same for a `KeyMaterialState`. */
export function isPendingState(keyMaterialState: string | undefined): boolean {
  return keyMaterialState?.startsWith('PENDING_') ?? false;
}

/** Returns the permanent materials of a key that are deleted or expired. Each of them makes the key unusable. */
export function missingMaterials(key: ObservedKey): readonly ObservedMaterial[] {
  if (!key.listsMaterials) return [];
  return key.materials.filter((material) => !isPending(material) && !isImported(material));
}

/**
 * Returns whether a key counts as disabled. KMS does not show Disabled for a key that lacks material, so the state
 * from before it lost the material counts.
 *
 * @param wasDisabled - whether the key was disabled when it was last observed with all its material
 */
export function countsAsDisabled(
  { keyState }: ObservedKey,
  wasDisabled: boolean | undefined,
): boolean {
  return keyState === 'Disabled' || (keyState === 'PendingImport' && wasDisabled === true);
}

/** Returns whether the deletion of the key is scheduled, so that nobody can use the key. */
export function isPendingDeletion(keyState: string | undefined): boolean {
  return keyState === 'PendingDeletion' || keyState === 'PendingReplicaDeletion';
}

/** Says what a scheduled deletion means, and which command cancels it. */
export function deletionWarning(keyArn: string, keyState: string): string {
  return `${keyArn} is in state ${keyState}: its deletion is scheduled, and it cannot be used. To keep it, cancel the deletion and enable it ${commandsOfRescue(keyArn)}, and run pulumi refresh`;
}

/** Returns the commands that cancel the deletion of a key and enable it, in parentheses. */
export function commandsOfRescue(keyId: string): string {
  return `(aws kms cancel-key-deletion --key-id ${keyId}, aws kms enable-key --key-id ${keyId})`;
}
