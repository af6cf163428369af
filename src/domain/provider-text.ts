/**
 * The code of the provider that the engine keeps in state. It never changes, for any resource or version, so old
 * state runs the installed code and no closure is ever serialised.
 */
export const PROVIDER = 'exports.handler=()=>require("pulumi-kms-byok/provider").provider;';

/** The same for `OnDemandRotation`: one export for each resource class. */
export const ROTATION_PROVIDER =
  'exports.handler=()=>require("pulumi-kms-byok/provider").rotationProvider;';

/** The same for the record of the materials of an `ImportedKey`. */
export const MATERIAL_LIST_PROVIDER =
  'exports.handler=()=>require("pulumi-kms-byok/provider").materialListProvider;';
