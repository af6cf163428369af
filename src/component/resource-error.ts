import * as pulumi from '@pulumi/pulumi';

import { ByokError } from '../errors';

/**
 * Makes a {@link ByokError} a `ResourceError` of Pulumi too: the engine shows its message with the resource, and not
 * as an unhandled exception with a stack. Returns any other error unchanged.
 */
function asResourceError(error: unknown, resource: pulumi.Resource): unknown {
  if (!(error instanceof ByokError)) return error;
  // `ResourceError.isInstance` recognises the members of an error, and not its class.
  return Object.assign(
    error,
    Object.fromEntries(Object.entries(new pulumi.ResourceError(error.message, resource, true))),
  );
}

/** Runs a rule of a resource, whose errors are then those of the resource. */
export function ofResource<T>(resource: pulumi.Resource, rule: () => T): T {
  try {
    return rule();
  } catch (error) {
    throw asResourceError(error, resource);
  }
}
