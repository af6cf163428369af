import type {
  ReadResourceRequest,
  RegisterResourceRequest,
} from '@pulumi/pulumi/proto/resource_pb';

import { fromStruct } from './sdk';
import type { ResourceState } from './state';
import { nameOf, packageOf, providerType } from './urn';
import type { ValueMap } from './values';

/** The state of one resource that a program asks for. */
export interface Goal extends Pick<
  ResourceState,
  | 'type'
  | 'custom'
  | 'parent'
  | 'inputs'
  | 'provider'
  | 'dependencies'
  | 'protect'
  | 'retainOnDelete'
  | 'deletedWith'
  | 'ignoreChanges'
  | 'additionalSecretOutputs'
> {
  readonly name: string;
  readonly replaceOnChanges: readonly string[];
  /** The option, which takes precedence over the provider's answer. */
  readonly deleteBeforeReplace?: boolean;
  /** URNs that the resource may have had before. */
  readonly aliases: readonly string[];
  /** The ID of an existing resource to import or to read; empty for none. */
  readonly existingId: string;
}

const DEFAULTS = {
  parent: '',
  provider: '',
  dependencies: [],
  protect: false,
  retainOnDelete: false,
  deletedWith: '',
  ignoreChanges: [],
  additionalSecretOutputs: [],
  replaceOnChanges: [],
  aliases: [],
  existingId: '',
};

/** Returns the goal of a resource that a program registers. */
export function registrationGoal(request: RegisterResourceRequest): Goal {
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent(),
    inputs: fromStruct(request.getObject()),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    deletedWith: request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ...(request.getDeletebeforereplacedefined()
      ? { deleteBeforeReplace: request.getDeletebeforereplace() }
      : {}),
    aliases: request.getAliasurnsList(),
    existingId: request.getImportid(),
  };
}

/** Returns the goal of a resource that a program only reads. */
export function readGoal(request: ReadResourceRequest): Goal {
  return {
    ...DEFAULTS,
    type: request.getType(),
    name: request.getName(),
    custom: true,
    parent: request.getParent(),
    inputs: fromStruct(request.getProperties()),
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    existingId: request.getId(),
  };
}

/** Returns the goal of the default provider, for resources that name no provider. */
export function defaultProviderGoal(type: string, inputs: ValueMap): Goal {
  const provider = providerType(packageOf(type));
  return { ...DEFAULTS, type: provider, name: DEFAULT_PROVIDER_NAME, custom: true, inputs };
}

const DEFAULT_PROVIDER_NAME = 'default';

/** Whether the engine, not the program, made a provider. Reports do not list such providers. */
export function isDefaultProvider({ urn, parent }: Pick<ResourceState, 'urn' | 'parent'>): boolean {
  return parent === '' && nameOf(urn) === DEFAULT_PROVIDER_NAME;
}

/** Returns the state of a resource before any provider call: only its goal is known. */
export function initialState(goal: Goal, urn: string, inputs: ValueMap): ResourceState {
  return {
    urn,
    type: goal.type,
    custom: goal.custom,
    id: '',
    inputs,
    outputs: {},
    parent: goal.parent,
    provider: goal.provider,
    dependencies: goal.dependencies,
    protect: goal.protect,
    retainOnDelete: goal.retainOnDelete,
    deletedWith: goal.deletedWith,
    ignoreChanges: goal.ignoreChanges,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    initErrors: [],
    external: false,
    delete: false,
    pendingReplacement: false,
  };
}
