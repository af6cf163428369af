import * as pulumi from '@pulumi/pulumi';
import { allConfig } from '@pulumi/pulumi/runtime';
import type { MaterialArgs } from '../provider/args';

/**
 * Warns if inline material is a value of the stack configuration. The engine copies the whole
 * configuration, with encrypted secrets, to the state of the provider of dynamic resources, and this package
 * cannot prevent that.
 */
export function warnOfConfiguredMaterial(
  resource: pulumi.Resource,
  material: pulumi.Output<pulumi.Unwrap<MaterialArgs>>,
): void {
  material.apply((source: unknown) => {
    // Unchecked input of the program, which an error of JavaScript would quote.
    const inline =
      typeof source === 'object' && source !== null && 'inline' in source
        ? source.inline
        : undefined;
    if (typeof inline !== 'string' || !Object.values(allConfig()).includes(inline)) return;
    void pulumi.log.warn(
      'material.inline is a value of the stack configuration, and the Pulumi engine keeps an encrypted copy of the whole configuration in the state: use material.env or material.file instead',
      resource,
    );
  });
}
