/** Metadata of one resource in an event. */
export interface ResourceMetadata {
  readonly urn: string;
  readonly type: string;
  readonly op: string;
  readonly old?: ResourceSnapshot | null;
  readonly new?: ResourceSnapshot | null;
}

/** The properties of a resource. */
export interface ResourceSnapshot {
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The parts of an engine event that are read here. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: ResourceMetadata };
  readonly resOutputsEvent?: { readonly metadata: ResourceMetadata };
  readonly diagnosticEvent?: {
    /** Of the resource that it is about, if it is about one. */
    readonly urn?: string;
    readonly message: string;
    readonly severity: string;
  };
  readonly policyEvent?: {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly resourceUrn?: string;
  };
}

/** Reads the events of `--json` or `--event-log`, one for each line. Skips other lines. */
export function eventsOf(lines: string): EngineEvent[] {
  return lines
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as EngineEvent);
}

/** Returns whether a type is one of the engine's own: the stack, or a provider. */
export function isOwnType(type: string): boolean {
  return type.startsWith('pulumi:');
}
