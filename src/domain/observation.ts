/** One material of a key as `ListKeyRotations` with ALL_KEY_MATERIAL shows it. */
export interface ObservedMaterial {
  readonly keyMaterialId: string;
  /** CURRENT, NON_CURRENT, PENDING_ROTATION, …; AWS adds values, so this stays a string. */
  readonly keyMaterialState: string;
  /** IMPORTED or PENDING_IMPORT. */
  readonly importState: string;
  readonly description?: string | undefined;
  readonly expirationModel?: string | undefined;
  /** RFC 3339, whole seconds, UTC. */
  readonly validTo?: string | undefined;
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
  /** Oldest first. */
  readonly materials: readonly ObservedMaterial[];
}

/** Whether KMS can use this material now. */
export function isImported(material: ObservedMaterial): boolean {
  return material.importState === 'IMPORTED';
}

/** Whether the material is staged for a rotation and not yet permanently part of the key. */
export function isPending(material: ObservedMaterial): boolean {
  return material.keyMaterialState.startsWith('PENDING_');
}
