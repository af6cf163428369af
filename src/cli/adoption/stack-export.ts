import * as z from 'zod';
import { ByokError, assert } from '../../errors';

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().nullish(),
  parent: z.string().nullish(),
  provider: z.string().nullish(),
  delete: z.boolean().nullish(),
  external: z.boolean().nullish(),
  pendingReplacement: z.boolean().nullish(),
  protect: z.boolean().nullish(),
  inputs: z.record(z.string(), z.unknown()).nullish(),
  outputs: z.record(z.string(), z.unknown()).nullish(),
  propertyDependencies: z.record(z.string(), z.unknown()).nullish(),
});

// A Pulumi CLI writes version 4 if a stack uses features that a CLI from before may not know, such as resource
// hooks. The deployment itself has the same form (sdk/go/common/apitype/core.go of pulumi/pulumi).
const stackExport = z.looseObject({
  version: z.union([z.literal(3), z.literal(4)]),
  deployment: z.looseObject({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(z.looseObject({ resource, type: z.string().nullish() })).nullish(),
  }),
});

/** Maximum size of a stack export. That of a large stack has some tens of MB. */
export const EXPORT_LIMIT_BYTES = 512 * 1024 * 1024;

/** One resource of a stack export. */
export type ExportedResource = z.infer<typeof resource>;

/** A stack export as the Pulumi CLI writes it, with members that this package does not know. */
export type StackExport = z.infer<typeof stackExport>;

/**
 * Reads a stack export. Checks the rules of the engine for a state (`VerifyIntegrity`,
 * pkg/resource/deploy/snapshot.go of pulumi/pulumi) on which this package relies.
 *
 * @throws {@link ByokError} `STACK_EXPORT`
 */
export function parseStackExport(text: string): StackExport {
  const document = parse(text);
  assertIntegrity(resourcesOf(document));
  return document;
}

/** Returns a stack export as text, for `pulumi stack import`. */
export function stackExportText(document: StackExport): string {
  return `${JSON.stringify(document, undefined, 4)}\n`;
}

/** Returns the resources of a stack export, in its order. */
export function resourcesOf({ deployment }: StackExport): readonly ExportedResource[] {
  return deployment.resources ?? [];
}

/** Returns the name of a resource in its program. The name may contain `::`. */
export function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::') || urn;
}

function parse(text: string): StackExport {
  const refuse = (): never => {
    throw new ByokError(
      'STACK_EXPORT',
      'the file is not a stack export of version 3 or 4: write it with pulumi stack export, and change nothing in it',
    );
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The message of the parser quotes the text, which may have secrets.
    refuse();
  }
  // Not the data that zod returns, which has no members that are named __proto__.
  return stackExport.safeParse(json).success ? (json as StackExport) : refuse();
}

function assertIntegrity(resources: readonly ExportedResource[]): void {
  const live = new Set<string>();
  const earlier = new Set<string>();
  const providers = new Set<string>();
  for (const one of resources) {
    const { urn, parent, provider, type, id } = one;
    if (one.delete !== true) {
      refuseUnless(!live.has(urn), `it has two resources with the URN ${urn}`);
      live.add(urn);
    }
    if (type.startsWith('pulumi:providers:')) providers.add(`${urn}::${id ?? ''}`);
    refuseUnless(
      isNone(parent) || earlier.has(parent),
      `the parent of ${urn} does not come before it`,
    );
    refuseUnless(
      isNone(provider) || providers.has(provider) || one.pendingReplacement === true,
      `the provider of ${urn} does not come before it`,
    );
    earlier.add(urn);
  }
}

function isNone(reference: string | null | undefined): reference is '' | null | undefined {
  return reference === undefined || reference === null || reference === '';
}

function refuseUnless(condition: boolean, wrong: string): asserts condition {
  assert(
    condition,
    'STACK_EXPORT',
    `pulumi stack import would refuse this export, because ${wrong}: repair the stack with pulumi state repair, and export again`,
  );
}
