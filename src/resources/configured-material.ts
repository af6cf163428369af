import * as pulumi from '@pulumi/pulumi';
import { allConfig } from '@pulumi/pulumi/runtime';
import type { MaterialArgs } from '../provider/args';

/**
 * Warns when inline material is a value of the stack configuration. The engine copies the whole
 * configuration, secrets in encrypted form, into the state of the provider of dynamic resources,
 * where nothing of this package could keep the material out.
 */
export function warnOfConfiguredMaterial(
  resource: pulumi.Resource,
  material: pulumi.Output<pulumi.Unwrap<MaterialArgs>>,
): void {
  material.apply((source: unknown) => {
    // Whatever the program gave: an error of JavaScript would quote it.
    const inline =
      typeof source === 'object' && source !== null && 'inline' in source
        ? source.inline
        : undefined;
    if (typeof inline !== 'string' || !Object.values(allConfig()).includes(inline)) return;
    void pulumi.log.warn(
      'material.inline is a value of the stack configuration, and the Pulumi engine keeps an encrypted copy of the whole configuration in the state: give the material by material.env or material.file',
      resource,
    );
  });
}
