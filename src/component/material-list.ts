import * as pulumi from '@pulumi/pulumi';

import { omitUndefined } from '../domain/omit-undefined';
import { otherForm, providerOf, typeOf } from '../resources/form';
import type { CheckedArgs } from './checked-args';

/**
 * Records the sources of the materials of one key in state, so that a preview can refuse to lose one. It makes
 * no calls.
 */
export class MaterialList extends pulumi.CustomResource {
  /**
   * @param isLasting - whether the materials are now permanent parts of the key
   * @param key - the other arguments of the key, which are checked and not recorded
   * @throws {@link ByokError} `PACKAGE_MISSING`, `PACKAGE_VERSION`
   */
  constructor(
    name: string,
    entries: readonly pulumi.Input<string | null>[],
    isLasting: boolean,
    opts: pulumi.CustomResourceOptions,
    key?: CheckedArgs,
  ) {
    super(
      typeOf('MaterialList'),
      name,
      { entries, isLasting, ...omitUndefined({ key }), ...providerOf('MaterialList') },
      pulumi.mergeOptions(opts, { aliases: [otherForm('MaterialList')] }),
    );
  }
}
