import { z } from 'zod';
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

// Version 3 is what every Pulumi CLI has written since 2019.
const stackExport = z.looseObject({
  version: z.literal(3),
  deployment: z.looseObject({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(z.looseObject({ resource, type: z.string().nullish() })).nullish(),
  }),
});

/** One resource of a stack export. */
export type ExportedResource = z.infer<typeof resource>;

/** A stack export as the Pulumi CLI writes it, with all that it contains. */
export type StackExport = z.infer<typeof stackExport>;

/**
 * Reads a stack export, and checks it by the rules by which the engine takes a state
 * (`VerifyIntegrity`, pkg/resource/deploy/snapshot.go of pulumi/pulumi), as far as this package relies on them.
 *
 * @throws {@link ByokError} `STACK_EXPORT`
 */
export function parseStackExport(text: string): StackExport {
  const document = parse(text);
  assertIntegrity(resourcesOf(document));
  return document;
}

/** Writes a stack export, for `pulumi stack import`. */
export function stackExportText(document: StackExport): string {
  return `${JSON.stringify(document, undefined, 4)}\n`;
}

export function resourcesOf({ deployment }: StackExport): readonly ExportedResource[] {
  return deployment.resources ?? [];
}

/** The name of a resource in its program, which may contain `::`. */
export function nameOf(urn: string): string {
  return urn.split('::').slice(3).join('::') || urn;
}

function parse(text: string): StackExport {
  const refuse = (): never => {
    throw new ByokError(
      'STACK_EXPORT',
      'the file is not a stack export of version 3: write it with pulumi stack export, and change nothing in it',
    );
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser quotes what it read.
    refuse();
  }
  const parsed = stackExport.safeParse(json);
  return parsed.success ? parsed.data : refuse();
}

function assertIntegrity(resources: readonly ExportedResource[]): void {
  const live = new Set<string>();
  const earlier = new Set<string>();
  const providers = new Set<string>();
  for (const one of resources) {
    const { urn, parent, provider, type, id } = one;
    if (one.delete !== true) {
      refuseUnless(!live.has(urn), `it has two resources ${urn}`);
      live.add(urn);
    }
    if (type.startsWith('pulumi:providers:')) providers.add(`${urn}::${id ?? ''}`);
    refuseUnless(
      isNone(parent) || earlier.has(parent),
      `${urn} has a parent that is not before it`,
    );
    refuseUnless(
      isNone(provider) || providers.has(provider) || one.pendingReplacement === true,
      `${urn} has a provider that is not before it`,
    );
    earlier.add(urn);
  }
}

function isNone(reference: string | null | undefined): reference is '' | null | undefined {
  return reference === undefined || reference === null || reference === '';
}

function refuseUnless(holds: boolean, wrong: string): asserts holds {
  assert(
    holds,
    'STACK_EXPORT',
    `pulumi stack import would refuse this export, because ${wrong}: mend the stack with pulumi state repair, and export again`,
  );
}
