import * as pulumi from '@pulumi/pulumi';

import { MATERIAL_LIST_PROVIDER } from '../domain/provider-text';
import { MATERIAL_LIST } from '../domain/type-tokens';

/**
 * The materials of one key in state, by where they come from, so that a preview refuses to lose one. It
 * calls nothing.
 */
export class MaterialList extends pulumi.CustomResource {
  /**
   * @param isLasting - whether what it records has become part of the key for ever
   */
  constructor(
    name: string,
    entries: readonly pulumi.Input<string | null>[],
    isLasting: boolean,
    opts: pulumi.CustomResourceOptions,
  ) {
    super(MATERIAL_LIST, name, { entries, isLasting, __provider: MATERIAL_LIST_PROVIDER }, opts);
  }
}
