// State contains the type token of every resource, so these never change.

/** `ImportedKeyMaterial` */
export const IMPORTED_KEY_MATERIAL = 'pulumi-nodejs:dynamic/kms-byok:ImportedKeyMaterial';

/** `OnDemandRotation` */
export const ON_DEMAND_ROTATION = 'pulumi-nodejs:dynamic/kms-byok:OnDemandRotation';

/** `MaterialList`, which the component registers for each key. */
export const MATERIAL_LIST = 'pulumi-nodejs:dynamic/kms-byok:MaterialList';

/** The component `ImportedKey` */
export const IMPORTED_KEY = 'pulumi-kms-byok:index:ImportedKey';
