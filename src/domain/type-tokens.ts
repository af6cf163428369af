// Pulumi keeps the type token of a resource in the state of every stack, so none of these ever changes.

/** `ImportedKeyMaterial` */
export const IMPORTED_KEY_MATERIAL = 'pulumi-nodejs:dynamic/kms-byok:ImportedKeyMaterial';

/** `OnDemandRotation` */
export const ON_DEMAND_ROTATION = 'pulumi-nodejs:dynamic/kms-byok:OnDemandRotation';

/** `MaterialList`, which the component registers for each key. */
export const MATERIAL_LIST = 'pulumi-nodejs:dynamic/kms-byok:MaterialList';

/** The component `ImportedKey` */
export const IMPORTED_KEY = 'pulumi-kms-byok:index:ImportedKey';
