/**
 * One material of a key: as `ListKeyRotations` with ALL_KEY_MATERIAL shows it, or, where KMS lists
 * none, as `DescribeKey` does.
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
  /** When the key was rotated to it, RFC 3339, whole seconds, UTC; absent of the first and of staged material. */
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
  /** Remains after the material is deleted, so it tells "never imported" from "lost". */
  readonly currentKeyMaterialId?: string | undefined;
  /**
   * Whether KMS lists the materials: it does for symmetric encryption keys. Every other key has one
   * material for life, of which KMS says only whether it is there.
   */
  readonly listsMaterials: boolean;
  /** Whether this is the replica of a multi-Region primary key. */
  readonly isReplica: boolean;
  /** Multi-Region keys only. */
  readonly primaryArn?: string | undefined;
  /** The other Regions of a multi-Region key; absent of all other keys. */
  readonly replicaArns?: readonly string[] | undefined;
  /** Oldest first. */
  readonly materials: readonly ObservedMaterial[];
}

/** Whether KMS can use this material now. */
export function isImported(material: ObservedMaterial): boolean {
  return material.importState === 'IMPORTED';
}

/** Whether the material is staged for a rotation and not yet permanently part of the key. */
export function isPending(material: ObservedMaterial): boolean {
  return isPendingState(material.keyMaterialState);
}

/** The same of a `KeyMaterialState`. */
export function isPendingState(keyMaterialState: string | undefined): boolean {
  return keyMaterialState?.startsWith('PENDING_') ?? false;
}

/** The permanent materials of a key that are deleted or expired; each of them keeps it unusable. */
export function missingMaterials(key: ObservedKey): readonly ObservedMaterial[] {
  if (!key.listsMaterials) return [];
  return key.materials.filter((material) => !isPending(material) && !isImported(material));
}

/**
 * Whether a key counts as disabled. KMS shows no Disabled for a key that lacks material, so what was seen before it
 * lost its material holds on.
 *
 * @param wasDisabled - whether the key was disabled when it was last seen with all its material
 */
export function countsAsDisabled(
  { keyState }: ObservedKey,
  wasDisabled: boolean | undefined,
): boolean {
  return keyState === 'Disabled' || (keyState === 'PendingImport' && wasDisabled === true);
}
