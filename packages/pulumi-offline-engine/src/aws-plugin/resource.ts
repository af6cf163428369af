import type { ValueMap } from '../engine/values';
import type { AwsConnection } from './aws-connection';

/** What the provider's schema says of one property that a program may set. */
export interface Attribute {
  readonly required?: true;
  /** A change replaces the resource. */
  readonly forceNew?: true;
  /** AWS gives it a value where the program gives none, and then the two are not compared. */
  readonly computed?: true;
  /** What it is where neither says. */
  readonly fallback?: string | number | boolean;
  /** Whether two values that differ mean the same. */
  readonly means?: (left: string, right: string) => boolean;
}

/** What an operation on one resource is about. */
export interface Operation {
  readonly aws: AwsConnection;
  /** The Region of the resource. */
  readonly region: string;
  /** The name in the program, from which AWS's own is made where none is given. */
  readonly name: string;
  readonly inputs: ValueMap;
}

/** An operation on a resource that exists. */
export interface ExistingOperation extends Operation {
  readonly id: string;
  readonly outputs: ValueMap;
}

/** A resource as AWS has it now. */
export interface Found {
  readonly id: string;
  readonly outputs: ValueMap;
}

/** One resource type, in the four operations of the real provider. */
export interface ResourceType {
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Outputs that are not known before the resource is created. */
  readonly computed: readonly string[];
  create(operation: Operation): Promise<Found>;
  /** Undefined where the resource is gone. */
  read(operation: ExistingOperation): Promise<Found | undefined>;
  /** @param changed - the properties that differ and are not under ignoreChanges */
  update(operation: ExistingOperation, changed: ReadonlySet<string>): Promise<ValueMap>;
  delete(operation: ExistingOperation): Promise<void>;
}

/** A resource that was created, and that the provider could not complete. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete';

  constructor(
    readonly found: Found,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
