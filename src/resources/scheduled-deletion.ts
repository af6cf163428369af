import * as pulumi from '@pulumi/pulumi';
import { deletionWarning, isPendingDeletion } from '../domain/observation';

/**
 * Warns in a preview and in an update if the deletion of the key was scheduled, as of the last refresh. The resource
 * does not change then, so nothing else would say it.
 */
export function warnOfDeletion(
  resource: pulumi.Resource & {
    readonly keyArn: pulumi.Output<string | undefined>;
    readonly keyState: pulumi.Output<string | undefined>;
  },
): void {
  pulumi.all([resource.keyArn, resource.keyState]).apply(([keyArn, keyState]) => {
    if (keyArn === undefined || keyState === undefined || !isPendingDeletion(keyState)) return;
    void pulumi.log.warn(deletionWarning(keyArn, keyState), resource);
  });
}
