import * as pulumi from '@pulumi/pulumi';

import { assert, ByokError } from '../errors';

/**
 * Makes a {@link ByokError} a `ResourceError` of Pulumi too: the engine shows its message with the resource, and not
 * as an unhandled exception with a stack. Returns any other error unchanged.
 *
 * @param resource - undefined for an error of the whole program
 */
function asResourceError(error: unknown, resource: pulumi.Resource | undefined): unknown {
  if (!(error instanceof ByokError)) return error;
  // `ResourceError.isInstance` recognises the members of an error, and not its class.
  return Object.assign(
    error,
    Object.fromEntries(Object.entries(new pulumi.ResourceError(error.message, resource, true))),
  );
}

/** Runs a rule of a resource or of the whole program, whose errors Pulumi then shows as such. */
export function ofResource<T>(resource: pulumi.Resource | undefined, rule: () => T): T {
  try {
    return rule();
  } catch (error) {
    throw asResourceError(error, resource);
  }
}

/**
 * Checks what the type of a constructor requires, for programs in JavaScript.
 *
 * @throws {@link ByokError} `INPUT_INVALID`
 */
export function assertArguments(args: unknown, resource: string): void {
  ofResource(undefined, () => {
    assert(
      typeof args === 'object' && args !== null,
      'INPUT_INVALID',
      `the second argument of ${resource} must be an object with its inputs`,
    );
  });
}

/**
 * Refuses the option `import` of a resource.
 *
 * @throws {@link ByokError} `IMPORT_OPTION`
 */
export function refuseImport(because: string): never {
  return ofResource(undefined, () => {
    throw new ByokError(
      'IMPORT_OPTION',
      `the engine cannot import dynamic resources (the import option and pulumi import TYPE NAME ID): remove the option, because ${because}`,
    );
  });
}
