import type { ValueMap } from '../engine/values';
import type { AwsConnection } from './aws-connection';

/** One property that a program may set, by the schema of the real provider. */
export interface Attribute {
  readonly required?: true;
  /** A change replaces the resource. */
  readonly forceNew?: true;
  /** If the program sets no value, AWS chooses one, and the two are not compared. */
  readonly computed?: true;
  /** The value when neither the program nor AWS gives one. */
  readonly fallback?: string | number | boolean;
  /** Whether two values that differ mean the same. */
  readonly means?: (left: string, right: string) => boolean;
}

/** The resource that a program asks for, and the connection to AWS. */
export interface Target {
  readonly aws: AwsConnection;
  /** The Region of the resource. */
  readonly region: string;
  /** The name in the program, from which the name in AWS is derived if the program sets none. */
  readonly name: string;
  readonly inputs: ValueMap;
}

/** A target that already exists. */
export interface ExistingTarget extends Target {
  readonly id: string;
  readonly outputs: ValueMap;
}

/** A resource as AWS has it now. */
export interface Found {
  readonly id: string;
  readonly outputs: ValueMap;
}

/** One resource type, with the four functions of the real provider. */
export interface ResourceType {
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** Outputs that are not known before the resource is created. */
  readonly computed: readonly string[];
  create(target: Target): Promise<Found>;
  /** Undefined when the resource no longer exists. */
  read(target: ExistingTarget): Promise<Found | undefined>;
  /** @param changed - the properties that differ and are not under ignoreChanges */
  update(target: ExistingTarget, changed: ReadonlySet<string>): Promise<ValueMap>;
  delete(target: ExistingTarget): Promise<void>;
}

/** A resource that was created but not completed. */
export class Incomplete extends Error {
  override readonly name = 'Incomplete';

  constructor(
    readonly found: Found,
    cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
