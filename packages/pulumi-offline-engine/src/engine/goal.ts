import type {
  ReadResourceRequest,
  RegisterResourceRequest,
} from '@pulumi/pulumi/proto/resource_pb';

import { fromStruct } from './sdk';
import type { ResourceState } from './state';
import { nameOf, packageOf, providerType } from './urn';
import type { ValueMap } from './values';

/** What a program wants one resource to be. */
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
  /** The option, which goes above what the provider says. */
  readonly deleteBeforeReplace?: boolean;
  /** URNs under which the resource may have been known before. */
  readonly aliases: readonly string[];
  /** The ID of something that exists: what to import, or what to read. */
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

/** The goal of a resource that a program registers. */
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

/** The goal of a resource that a program only reads. */
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

/** The goal of the provider that serves whatever names none. */
export function defaultProviderGoal(type: string, inputs: ValueMap): Goal {
  const provider = providerType(packageOf(type));
  return { ...DEFAULTS, type: provider, name: DEFAULT_PROVIDER_NAME, custom: true, inputs };
}

const DEFAULT_PROVIDER_NAME = 'default';

/** Whether a provider was made by the engine and not by the program; those are not reported. */
export function isDefaultProvider({ urn, parent }: Pick<ResourceState, 'urn' | 'parent'>): boolean {
  return parent === '' && nameOf(urn) === DEFAULT_PROVIDER_NAME;
}

/** The state of a resource before anything is known of it but what the program wants. */
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
